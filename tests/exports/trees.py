"""An export in a folder of its own, what is in it, and others' programs that look at it."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scenegen.exports import ExportFolder, Source
from tests.exports.documented import example


def written(write: Callable[[Source, ExportFolder], None], source: Source, out: Path) -> Path:
    """Return the folder that a layout was written to."""
    with ExportFolder(out) as folder:
        write(source, folder)
    return out


def digests(path: Path) -> dict[str, str]:
    """Return the hash of each file below a folder."""
    files = sorted(file for file in path.rglob("*") if file.is_file())
    return {
        file.relative_to(path).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
    }


def answer(checkers: Path, program: str, *arguments: str | Path) -> Any:
    """Return what a program beside the tests prints last, as JSON, in the checkers' environment."""
    command = [checkers / "python", Path(__file__).with_name(program), *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def run_example(checkers: Path, heading: str, shown: str, path: Path) -> str:
    """Run the example of a section of docs/exports.md on an export; return what it prints."""
    code = example(heading).replace(shown, str(path))
    done = subprocess.run(
        [checkers / "python", "-"], input=code, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout
