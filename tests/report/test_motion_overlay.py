"""What is said beside objects, and that drawing it leaves the given picture alone."""

from __future__ import annotations

import numpy as np

from scenegen.records.labels import EgoLabel, SignalLabel
from scenegen.records.motion_labels import (
    ContactLabel,
    EgoControls,
    Intention,
    LanePlace,
    PairLabel,
)
from scenegen.report.motion_overlay import draw_motion, words_of

PAIR = PairLabel(a=1, b=2, gap_m=5.0, ttc_s=2.5, drac_mps2=1.0, pet_s=None)


def full(makers):
    """Labels with all that there may be."""
    labels = makers.make_labels(makers.make_concrete(), makers.make_frame(), 0)
    thing = labels.objects[0].model_copy(
        update={
            "lane": LanePlace(id="forward_1", index=-1, same_way=True),
            "lamps_on": ["brake", "hazard"],
            "right_of_way": "yields",
            "acceleration_world_mps2": (1.0, 0.0, 0.0),
            "intention": Intention(
                will_cross=True,
                time_to_crossing_s=1.25,
                hesitating=True,
                distracted=False,
                seen_ego=False,
            ),
            "box2d_visible": (10.0, 5.0, 40.0, 30.0),
        }
    )
    signal = SignalLabel(
        id="head",
        state="red",
        position_world_m=(0.0, 0.0, 5.0),
        position_px=(30.0, 12.0),
        relevant_to_ego=True,
        countdown_s=3.0,
        next_state="red_amber",
    )
    controls = EgoControls(
        steer_rad=0.1,
        steer_asked_rad=0.1,
        acceleration_asked_mps2=1.0,
        throttle=0.5,
        brake=0.0,
        gear=1,
    )
    ego = EgoLabel(**{**labels.ego.model_dump(), "lane": "forward_0", "controls": controls})
    return labels.model_copy(
        update={"objects": [thing], "signals": [signal], "pairs": [PAIR], "ego": ego}
    )


def test_every_kind_of_label_has_its_words(makers):
    assert words_of(full(makers).objects[0], PAIR) == [
        "lane forward_1 -1",
        "brake hazard",
        "right of way: yields",
        "crosses in 1.2 s, hesitating, unaware",
        "ttc 2.5 s",
    ]


def test_older_labels_have_no_words(makers):
    labels = makers.make_labels(makers.make_concrete(), makers.make_frame(), 0)
    assert words_of(labels.objects[0], None) == []


def test_drawing_leaves_the_picture_alone(makers):
    black = np.zeros((96, 128, 3), np.uint8)
    drawn = draw_motion(black, full(makers), 2.0)
    assert not black.any()
    assert drawn.any(axis=-1).mean() > 0.05


def test_a_contact_is_marked_where_it_is(makers):
    labels = makers.make_labels(makers.make_concrete(), makers.make_frame(), 0)
    pose = np.array(labels.camera.world_from_camera)
    there = tuple((pose @ (0.3, 0.2, 8.0, 1.0))[:3].tolist())
    contact = ContactLabel(
        a=1, b=0, time_s=0.0, impulse_ns=1.0, closing_speed_mps=4.0, position_world_m=there
    )
    touched = labels.model_copy(update={"contacts": [contact], "objects": []})
    size = (labels.camera.height * 2, labels.camera.width * 2, 3)
    drawn = draw_motion(np.zeros(size, np.uint8), touched, 2.0)
    u, v = labels.camera.camera().project([0.3, 0.2, 8.0]) * 2.0
    red = (drawn[..., 0] > 200) & (drawn[..., 2] < 120)
    rows, columns = np.nonzero(red)
    assert abs(rows - v).min() <= 1
    assert abs(columns - u).min() <= 1
