"""Lines that run in the environment of others' readers."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.exports.documented import example


def run_outside(checkers: Path, code: str, *arguments: str | Path) -> str:
    """Return what some lines print there; what they are given is in ``sys.argv``."""
    command = [checkers / "python", "-W", "ignore", "-c", code, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def example_for(heading: str, path: Path) -> str:
    """Return a section's example, of an export that lies elsewhere."""
    return example(heading).replace(f"outputs/{heading.lower()}", str(path))
