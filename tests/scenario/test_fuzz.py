"""Mutated scenarios end in a scenario or in a ScenarioError, and in nothing else."""

import copy
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from scenegen.errors import ScenarioError
from scenegen.scenario import LogicalScenario, parse_scenario
from scenegen.scenario.library import library_files

ROOT = Path(__file__).parents[2]
TEXTS = [path.read_text() for path in library_files().values()]
DOCUMENTS = [YAML(typ="safe", pure=True).load(text) for text in TEXTS]
WORDS = ["ego", "50 km/h", "3 m", "1e400", "a + b", "{", "!!x", "speed", "-1 s", "", "\x00", "🚲"]

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.sampled_from(WORDS),
    st.text(max_size=12),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(st.sampled_from(WORDS), st.text(max_size=6)), inner, max_size=3),
    ),
    max_leaves=6,
)


def _spots(item, spots):
    if isinstance(item, dict | list):
        for key in item if isinstance(item, dict) else range(len(item)):
            spots.append((item, key))
            _spots(item[key], spots)
    return spots


def _as_text(item):
    """Write JSON-like flow YAML without trusting any emitter."""
    if isinstance(item, dict):
        return "{" + ", ".join(f"{_quoted(str(k))}: {_as_text(v)}" for k, v in item.items()) + "}"
    if isinstance(item, list):
        return "[" + ", ".join(_as_text(v) for v in item) + "]"
    if isinstance(item, str):
        return _quoted(item)
    return {None: "null", True: "true", False: "false"}.get(item, repr(item))


def _quoted(text):
    return "'" + text.replace("'", "''") + "'"


def _survives(text):
    try:
        assert isinstance(parse_scenario(text, "fuzz.yaml"), LogicalScenario)
    except ScenarioError as error:
        told = str(error)
    else:
        return
    assert told.startswith("fuzz.yaml")


@settings(max_examples=80)
@given(st.data())
def test_mutated_documents(data):
    document = copy.deepcopy(data.draw(st.sampled_from(DOCUMENTS)))
    for _ in range(data.draw(st.integers(1, 3))):
        spots = _spots(document, [])
        holder, key = spots[data.draw(st.integers(0, len(spots) - 1))]
        action = data.draw(st.sampled_from(["replace", "delete", "add"]))
        if action == "replace":
            holder[key] = data.draw(values)
        elif action == "delete":
            del holder[key]
        elif isinstance(holder, dict):
            holder[data.draw(st.text(max_size=8))] = data.draw(values)
    _survives(_as_text(document))


@given(st.data())
def test_mutated_text(data):
    text = data.draw(st.sampled_from(TEXTS))
    at = data.draw(st.integers(0, len(text) - 1))
    to = min(len(text), at + data.draw(st.integers(0, 40)))
    _survives(text[:at] + data.draw(st.text(max_size=20)) + text[to:])


@given(st.text(max_size=200))
def test_random_text(text):
    _survives(text)


@pytest.mark.slow
@settings(max_examples=2000)
@given(st.data())
def test_many_mutated_documents(data):
    test_mutated_documents.hypothesis.inner_test(data)


def _fuzzed(cases, draw_every, seconds):
    """Run ``python -m fuzzing`` under its limits on memory and time; return what it tells."""
    arguments = ["--cases", str(cases), "--draw-every", str(draw_every), "--seed", "3"]
    run = subprocess.run(
        [sys.executable, "-m", "fuzzing", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'tools'}{os.pathsep}{ROOT}"},
    )
    assert run.stdout, run.stderr
    return json.loads(run.stdout)


def test_mutants_in_a_process_with_limits():
    result = _fuzzed(250, 50, 600)
    assert result["bad"] == []
    assert result["slowest_load_s"] < 2.0
    assert sum(result["outcomes"].values()) == 250
    assert result["outcomes"]["refused"] > 50
    assert result["outcomes"]["loaded"] > 10


@pytest.mark.slow
def test_ten_thousand_mutants_in_a_process_with_limits():
    result = _fuzzed(10_000, 20, 3600)
    assert result["bad"] == []
    assert result["slowest_load_s"] < 2.0
    assert result["peak_mib"] < 1500
