"""Hundreds of episodes take no more memory than a few, and the last goes as the first."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from scenegen.drive.physics import Physics
from tests.conftest import ROOT

PROGRAM = """
import json, sys
from bench.endurance import endure
told = endure("wet_cut_in", sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
print(json.dumps([told.memory_mib, told.same]))
"""
SETTLED = 0.25
MOST_MIB = 4.0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("physics", "resets", "steps"), [("kinematic", 200, 10_000), ("rigid", 60, 600)]
)
def test_memory_stays_flat(physics: Physics, resets: int, steps: int) -> None:
    command = [sys.executable, "-c", PROGRAM, physics, str(resets), str(steps)]
    paths = f"{ROOT}:{ROOT / 'tools'}"
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, env={"PYTHONPATH": paths}
    )
    memory, same = json.loads(done.stdout.splitlines()[-1])
    assert same
    settled = memory[int(SETTLED * len(memory)) :]
    assert max(settled) - min(settled) < MOST_MIB
