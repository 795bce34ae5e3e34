"""Nights as jobs of Hydra's launcher for Slurm, by its executor for one machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scenegen.pipeline.nightly.version import Shelf
from tests.conftest import ROOT

VERB = [sys.executable, "-m", "scenegen", "nightly", "-m", "hydra/launcher=submitit_local"]


def submitted(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Sweep over jobs that run in processes of the launcher's."""
    keys = ["out='outs/${plan}'", "min_free_gb=0", "hydra.launcher.timeout_min=5", *words]
    return subprocess.run(
        [*VERB, *keys],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=500,
    )


@pytest.mark.slow
class TestLauncher:
    def test_two_jobs_give_what_local_nights_give(self, night) -> None:
        other = night.plan.with_name("other.yaml")
        other.write_text(night.plan.read_text().replace("nightly: tiny", "nightly: other\nseed: 3"))
        done = submitted(night.folder, "plan=plan.yaml,other.yaml")
        assert done.returncode == 0, done.stderr
        jobs = list(night.folder.glob("outputs/multirun/.submitit/*/*_result.pkl"))
        assert len(jobs) == 2
        for path, name in ((night.plan, "tiny"), (other, "other")):
            made = night.run(plan=str(path)).version
            there = Shelf(night.folder / "outs" / path.name / name).latest()
            assert there is not None
            assert (there.id, there.digest) == (made.id, made.digest)

    def test_jobs_that_fail_are_no_success(self, night) -> None:
        wrong = night.plan.with_name("wrong.yaml")
        wrong.write_text("nightly: wrong\ngenerate: []\n")
        done = submitted(night.folder, "plan=wrong.yaml,wrong.yaml")
        assert done.returncode == 2, done.stderr
        assert "wrong.yaml:2:11" in done.stderr
        done = submitted(night.folder, "plan=plan.yaml", "scene_limit_s=0.01")
        assert done.returncode == 1, done.stderr
        assert "a job of the sweep ends with 1; its own log says why" in done.stderr
        version = json.loads(
            next(night.folder.glob("outs/plan.yaml/tiny/versions/*/version.json")).read_bytes()
        )
        assert version["state"] == "candidate"
