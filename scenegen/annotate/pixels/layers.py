"""The optional layers of one frame."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

from scenegen import roads
from scenegen.annotate.pixels.drivable import drivable
from scenegen.annotate.pixels.lines import line_numbers
from scenegen.annotate.pixels.motion import flow_back, scene_flow
from scenegen.annotate.pixels.nocs import nocs
from scenegen.annotate.pixels.seen import Seen
from scenegen.records import ConcreteScenario, Frame, FrameLabels, PixelTruth, Trajectory
from scenegen.records.base import F64
from scenegen.records.pixels import OptionalLayer


def pixel_truth(
    frame: Frame,
    scenario: ConcreteScenario,
    trajectory: Trajectory,
    labels: FrameLabels,
    bounds: dict[int, F64],
    wanted: Collection[OptionalLayer],
) -> PixelTruth:
    """Work out the layers that are asked for.

    Parameters
    ----------
    frame : Frame
    scenario : ConcreteScenario
    trajectory : Trajectory
        The one that `frame` was drawn from.
    labels : FrameLabels
        Of the frame: the layer `lanes` shows what they number.
    bounds : dict
        `track_bounds` of the scene.
    wanted : collection of str

    Raises
    ------
    ValueError
        The frame is of a backend that doesn't tell pieces.
    """
    if not wanted:
        return PixelTruth()
    seen = Seen(frame, scenario, trajectory)
    network = roads.build_network(scenario.road)
    found: dict[str, Any] = {}
    if "flow_back" in wanted:
        found["flow_back_px"], found["flow_back_valid"] = flow_back(seen)
    if "scene_flow" in wanted:
        found["scene_flow_m"], found["scene_flow_valid"] = scene_flow(seen)
    if "nocs" in wanted:
        found["nocs"], found["nocs_valid"] = nocs(seen, bounds)
    if "lanes" in wanted:
        found["lanes"] = line_numbers(seen, network, labels.lanes)
    if "drivable" in wanted:
        found["drivable"] = drivable(seen, network, np.array(labels.ego.world_from_body))
    return PixelTruth(**found)
