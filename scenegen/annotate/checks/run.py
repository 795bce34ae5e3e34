"""Runs the checks of a frame or a scene by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from scenegen.annotate.checks import (
    boxes,
    coordinates,
    course,
    drivable,
    intention_truth,
    joints,
    lane_truth,
    lines,
    looks,
    masks,
    motion,
    normals,
    pair_truth,
    poses,
    rays,
    scene,
    signs,
    silhouettes,
    ways,
)
from scenegen.annotate.checks.case import FrameCase, Pictures, Violation
from scenegen.annotate.checks.truth import SceneTruth
from scenegen.records import FrameLabels


@dataclass(frozen=True)
class FrameCheck:
    """A check of one frame and the pictures that it needs.

    Attributes
    ----------
    run : callable
        Yields a message for every contradiction.
    needs : frozenset of str
        Fields of `Pictures` or `PixelTruth`; where one was not written the check is not made.
    """

    run: Callable[[FrameCase], Iterator[str]]
    needs: frozenset[str] = frozenset()


def _needing(run: Callable[[FrameCase], Iterator[str]], *needs: str) -> FrameCheck:
    return FrameCheck(run, frozenset(needs))


FRAME_CHECKS: dict[str, FrameCheck] = {
    "ids": _needing(masks.same_ids, "instance"),
    "visible boxes": _needing(masks.visible_boxes, "instance"),
    "semantics": _needing(masks.semantics, "instance", "semantic"),
    "sky": _needing(masks.sky, "depth_m", "semantic"),
    "3D boxes": _needing(boxes.boxes_contain_masks, "instance"),
    "amodal boxes": _needing(boxes.amodal_contains_visible),
    "camera": _needing(poses.camera_pose),
    "ego": _needing(poses.ego_state),
    "objects": _needing(poses.object_states),
    "signals": _needing(poses.signal_states),
    "lanes": _needing(poses.lane_images),
    "looks": _needing(looks.looks),
    "motion": _needing(course.motion),
    "countdowns": _needing(course.countdowns),
    "lane places": _needing(lane_truth.lane_places),
    "intentions": _needing(intention_truth.intentions),
    "pairs": _needing(pair_truth.pairs),
    "flow": _needing(motion.flow, "depth_m", "instance", "flow_px", "flow_valid"),
    "next depth": _needing(motion.next_depth, "depth_m", "instance"),
    "normals": _needing(normals.normals, "normal", "semantic"),
    "normals of depth": _needing(
        normals.normals_of_depth, "normal", "depth_m", "semantic", "instance"
    ),
    "occlusion": _needing(silhouettes.occlusion),
    "rays": _needing(rays.scene_rays, "depth_m", "semantic", "instance"),
    "far surfaces": _needing(rays.far_surfaces, "depth_m", "semantic", "instance"),
    "joints": _needing(joints.joints, "depth_m", "instance"),
    "signs": _needing(signs.signs, "depth_m", "semantic", "instance"),
    "lines beside": _needing(lines.beside),
    "backward flow": _needing(ways.flow_back, "depth_m", "instance", "flow_back_px"),
    "scene flow": _needing(
        ways.scene_flow, "depth_m", "instance", "semantic", "flow_px", "scene_flow_m"
    ),
    "object coordinates": _needing(coordinates.nocs, "depth_m", "instance", "nocs"),
    "line numbers": _needing(lines.numbers, "depth_m", "instance", "semantic", "lanes"),
    "drivable": _needing(drivable.drivable, "depth_m", "instance", "semantic", "drivable"),
}
"""Every check of one frame by the name that violations carry."""

SCENE_CHECKS: dict[str, Callable[[SceneTruth, Sequence[FrameLabels]], Iterator[str]]] = {
    "trajectory": scene.trajectory_shape,
    "frames": scene.all_frames,
    "next poses": scene.next_poses,
    "sizes": scene.constant_sizes,
    "parameters": scene.parameters,
    "contacts": course.contacts,
    "seen": intention_truth.seen,
}
"""Every check across the frames of a scene by the name that violations carry."""


def applicable(pictures: Pictures) -> list[str]:
    """Return the names of the frame checks that can be made on these pictures."""
    return [
        name
        for name, check in FRAME_CHECKS.items()
        if all(pictures.has(field) for field in check.needs)
    ]


def check_frame(
    labels: FrameLabels,
    pictures: Pictures,
    truth: SceneTruth,
    following: Pictures | None = None,
) -> list[Violation]:
    """Hold one frame's labels, pictures and poses against each other.

    Parameters
    ----------
    labels : FrameLabels
    pictures : Pictures
        As read from files.
    truth : SceneTruth
        Made once for all frames of the scene, from its scenario and trajectory.
    following : Pictures or None
        The next frame of the same sensor; None for the last one.

    Returns
    -------
    list of Violation
        Empty where everything agrees.
    """
    case = FrameCase(labels, pictures, truth, following)
    return [
        Violation(name, labels.scene, labels.frame, message, labels.sensor)
        for name in applicable(pictures)
        for message in FRAME_CHECKS[name].run(case)
    ]


def check_scene(truth: SceneTruth, frames: Sequence[FrameLabels]) -> list[Violation]:
    """Hold the frames of a scene, of all its sensors, against each other and its trajectory.

    Parameters
    ----------
    truth : SceneTruth
    frames : sequence of FrameLabels
    """
    return [
        Violation(name, truth.scenario.scene_id, None, message)
        for name, check in SCENE_CHECKS.items()
        for message in check(truth, frames)
    ]
