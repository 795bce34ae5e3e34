"""Checks between pictures and labels that need no geometry."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scenegen.annotate.checks.case import FrameCase
from scenegen.records.taxonomy import CLASS_BY_ID, CLASS_BY_NAME, CLASSES, IGNORE

_THINGS = np.array([c.id for c in CLASSES if c.things], dtype=np.uint8)
_SKY = CLASS_BY_NAME["sky"].id


def same_ids(case: FrameCase) -> Iterator[str]:
    """Ids in the instance picture and in the labels are the same; the trajectory has them."""
    assert case.pictures.instance is not None
    trajectory = case.truth.trajectory
    drawn = set(case.extents)
    labelled = [label.instance_id for label in case.labels.objects]
    if len(set(labelled)) != len(labelled):
        yield "an instance id is labelled twice"
    for id_ in sorted(drawn - set(labelled)):
        yield f"instance {id_} has pixels but no label"
    for id_ in sorted(set(labelled) - drawn):
        yield f"instance {id_} has a label but no pixels"
    present = trajectory.actor_ids[trajectory.valid[case.row]].tolist()
    for id_ in sorted((drawn | set(labelled)) - set(present)):
        yield f"instance {id_} is not in the trajectory at this frame"
    if case.truth.scenario.ego.instance_id in drawn:
        yield "the ego is in its own picture"


def visible_boxes(case: FrameCase) -> Iterator[str]:
    """Visible boxes equal the extents of the masks, and `visible_px` their pixels."""
    assert case.pictures.instance is not None
    extents = case.extents
    for label in case.labels.objects:
        if label.instance_id not in extents:
            continue
        box, count = extents[label.instance_id]
        if tuple(label.box2d_visible) != box:
            yield f"instance {label.instance_id}: box {label.box2d_visible}, mask extent {box}"
        if label.visible_px != count:
            yield f"instance {label.instance_id}: visible_px {label.visible_px}, mask {count}"


def semantics(case: FrameCase) -> Iterator[str]:
    """Each instance's pixels have its category; only they have a thing's class.

    Ignored is what lies outside of a lens's field, and nothing else.
    """
    assert case.pictures.instance is not None
    assert case.pictures.semantic is not None
    instance, semantic = case.pictures.instance, case.pictures.semantic
    outside = (semantic == IGNORE) != ~case.field
    if outside.any():
        yield f"{int(outside.sum())} px are ignored within the lens's field, or not beyond it"
    pairs = (instance.astype(np.int64) << 8 | semantic)[case.field]
    occurs = np.zeros(int(pairs.max()) + 1, dtype=np.bool_)
    occurs[pairs] = True
    pairs = np.flatnonzero(occurs)
    for id_, class_id in zip((pairs >> 8).tolist(), (pairs & 255).tolist(), strict=True):
        found = CLASS_BY_ID[class_id].name if class_id in CLASS_BY_ID else f"id {class_id}"
        if class_id not in CLASS_BY_ID:
            yield f"semantic {found} is no class"
        elif id_ == 0 and class_id in _THINGS:
            yield f"pixels of class {found} belong to no instance"
        elif id_ in case.truth.actors and found != case.truth.actors[id_].category:
            yield f"instance {id_} is {case.truth.actors[id_].category}, its pixels say {found}"
    for label in case.labels.objects:
        actor = case.truth.actors.get(label.instance_id)
        if actor is not None and label.category != actor.category:
            yield f"instance {actor.instance_id} is {actor.category}, its label {label.category}"


def sky(case: FrameCase) -> Iterator[str]:
    """Sky has no depth, nor what lies outside of a lens's field; see `rays` for the far."""
    assert case.pictures.depth_m is not None
    assert case.pictures.semantic is not None
    count = int(
        np.count_nonzero(
            ((case.pictures.semantic == _SKY) | ~case.field) & np.isfinite(case.pictures.depth_m)
        )
    )
    if count:
        yield f"{count} px of sky have a depth"
