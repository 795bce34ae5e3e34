"""The environment of others' checkers, which `tools/setup --conformance` makes."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def checkers() -> Path:
    """Return the folder of the environment's programs, made if it isn't there."""
    subprocess.run([ROOT / "tools" / "setup", "--conformance"], check=True)
    return ROOT / ".venv-conformance" / "bin"
