"""Texts that are compared with one that is never there: an error with the nearest one."""

import pytest

from scenegen.errors import ScenarioError
from scenegen.scenario import list_scenarios, load_scenario, parse_plan, parse_scenario

TEXT = """\
scenario: texts
description: Compares texts.
duration: 4 s
parameters:
  surface: {categorical: [dry, wet]}
  side: where(surface == 'wet', 'left', 'right')
  speed:
    when:
      surface == 'wet': {uniform: [5 m/s, 7 m/s]}
      else: {uniform: [8 m/s, 9 m/s]}
road: {kind: crossing, length: 200 m, signals: {green: 8 s}}
weather: {wetness: "where(surface == 'wet', 0.8, 0)"}
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 40 m}, speed: speed}
require:
  - surface == 'wet' or side != 'left'
monitors:
  stops: always(implies(signal(major) == 'red', speed(ego) < 20 m/s))
"""


def parsed(*pairs):
    text = TEXT
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return parse_scenario(text, "texts.yaml")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("where(surface == 'wet', 'left'", "where(surface == 'wett', 'left'", "6:9: .*mean 'wet'"),
        ("'wet', 0.8", "'Wet', 0.8", "12:20: 'surface' is never 'Wet' .*mean 'wet'"),
        ("surface == 'wet' or", "surface == 'weet' or", "15:5: .*mean 'wet'"),
        ("      surface == 'wet'", "      surface == 'wat'", "8:5: .*never 'wat' .*mean 'wet'"),
        ("side != 'left'", "side != 'lft'", "15:5: 'side' is never 'lft' .*mean 'left'"),
        ("== 'red'", "== 'rot'", r"17:10: signal\(major\) is never 'rot' .*red_amber"),
        ("== 'red'", "== 'gren'", "mean 'green'"),
    ],
)
def test_a_text_that_is_never_there_is_refused(old, new, told):
    with pytest.raises(ScenarioError, match=told):
        parsed((old, new))


def test_what_can_be_equal_is_not():
    assert parsed().name == "texts"
    assert parsed(("side != 'left'", "'right' != side")).name == "texts"


def test_a_plan_may_narrow_what_is_compared(tmp_path):
    (tmp_path / "texts.yaml").write_text(TEXT)
    plan = """
plan: dry
generate:
  - scenario: ./texts.yaml
    name: dry
    num_scenes: 1
    override: {parameters.surface: {categorical: [dry]}}
"""
    found = parse_plan(plan, "plan.yaml", tmp_path)
    assert found.entries[0].logical.parameters["surface"].texts == {"dry"}


def test_the_library_compares_only_what_can_be():
    assert all(load_scenario(info.name) for info in list_scenarios())
