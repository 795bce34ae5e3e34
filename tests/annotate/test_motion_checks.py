"""Every label of motion and behaviour that is edited is found, by the check that it should be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from scenegen.annotate.checks import Pictures, check_frame, check_scene
from scenegen.records import FrameLabels
from scenegen.records.looks import Garment
from scenegen.records.motion_labels import LanePlace


def found(street: Any, labels: FrameLabels) -> set[str]:
    return {v.check for v in check_frame(labels, Pictures(), street.truth)}


def edited(labels: FrameLabels, name: str, **changes: Any) -> FrameLabels:
    assert any(o.name == name for o in labels.objects)
    objects = [o.model_copy(update=changes) if o.name == name else o for o in labels.objects]
    return labels.model_copy(update={"objects": objects})


def one(labels: FrameLabels, name: str) -> Any:
    return next(o for o in labels.objects if o.name == name)


def test_what_the_street_says(street: Any) -> None:
    labels = street.labels[0]
    assert one(labels, "lead").lamps_on == ["tail", "brake", "indicator_left"]
    assert one(labels, "lead").lamps == ["tail", "brake"]
    assert one(labels, "truck").lamps_on == ["hazard"]
    assert one(labels, "van").right_of_way == "has"
    assert one(labels, "van").lane == LanePlace(id="backward_0", index=1, same_way=False)
    assert one(labels, "lead").lane == LanePlace(id="forward_0", index=0, same_way=True)
    assert one(labels, "adult").intention.distracted
    assert one(labels, "cone").intention is None
    assert labels.ego.lane == "forward_0"
    assert labels.ego.controls.throttle == 0.4
    assert labels.log_weight == 0.0
    assert [len(frame.contacts) for frame in street.labels] == [0, 1, 0]
    assert {pair.b for pair in labels.pairs if pair.a == 1} == set(range(2, 9))
    (lead,) = (pair for pair in labels.pairs if (pair.a, pair.b) == (1, 2))
    assert lead.ttc_s == pytest.approx(lead.gap_m / 3.0, abs=1e-3)  # 12 m/s behind 9 m/s


@pytest.mark.parametrize(
    ("name", "check", "changes"),
    [
        ("lead", "motion", {"acceleration_world_mps2": (0.1, 0.0, 0.0)}),
        ("lead", "motion", {"acceleration_world_mps2": None}),
        ("lead", "motion", {"angular_velocity_world_radps": (0.0, 0.0, 0.1)}),
        ("lead", "motion", {"lamps_on": ["tail", "brake"]}),
        ("truck", "motion", {"lamps_on": ["indicator_left"]}),
        ("van", "motion", {"right_of_way": "yields"}),
        ("cone", "motion", {"right_of_way": "none"}),
        ("lead", "lane places", {"lane": None}),
        ("lead", "lane places", {"lane": LanePlace(id="backward_0", index=1, same_way=False)}),
        ("van", "lane places", {"lane": LanePlace(id="backward_0", index=2, same_way=False)}),
        ("van", "lane places", {"lane": LanePlace(id="nowhere")}),
        ("adult", "intentions", {"intention": None}),
    ],
)
def test_edited_objects(street: Any, name: str, check: str, changes: dict[str, Any]) -> None:
    assert found(street, edited(street.labels[0], name, **changes)) == {check}


@pytest.mark.parametrize(
    "changes",
    [
        {"will_cross": False, "time_to_crossing_s": None},
        {"time_to_crossing_s": 0.5},
        {"hesitating": True},
        {"distracted": True},
    ],
)
def test_edited_intentions(street: Any, changes: dict[str, Any]) -> None:
    child = one(street.labels[0], "child").intention
    assert child.will_cross
    labels = edited(street.labels[0], "child", intention=child.model_copy(update=changes))
    assert found(street, labels) == {"intentions"}


Damage = Callable[[FrameLabels], dict[str, Any]]


def _pair(**changes: Any) -> Damage:
    def damage(labels: FrameLabels) -> dict[str, Any]:
        first, *others = labels.pairs or []
        return {"pairs": [first.model_copy(update=changes), *others]}

    return damage


def _ego(**changes: Any) -> Damage:
    return lambda labels: {"ego": labels.ego.model_copy(update=changes)}


@pytest.mark.parametrize(
    ("check", "damage"),
    [
        ("pairs", _pair(gap_m=1.0)),
        ("pairs", _pair(ttc_s=None, drac_mps2=None)),
        ("pairs", _pair(drac_mps2=0.1)),
        ("pairs", _pair(pet_s=2.0)),
        ("pairs", lambda labels: {"pairs": labels.pairs[1:]}),
        ("motion", _ego(acceleration_world_mps2=(1.0, 0.0, 0.0))),
        ("motion", _ego(controls=None)),
        ("lane places", _ego(lane=None)),
        ("motion", lambda labels: {"log_weight": 0.5}),
        (
            "countdowns",
            lambda labels: {
                "signals": [s.model_copy(update={"countdown_s": 0.7}) for s in labels.signals]
            },
        ),
        (
            "countdowns",
            lambda labels: {
                "signals": [
                    s.model_copy(update={"countdown_s": None, "next_state": None})
                    for s in labels.signals
                ]
            },
        ),
    ],
)
def test_edited_frames(street: Any, check: str, damage: Damage) -> None:
    labels = street.labels[0].model_copy(update=damage(street.labels[0]))
    assert found(street, labels) == {check}


def test_lost_and_invented_contacts(street: Any) -> None:
    first, second, third = street.labels
    lost = second.model_copy(update={"contacts": []})
    assert {v.check for v in check_scene(street.truth, [first, lost, third])} == {"contacts"}
    twice = third.model_copy(update={"contacts": second.contacts})
    assert {v.check for v in check_scene(street.truth, [first, second, twice])} == {"contacts"}


def test_a_gaze_that_was_never_there(street: Any) -> None:
    """The child faces across the road, ahead of the ego: it has not seen what is beside it."""
    frames = [
        edited(
            labels,
            "child",
            intention=one(labels, "child").intention.model_copy(update={"seen_ego": True}),
        )
        for labels in street.labels
    ]
    assert not one(street.labels[0], "child").intention.seen_ego
    assert {v.check for v in check_scene(street.truth, frames)} == {"seen"}


def test_older_labels_are_left_alone(street: Any) -> None:
    labels = street.labels[0].model_copy(
        update={"pairs": None, "contacts": None, "log_weight": None}
    )
    assert found(street, labels) == set()


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("adult", {"skin_tone": "dark"}),
        ("adult", {"skin_ita_deg": 70.0, "skin_tone": "very light"}),
        ("adult", {"clothing_lightness": 99.0}),
        ("adult", {"top": Garment(kind="coat", color="green", lightness=3.0)}),
        ("lead", {}),
    ],
)
def test_edited_looks(street: Any, name: str, changes: dict[str, Any]) -> None:
    labels = street.labels[0]
    look = one(labels, "adult").look.model_copy(update=changes)
    assert found(street, edited(labels, name, look=look)) == {"looks"}
