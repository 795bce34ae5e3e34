"""Distributions that another program writes are drawn as they are meant."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from scenegen.pipeline.config import ImportParametersConfig
from scenegen.pipeline.import_parameters import import_parameters
from scenegen.sample.candidates import draw_candidates
from scenegen.sample.points import UniformPoints
from scenegen.scenario import load_scenario
from scenegen.seeds import named_generator

SCENARIO = """
scenario: using
description: A scenario that takes imported parameters in.
with: [./stochastic_values.yaml, ./deterministic_values.yaml]
duration: 1 s
road: {kind: straight, length: 100 m}
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 20 m}}
"""


@pytest.mark.slow
def test_what_another_program_writes(checkers: Path, tmp_path: Path) -> None:
    program = Path(__file__).with_name("write_distributions.py")
    subprocess.run([checkers / "python", program, tmp_path], check=True, stdout=subprocess.PIPE)
    for name in ("stochastic", "deterministic"):
        keys = {"file": tmp_path / f"{name}.xosc", "out": tmp_path / f"{name}_values.yaml"}
        import_parameters(ImportParametersConfig.parse({k: str(v) for k, v in keys.items()}))
    (tmp_path / "using.yaml").write_text(SCENARIO)
    logical = load_scenario(str(tmp_path / "using.yaml"))
    points = UniformPoints(named_generator("another", 1), len(logical.parameters))
    found = draw_candidates(logical, points.take(20_000)).columns
    laws = {
        "normal": stats.norm(20, 3),
        "cut": stats.truncnorm(-2 / 3, 10 / 3, 20, 3),
        "uniform": stats.uniform(2, 3),
        "histogram": stats.rv_histogram(([0.75, 0.25], [0, 1, 5]), density=False),
    }
    for name, law in laws.items():
        assert stats.kstest(found[f"stochastic_values_{name}"], law.cdf).pvalue > 1e-3, name
    assert np.mean(found["stochastic_values_poisson"]) == pytest.approx(3, abs=0.05)
    assert np.mean(found["stochastic_values_chosen"] == "a") == pytest.approx(0.75, abs=0.015)
    assert set(found["deterministic_values_values"]) == {1, 2.5, 4}
    assert set(found["deterministic_values_steps"]) == {1, 1.5, 2, 2.5, 3}
