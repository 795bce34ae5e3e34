"""Every example of the page on behaviours is read, drawn and simulated; every word is explained."""

from __future__ import annotations

from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import Any, get_args

import cv2
import numpy as np
import pytest

from scenegen.report.time_lapse import time_lapse
from scenegen.roads import build_network
from scenegen.sample import draw
from scenegen.scenario import parse_scenario
from scenegen.scenario.behaviours import AnyBehaviour, InterruptEntry
from scenegen.scenario.triggers import KINDS, SIGNAL_STATES, When
from scenegen.simulate import simulate

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "language" / "behaviours.md"


def _tool() -> Any:
    """Import the tool that draws the page's pictures; it is a script without an ending."""
    loader = SourceFileLoader("plan_view", str(ROOT / "tools" / "plan_view"))
    spec = spec_from_loader("plan_view", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


EXAMPLES = list(_tool().examples_of(PAGE.read_text()))


def test_the_page_has_examples() -> None:
    assert len(EXAMPLES) >= 9


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_examples_are_drawn_and_driven(number: int) -> None:
    example = EXAMPLES[number]
    scene = draw(parse_scenario(example.text, "behaviours.md"), 0, 0)
    trajectory = simulate(scene)
    # Everything that an example shows happens within its duration.
    for column, actor in enumerate(scene.actors):
        ran = set(np.unique(trajectory.manoeuvre[:, column]).tolist())
        missing = set(range(len(actor.behaviour))) - ran
        skipped = {k for k in missing if k + 1 in ran}
        assert missing == skipped, f"{actor.name} never gets to {missing} in example {number}"
    if example.picture:
        path = PAGE.parent / example.picture
        assert path.stat().st_size < 60_000
        names = example.about.partition(":")[0].split(", ")
        assert set(names) <= {actor.name for actor in scene.actors}
        network = build_network(scene.road)
        made = time_lapse(scene, trajectory, network, [0.0, 5.0], names=names)
        shown = cv2.imread(str(path))
        assert shown is not None
        assert made.shape[1] == shown.shape[1]


def test_every_word_is_on_the_page() -> None:
    text = PAGE.read_text()
    behaviours = get_args(get_args(AnyBehaviour)[0])
    words = {get_args(b.model_fields["do"].annotation)[0] for b in behaviours}
    keys = {key for b in behaviours for key in b.model_fields}
    more = {*KINDS, *SIGNAL_STATES, *When.model_fields, *InterruptEntry.model_fields}
    missing = [word for word in words | keys | more if word not in text and word != "state"]
    assert missing == []
