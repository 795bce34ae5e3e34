"""Moments of a preview: those asked for by time or by event, and those that tell the story."""

from itertools import pairwise

import pytest

from scenegen.errors import InputError
from scenegen.monitor import beginnings, nearest_of, verdicts
from scenegen.pipeline.moments import (
    NEAR_FRAMES,
    PICTURES,
    Story,
    danger_frame,
    moments_of,
    sight_required,
)
from scenegen.pipeline.story import decided, sights, turns
from scenegen.sample import draw
from scenegen.scenario import parse_scenario
from scenegen.simulate import simulate_told

SCENE = """
scenario: story
description: A child runs, a car indicates, cuts in and brakes.
duration: 6 s
road: {kind: straight, length: 300 m, lanes_forward: 2, sidewalk: 2 m}
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 40 m}, speed: 10 m/s}
actors:
  cutter:
    asset: vehicle.van
    variant: 0
    place: {ahead_of: ego, gap: 8 m, lane: forward_1}
    speed: 11 m/s
    behaviour:
      - cruise
      - {when: {time: 1 s}, do: cut_in, lane: forward_0, over: 2 s}
      - {when: {time: 4 s}, do: hard_brake}
  child:
    asset: person.child
    place: {lane: sidewalk_right, s: 120 m, heading: across}
    behaviour: [{when: {distance: 2 m, to: ego}, do: dart_out, speed: 3 m/s}]
monitors:
  passes: "until(lateral(cutter, 'forward_1') < 0.2 m, speed(cutter) > 20 m/s)"
"""


@pytest.fixture(scope="module")
def scene():
    concrete = draw(parse_scenario(SCENE, "story.yaml"), 0, 0)
    trajectory, _ = simulate_told(concrete)
    return concrete, trajectory


@pytest.fixture(scope="module")
def story(scene):
    concrete, trajectory = scene
    holds = simulate_told(concrete)[1]
    found = verdicts(concrete, trajectory)
    camera = next(iter(concrete.cameras))
    return Story("", decided(found), sights(concrete, trajectory, camera), turns(*scene, holds))


def test_beginnings_are_those_of_the_conditions(scene):
    found = {str(one): one.row for one in beginnings(*scene)}
    assert found["cutter.cruise"] == 0
    assert found["cutter.cut_in"] == pytest.approx(20, abs=1)  # 1 s at 20 Hz
    assert found["cutter.hard_brake"] == pytest.approx(80, abs=1)
    assert found["child.dart_out"] is None


def test_the_story_has_the_turns_what_decides_and_the_climax(scene, story):
    moments = moments_of(*scene, None, story)
    assert len(moments) == PICTURES
    frames = [moment.frame for moment in moments]
    assert frames == sorted(set(frames))
    assert frames[0] == 0
    why = " ".join(moment.why for moment in moments)
    for told in ("begin(cutter.cut_in)", "end(cutter.cut_in)", "begin(cutter.hard_brake)"):
        assert told in why
    assert "with cutter" in why
    assert "passes BROKEN" in why
    assert danger_frame(*scene) in frames
    assert min(b - a for a, b in pairwise(frames)) >= NEAR_FRAMES
    # It never gets that fast: over where it leaves the middle of its lane.
    (broken,) = story.decided
    assert 20 < broken.row < 40


def test_the_end_of_a_lane_change_is_after_it(scene, story):
    rows = {event.why: event.row for event in story.turns}
    assert rows["begin(cutter.cut_in)"] == pytest.approx(20, abs=1)
    assert rows["begin(cutter.cut_in)"] + 20 < rows["end(cutter.cut_in)"] <= 80


def test_events_can_be_asked_for(scene):
    asked = "begin(cutter.cut_in), begin(cutter.cut_in) + 0.5 s, closest, closest - 0.2 s, 1.5 s"
    at, later, closest, before, timed = (m.frame for m in moments_of(*scene, asked))
    assert at == pytest.approx(10, abs=1)
    assert later == at + 5
    assert closest == danger_frame(*scene)
    assert before == closest - 2
    assert timed == 15


def test_the_nearest_may_be_asked_for(scene):
    concrete, trajectory = scene
    near = nearest_of(concrete, trajectory)
    moment, later = moments_of(*scene, "nearest, nearest + 0.3 s")
    assert trajectory.time_s[near.row] == pytest.approx(moment.frame / 10, abs=0.1)
    assert moment.why == f"nearest: cutter, {near.gap_m:.1f} m"
    assert later.frame == min(moment.frame + 3, concrete.frame_count - 1)


def test_what_never_began_says_so(scene):
    (later,) = moments_of(*scene, "begin(cutter.cut_in)+0.5 s")
    assert later.why == "begin(cutter.cut_in) + 0.5 s"
    (moment,) = moments_of(*scene, "begin(child.dart_out)")
    assert moment.frame == scene[0].frame_count - 1
    assert moment.why == "child.dart_out never began"


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("begin(child.dartout)", "did you mean 'child.dart_out'"),
        ("begin(cutter)", r"begin\(NAME.BEHAVIOUR\)"),
        ("closest + 3 m", "no time such as"),
        ("closest + a bit", "a moment is such as"),
        ("7 s", "go from 0 s to 5.9 s"),
    ],
)
def test_moments_that_are_none_are_refused(scene, asked, message):
    with pytest.raises(InputError, match=message):
        moments_of(*scene, asked)


def test_the_start_is_shown_where_sight_is_required(scene):
    text = SCENE + "require: ['not occluded(ego, cutter)', 'gap(ego, cutter) > 1 m']\n"
    required = sight_required(parse_scenario(text, "story.yaml"))
    assert required == "not occluded(ego, cutter)"
    assert sight_required(parse_scenario(SCENE, "story.yaml")) == ""
    moments = moments_of(*scene, None, Story(required))
    assert moments[0].frame == 0
    assert moments[0].why == "required: not occluded(ego, cutter)"
    assert moments_of(*scene, "1 s", Story(required)) == moments_of(*scene, "1 s")


def test_an_end_can_be_asked_for(scene, story):
    begun, over = moments_of(*scene, "begin(cutter.cut_in), end(cutter.cut_in)", story)
    assert over.why == "end(cutter.cut_in)"
    assert over.frame - begun.frame == pytest.approx(20, abs=8)  # about 2 s at 10 Hz
    (after,) = moments_of(*scene, "end(cutter.cut_in) + 0.5 s", story)
    assert after.frame == over.frame + 5
    (never,) = moments_of(*scene, "end(child.dart_out)", story)
    assert never.why == "child.dart_out never began"
    with pytest.raises(InputError, match=r"nobody has the behaviour cutter\.cut_out"):
        moments_of(*scene, "end(cutter.cut_out)", story)
