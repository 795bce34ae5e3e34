"""Plans that are read, and plans that say where they are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenegen.errors import ScenarioError
from scenegen.pipeline.nightly.plan import load_nightly, parse_nightly

HEAD = "nightly: mine\ngenerate:\n  - {scenario: wet_cut_in, num_scenes: 2}\n"


def test_of_the_library() -> None:
    plan = load_nightly("small")
    assert plan.name == "small"
    assert [entry.num_scenes for entry in plan.plan.entries] == [3, 3, 2]
    assert set(plan.exports) == {"coco"}
    assert plan.verify


def test_sensors_by_their_group() -> None:
    plan = parse_nightly(HEAD + "sensors: stereo\n", "mine.yaml", Path())
    assert plan.generate.sensors is not None
    assert len(plan.generate.sensors) == 2


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HEAD + "sensors: sterio\n", "mine.yaml:4:10: no sensors are called 'sterio'"),
        (HEAD + "sensors: {front: {width: -3}}\n", "mine.yaml:4:10: sensors"),
        (HEAD + "exports: {cocoo: {}}\n", "mine.yaml:4:18: no format is called 'cocoo'"),
        (HEAD + "exports: {coco: {frames: 3}}\n", "mine.yaml:4:17: exports.coco: unknown key"),
        (HEAD + "exports: {coco: {out: x}}\n", "'out' is filled in for each version"),
        (HEAD + "refine: {strenght: 4}\n", "mine.yaml:4:9: refine: unknown key 'strenght'"),
        (HEAD + "gates: {pairs: 2}\n", "mine.yaml:4:"),
        (HEAD + "gates: {drive: {agent: idm, seeds: 2}}\n", "gates.drive: unknown key 'seeds'"),
        (HEAD + "quality: best\n", "mine.yaml:1:1: generate: quality='best'"),
        (HEAD + "seeds: 3\n", "unknown key 'seeds' (did you mean 'seed'?)"),
        (HEAD.replace("wet_cut_in", "wet_cutin"), "mine.yaml:3:16: wet_cutin: no such scenario"),
        ("nightly: a/../b\n" + HEAD.partition("\n")[2], "mine.yaml:1:10"),
        ("- 1\n", "mine.yaml:1:1"),
    ],
)
def test_what_is_wrong_and_where(text: str, told: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        parse_nightly(text, "mine.yaml", Path())
    assert told in str(caught.value)


def test_a_name_that_is_nearly_right() -> None:
    with pytest.raises(ScenarioError, match=r"no such plan in the library \(did you mean 'small'"):
        load_nightly("smal")
