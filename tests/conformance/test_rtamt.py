"""Robustness of random formulas over random signals, against rtamt's."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest

from scenegen.monitor.semantics import Semantics
from scenegen.scenario.bound import read_bound

SIGNALS = ("a", "b", "c")
CASES = 400
RANDOM = np.random.default_rng(6)


def _formula(depth):
    """Return a formula in our JSON form and in rtamt's language."""
    if depth == 0:
        return _comparison()
    one, one_text = _formula(depth - 1)
    low = int(RANDOM.integers(0, 9))
    high = low + int(RANDOM.integers(0, 9))
    bounds, shown = (
        ([low / 20, high / 20], f"[{low},{high}]") if RANDOM.random() < 0.7 else ([], "")
    )
    word = str(RANDOM.choice(["not", "always", "eventually", "until", "and", "or", "implies"]))
    if word == "not":
        return ["not", one], f"(not {one_text})"
    if word in ("always", "eventually"):
        return [word, *bounds, one], f"({word}{shown} {one_text})"
    two, two_text = _formula(depth - 1)
    if word == "until":
        return ["until", *bounds, one, two], f"({one_text} until{shown} {two_text})"
    return [word, one, two], f"({one_text} {word} {two_text})"


def _comparison():
    one, two = RANDOM.choice(SIGNALS, 2).tolist()
    if RANDOM.random() < 0.2:
        # A condition that is worth its margin, in metres.
        bodies = [{"actor": name, "ids": [SIGNALS.index(name)]} for name in (one, two)]
        return ["occluded", *bodies], f"({one} >= 0)"
    ask, and_ask = (["speed", {"actor": name, "ids": [SIGNALS.index(name)]}] for name in (one, two))
    word, value = str(RANDOM.choice(["<", "<=", ">", ">="])), round(RANDOM.normal(), 3)
    if RANDOM.random() < 0.3:
        return [word, ["+", ask, and_ask], value], f"({one} + {two} {word} {value})"
    return [word, ask, value], f"({one} {word} {value})"


@pytest.mark.slow
def test_random_formulas_are_worth_what_rtamt_says(checkers: Path) -> None:
    """400 formulas up to four levels deep; its steps of 1 s are steps of 50 ms here.

    Runs have at least two steps: it can't time one.
    """
    cases = []
    for _ in range(CASES):
        ours, theirs = _formula(int(RANDOM.integers(0, 5)))
        steps = int(RANDOM.integers(2, 40))
        signals = {name: RANDOM.normal(size=steps).round(3).tolist() for name in SIGNALS}
        cases.append({"ours": ours, "formula": theirs, "signals": signals})
    program = Path(__file__).with_name("rtamt_values.py")
    answer = subprocess.run(
        [checkers / "python", program],
        input=json.dumps(cases),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    for case, theirs in zip(cases, json.loads(answer.stdout), strict=True):
        formula = read_bound(case["ours"])
        columns = {name: np.array(values) for name, values in case["signals"].items()}

        def measure(call, columns=columns):
            return columns[call.arguments[0].value]

        ours = Semantics(measure, measure, len(theirs), 20.0).worth(formula.node)
        np.testing.assert_allclose(ours, theirs, atol=1e-12, err_msg=case["formula"])
