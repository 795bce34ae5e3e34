"""How a recording is laid out in the viewer: names and colours of classes, and views."""

from __future__ import annotations

from collections.abc import Sequence

import rerun as rr
import rerun.blueprint as rrb

from scenegen.records.taxonomy import BONES, CLASSES, IGNORE

JOINTS = tuple(dict.fromkeys(joint for bone in BONES for joint in bone))
"""Joints by the number that they have in recordings."""
_DRAWN = ("objects", "lanes", "skeletons", "signs")
_PLOTS = (
    ("ego", "speed of the ego"),
    ("acceleration", "acceleration"),
    ("controls", "controls"),
    ("pairs/ttc_s", "times to collision"),
)
WITH_JOINTS = ("person", "rider")


def world_context() -> rr.AnnotationContext:
    """Return names and colours of all classes, and the bones of those that have joints."""
    joints = [rr.AnnotationInfo(k, name) for k, name in enumerate(JOINTS)]
    bones = [(JOINTS.index(a), JOINTS.index(b)) for a, b in BONES]
    rows = [
        rr.ClassDescription(
            info=rr.AnnotationInfo(class_.id, class_.name, class_.color),
            keypoint_annotations=joints if class_.name in WITH_JOINTS else [],
            keypoint_connections=bones if class_.name in WITH_JOINTS else [],
        )
        for class_ in CLASSES
    ]
    ignored = rr.ClassDescription(info=rr.AnnotationInfo(IGNORE, "ignore", (0, 0, 0)))
    return rr.AnnotationContext([*rows, ignored])


def blueprint(cameras: Sequence[str]) -> rrb.Blueprint:
    """Return the views: the world, each camera, curves, events and what the scene is."""
    pictures = [
        rrb.Spatial2DView(
            origin=f"world/cameras/{name}",
            contents=[f"$origin/{part}" for part in ("rgb", *_DRAWN)],
            name=name,
        )
        for name in cameras
    ]
    layers = [
        rrb.Spatial2DView(
            origin=f"world/cameras/{name}",
            contents=[f"$origin/{layer}"],
            name=f"{name} {layer}",
        )
        for name in cameras
        for layer in ("depth", "semantic", "instance")
    ]
    world = rrb.Spatial3DView(
        origin="/",
        # Clouds of points from depth pictures would hide everything else.
        contents=["$origin/world/**", *(f"- /world/cameras/{name}/depth" for name in cameras)],
        name="world",
        background=(20, 22, 26),
        eye_controls=rrb.EyeControls3D(tracking_entity="world/ego"),
    )
    below = rrb.Tabs(
        *(rrb.TimeSeriesView(origin=f"plots/{entity}", name=name) for entity, name in _PLOTS),
        rrb.TextLogView(origin="events", name="events"),
        rrb.TextDocumentView(origin="scenario", name="scenario"),
        *layers,
    )
    beside = rrb.Vertical(*pictures, below)
    return rrb.Blueprint(rrb.Horizontal(world, beside, column_shares=[3, 2]), collapse_panels=True)
