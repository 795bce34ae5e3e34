"""Found failures as scenarios, and all of them as a suite for the nightly run."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

from scenegen.dataset.storage import storage_errors, write_atomic
from scenegen.pipeline.searching.modes import Mode
from scenegen.pipeline.searching.system import Driven
from scenegen.scenario import exactly

FAILURES, SUITE = "failures", "suite.yaml"


def write_failures(folder: Path, system: Driven, modes: Sequence[Mode]) -> None:
    """Write ``failures/NAME.yaml`` for each mode, and ``failures/suite.yaml`` for all.

    Raises
    ------
    StorageError
        They can't be written.
    """
    if not modes:
        return
    own = folder / FAILURES
    with storage_errors(own):
        own.mkdir(exist_ok=True)
    for mode in modes:
        _write(own / f"{mode.name}.yaml", _head(system, mode), _scenario(own, system, mode))
    suite: dict[str, object] = {
        "plan": f"{system.nominal.logical.name}_failures",
        "generate": [{"scenario": f"./{mode.name}.yaml", "num_scenes": 1} for mode in modes],
    }
    about = f"Failures of {system.config.agent}: drive suite={own / SUITE}\nagent=… max_failures=0"
    _write(own / SUITE, about, suite)


def scenario_name(system: Driven, mode: Mode) -> str:
    """Return what a failure's scenario is called."""
    return f"{system.nominal.logical.name}_{mode.name}"


def command(folder: Path, system: Driven, mode: Mode) -> str:
    """Return the command that drives a failure again."""
    config = system.config
    words = [
        f"scenegen drive scenario={folder / FAILURES / mode.name}.yaml",
        f"agent={_quoted(config.agent)}",
        f"criteria={config.criteria}",
        "num_scenes=1",
    ]
    if config.decision_hz is not None:
        words.append(f"decision_hz={config.decision_hz}")
    if not config.stop_at_collision:
        words.append("stop_at_collision=false")
    return " ".join([*words, f"out=outputs/{mode.name}"])


def _quoted(text: str) -> str:
    return f"'{text}'" if " " in text else text


def _head(system: Driven, mode: Mode) -> str:
    outcome = mode.line.outcome
    what = f"{outcome.broke}, {outcome.struck}" if outcome.struck else outcome.broke
    off = [f"{name} {system.written(mode.line, name)}" for name in mode.off]
    return "\n".join(
        [
            f"{what}: robustness {outcome.robustness:.3g}, {mode.norm:.2f} standard deviations "
            "from nominal.",
            f"Off the median: {', '.join(off) or 'nothing'}.",
            command(system_folder(system), system, mode),
        ]
    )


def system_folder(system: Driven) -> Path:
    """Return the folder of a search."""
    return Path(system.config.out)


def _scenario(own: Path, system: Driven, mode: Mode) -> dict[str, object]:
    base, *mixins = _parts(system.config.scenario, own)
    logical = system.nominal.logical
    return {
        "scenario": scenario_name(system, mode),
        "description": f"{logical.description} A failure that a search has found.",
        "extends": base,
        **({"with": mixins} if mixins else {}),
        **({"disturbances": disturbed} if (disturbed := _disturbed(system)) else {}),
        "held": {
            "streams": system.streams(mode.line.scene),
            "values": {
                name: exactly(logical.parameters[name], value)
                for name, value in mode.line.values.items()
            },
            **({"disturbances": steps} if (steps := _steps(mode)) else {}),
        },
    }


def _disturbed(system: Driven) -> dict[str, object]:
    """Return what the disturbances are that were searched, whether the scenario has them or not."""
    return {name: one.written() for name, one in system.stress.of.items()}


def _steps(mode: Mode) -> dict[str, object]:
    return {name: list(values) for name, values in mode.line.disturbances.items()}


def _parts(reference: str, own: Path) -> list[str]:
    """Return a scenario and its mix-ins, paths relative to the folder of failures."""
    parts = [reference] if Path(reference).is_file() else reference.split("+")
    found = []
    for part in (one.strip() for one in parts):
        is_path = "/" in part or part.endswith((".yaml", ".yml"))
        found.append(os.path.relpath(part, own) if is_path else part)
    return found


def _write(path: Path, about: str, content: dict[str, object]) -> None:
    """Write a mapping as YAML in blocks; texts as JSON has them, which YAML reads alike."""
    text = "".join(f"# {line}\n" for line in about.splitlines()) + _block(content, "")
    with storage_errors(path):
        write_atomic(path, text.encode())


def _block(content: dict[str, object], indent: str) -> str:
    rows = []
    for key, value in content.items():
        if isinstance(value, dict):
            rows.append(f"{indent}{key}:\n{_block(value, indent + '  ')}")
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            entries = "".join(f"{indent}  - {_inline(one)}\n" for one in value)
            rows.append(f"{indent}{key}:\n{entries}")
        else:
            rows.append(f"{indent}{key}: {json.dumps(value, ensure_ascii=False)}\n")
    return "".join(rows)


def _inline(content: dict[str, object]) -> str:
    told = (f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in content.items())
    return "{" + ", ".join(told) + "}"
