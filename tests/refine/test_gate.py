"""The label gate: it notices what moved, says what, and keeps no frame whose labels lie."""

from dataclasses import dataclass

import numpy as np
import pytest

from scenegen.refine.gate import Gate, rejection
from scenegen.refine.gate.bars import Bar, Measured
from scenegen.refine.gate.files import GateSpec
from scenegen.refine.protocol import Shown
from scenegen.seeds import named_generator
from tests.refine.street_sets import CLASSES

SKY, ROAD, CAR, HOUSE = range(4)
COLORS = np.array([[150, 190, 240], [100, 100, 105], [40, 60, 190], [180, 120, 90]], np.int64)


@dataclass
class Nearest:
    """Sees the class whose colour is nearest: right wherever a picture is clean."""

    name: str = "nearest colour"
    digest: str = "0"
    trainable: bool = False

    def fit(self, data, steps, seed):
        raise TypeError("it knows everything")

    def predict(self, images):
        away = images[..., None, :].astype(np.int64) - COLORS
        return (away**2).sum(axis=-1).argmin(axis=-1).astype(np.uint8)


def gate(reached=0.9):
    of = Measured(value=reached, low=reached, high=reached)
    bars = tuple(Bar(name=n, iou=of, object=of, objects=9) for n in CLASSES)
    spec = GateSpec(names=CLASSES, things=(CAR,), width=120, bars=bars, notes={})
    return Gate(Nearest(), spec, "1" * 64)


def street():
    """Return a frame of 120 x 90 px and its instances: a house, two cars, a far car."""
    ids = np.full((90, 120), ROAD, np.uint8)
    ids[:40] = SKY
    ids[10:44, :30] = HOUSE
    instances = np.zeros(ids.shape, np.uint16)
    for instance, (top, left, height, width) in {
        7: (50, 20, 20, 30),
        8: (50, 75, 22, 28),
        9: (40, 60, 6, 8),
    }.items():
        part = slice(top, top + height), slice(left, left + width)
        ids[part], instances[part] = CAR, instance
    ids[-4:] = 255
    return Shown(painted(ids), ids), instances


def painted(ids):
    return COLORS[np.where(ids == 255, ROAD, ids)].astype(np.uint8)


def without(frame, instances, instance):
    return painted(np.where(instances == instance, ROAD, frame.semantic))


def test_an_untouched_render_passes():
    frame, instances = street()
    verdict = gate().judge(frame, frame.rgb, instances)
    assert verdict.passed
    assert verdict.moved == 0.0
    assert verdict.agreement == 1.0
    assert [score.instance for score in verdict.objects] == [7, 8]  # 9 is too small to be judged
    assert {score.state for score in verdict.objects} == {"kept"}


@pytest.mark.parametrize("listed", [True, False])
def test_a_car_that_is_painted_away_is_named(listed):
    frame, instances = street()
    verdict = gate().judge(frame, without(frame, instances, 8), instances if listed else None)
    assert not verdict.passed
    (lost,) = verdict.lost
    assert (lost.name, lost.instance) == ("car", 8 if listed else 0)
    assert lost.box == (75, 50, 103, 72)
    assert lost.refined == 0.0
    assert lost.needed == pytest.approx(0.6 * 0.9)
    assert verdict.lost_classes == ("car",)


def test_a_car_that_is_moved_by_half_fails():
    frame, instances = street()
    moved = without(frame, instances, 7)
    moved[50:70, 35:65] = COLORS[CAR]
    verdict = gate().judge(frame, moved, instances)
    (lost,) = verdict.lost
    assert lost.instance == 7
    # Half is covered; of what sticks out, the part within a quarter of the box counts.
    assert lost.refined == pytest.approx(15 / (30 + 8), abs=1e-4)


def test_what_real_photographs_reach_is_enough():
    frame, instances = street()
    half = frame.rgb.copy()
    house = frame.semantic == HOUSE
    half[house & (np.arange(120) < 15)] = COLORS[ROAD]
    assert gate(0.9).judge(frame, half, instances).lost_classes == ("building",)
    assert gate(0.5).judge(frame, half, instances).passed


def test_what_is_not_seen_in_the_render_is_not_judged():
    frame, instances = street()
    frame = Shown(without(frame, instances, 8), frame.semantic)
    verdict = gate().judge(frame, frame.rgb, instances)
    assert [score.state for score in verdict.objects] == ["kept", "unseen"]
    assert verdict.passed


def test_an_object_that_only_its_outline_shows_is_judged_by_that():
    frame, instances = street()
    rgb = frame.rgb.copy()
    rgb[instances == 8] = (70, 75, 85)  # taken for road
    frame = Shown(rgb, frame.semantic)
    brighter = np.clip(rgb * 1.1 + 10, 0, 255).astype(np.uint8)
    kept = gate().judge(frame, brighter, instances).objects[1]
    assert (kept.instance, kept.state) == (8, "kept")
    assert kept.rendered < 0.1
    assert kept.outline == pytest.approx(1.0, abs=0.02)
    (lost,) = gate().judge(frame, without(frame, instances, 8), instances).lost
    assert lost.instance == 8


def test_a_wrong_class_fails_and_drift_is_its_size():
    frame, instances = street()
    swapped = frame.rgb.copy()
    swapped[frame.semantic == HOUSE] = COLORS[SKY]
    verdict = gate().judge(frame, swapped, instances)
    assert "building" in verdict.lost_classes
    whole = gate(1.0).agreement([frame.rgb], [frame.semantic])
    assert whole.drift == 0.0
    half = gate(1.0).agreement([frame.rgb, swapped], [frame.semantic, frame.semantic])
    assert half.classes["building"] == pytest.approx(0.5)
    assert half.drift == pytest.approx(1 - half.mean_iou, abs=1e-4)


def ladder(frame, instances, pictures):
    """Pass a frame whose picture at each strength is given; also return what was asked for."""
    asked = []

    def refine_at(strength):
        asked.append(strength)
        return pictures[strength]

    return gate().pass_through(frame, instances, refine_at, tuple(pictures)), asked


def test_the_ladder_is_taken_in_order():
    frame, instances = street()
    fine, lost = frame.rgb, without(frame, instances, 8)
    ruined = np.broadcast_to(COLORS[HOUSE], frame.rgb.shape).astype(np.uint8)
    first, asked = ladder(frame, instances, {0.8: fine, 0.4: fine})
    assert (first.record.rung, first.record.strength, asked) == ("refined", 0.8, [0.8])
    lower, asked = ladder(frame, instances, {0.8: lost, 0.4: fine, 0.2: fine})
    assert (lower.record.rung, lower.record.strength, asked) == ("lowered", 0.4, [0.8, 0.4])
    assert not lower.ignore.any()
    assert [score.instance for score in lower.record.first.lost] == [8]
    ignored, asked = ladder(frame, instances, {0.8: ruined, 0.4: lost})
    assert (ignored.record.rung, ignored.record.tries) == ("ignored", 2)
    assert ignored.ignore[instances == 8].all()
    assert not ignored.ignore[instances == 7].any()
    assert ignored.record.ignored["car"] == 22 * 28
    raw, asked = ladder(frame, instances, {0.8: ruined, 0.4: ruined})
    assert (raw.record.rung, raw.record.strength) == ("rendered", 0.0)
    assert np.array_equal(raw.rgb, frame.rgb)


def test_a_lost_object_is_ignored_whole():
    frame, instances = street()
    rgb = frame.rgb.copy()
    rgb[instances == 8] = (70, 75, 85)  # taken for road before and afterwards
    outcome, _ = ladder(Shown(rgb, frame.semantic), instances, {1.0: without(frame, instances, 8)})
    assert outcome.record.rung == "ignored"
    assert outcome.record.final.moved == 0.0
    assert outcome.ignore[instances == 8].all()


def test_a_frame_that_ignoring_does_not_mend_is_left_as_rendered():
    frame, instances = street()
    rgb, made = frame.rgb.copy(), frame.rgb.copy()
    rgb[60:86, :19] = rgb[74:86] = COLORS[HOUSE]  # never seen as the road that it is
    made[60:86, :19] = made[74:86] = COLORS[CAR]
    outcome, _ = ladder(Shown(rgb, frame.semantic), instances, {1.0: made})
    assert outcome.record.first.lost_classes == ("car",)
    assert outcome.record.first.moved == 0.0
    assert outcome.record.rung == "rendered"
    assert not outcome.ignore.any()


def test_nothing_is_kept_whose_labels_lie():
    frame, instances = street()
    rng = named_generator("gate test")
    for _ in range(20):
        ids = frame.semantic.copy()
        for _ in range(rng.integers(1, 6)):
            top, left = rng.integers(0, 80), rng.integers(0, 100)
            ids[top : top + rng.integers(4, 50), left : left + rng.integers(4, 60)] = rng.integers(
                4
            )
        outcome, _ = ladder(frame, instances, {1.0: painted(ids)})
        left = np.where(outcome.ignore, 255, frame.semantic).astype(np.uint8)
        again = gate().judge(
            Shown(frame.rgb, left), outcome.rgb, np.where(outcome.ignore, 0, instances)
        )
        assert again.passed
        assert outcome.record.final.passed


def test_tiny_objects_are_blended_back():
    frame, instances = street()
    darker = (frame.rgb * 0.9).astype(np.uint8)
    outcome, _ = ladder(frame, instances, {0.8: darker})
    assert outcome.record.rung == "refined"
    assert np.array_equal(outcome.rgb[instances == 9], frame.rgb[instances == 9])
    assert np.array_equal(outcome.rgb[instances == 8], darker[instances == 8])
    beside = outcome.rgb[43, 58].astype(int)
    assert (beside < frame.rgb[43, 58]).any()
    assert (beside > darker[43, 58]).any()


def test_rejection_is_counted_by_class():
    frame, instances = street()
    fine, lost = frame.rgb, without(frame, instances, 8)
    records = [
        ladder(frame, instances, pictures)[0].record
        for pictures in ({0.8: fine}, {0.8: lost, 0.4: fine}, {0.8: lost})
    ]
    found = rejection(records)
    assert found.rungs == {"refined": 1, "lowered": 1, "ignored": 1, "rendered": 0}
    car = next(each for each in found.classes if each.name == "car")
    assert (car.frames, car.frames_lost, car.objects, car.objects_lost) == (3, 2, 6, 2)
    assert car.ignored_px == 22 * 28
    assert found.kept_objects == pytest.approx(4 / 6)
    row = next(row for row in found.table().rows if row[0] == "car")
    assert row[3] == pytest.approx(2 / 3, abs=1e-4)


def test_a_record_goes_through_json():
    frame, instances = street()
    record = ladder(frame, instances, {0.8: without(frame, instances, 8)})[0].record
    assert type(record).model_validate_json(record.model_dump_json()) == record
