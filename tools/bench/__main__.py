"""Run benchmarks, each in a process of its own, and print their table."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.figures import Figure

NAMES = (
    "rendering",
    "stages",
    "layers",
    "workers",
    "agreement",
    "simulation",
    "driving",
    "search",
    "memory",
    "evaluation",
    "lidar",
    "maps",
    "sampling",
    "dataset_scale",
    "nightly",
    "nightly_workers",
    "refining",
)


def main() -> int:
    """Run what was asked for; 1 if a bar is missed."""
    parser = argparse.ArgumentParser(prog="tools/benchmark", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(NAMES)
    if unknown:
        parser.error(f"unknown benchmark {sorted(unknown)[0]!r}; known: {', '.join(NAMES)}")
    if arguments.inside:
        figures = importlib.import_module(f"bench.{arguments.names[0]}").run()
        arguments.json.write_text(json.dumps([figure.as_json() for figure in figures]))
        return 0
    rows = [row for name in arguments.names or NAMES for row in _in_fresh_process(name)]
    _print(rows)
    if arguments.json:
        head = {"python": platform.python_version(), "cores": os.cpu_count()}
        arguments.json.write_text(json.dumps({**head, "figures": rows}, indent=2) + "\n")
    return int(any(row["met"] is False for row in rows))


def _in_fresh_process(name: str) -> list[dict[str, object]]:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "figures.json"
        command = [sys.executable, "-m", "bench", name, "--inside", "--json", str(out)]
        subprocess.run(command, check=True)
        rows: list[dict[str, object]] = json.loads(out.read_text())
        return rows


def _print(rows: list[dict[str, object]]) -> None:
    table = Table(box=None, pad_edge=False)
    for heading in ("benchmark", "figure", "value", "bar", ""):
        table.add_column(heading, justify="right" if heading in {"value", "bar"} else "left")
    for row in rows:
        figure = Figure(**{key: value for key, value in row.items() if key != "met"})  # type: ignore[arg-type]
        bar = "" if figure.bar is None else f"{figure.sense} {figure.bar:g}"
        met = {None: "", True: "met", False: "MISSED"}[figure.met]
        value = f"{figure.value:,.4g} {figure.unit}"
        table.add_row(figure.benchmark, figure.name, value, bar, met)
    Console(width=120).print(table)


if __name__ == "__main__":
    sys.exit(main())
