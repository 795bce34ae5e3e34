"""The example of docs/search.md runs, and holds its truth."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import norm

from scenegen.search import Problem, cross_entropy

TEXT = (Path(__file__).parents[2] / "docs" / "search.md").read_text()


def test_the_example(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    names: dict[str, object] = {}
    exec(code, names)
    assert len(capsys.readouterr().out.splitlines()) == 3
    truth = norm.sf(4.4 / np.sqrt(2))
    assert f"{truth:.5f}" == "0.00093"
    robustness = names["robustness"]
    assert callable(robustness)
    found = cross_entropy(Problem(2, robustness), 4000, np.random.default_rng(1))
    assert found.low < truth < found.high
