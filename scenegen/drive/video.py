"""An episode seen from above, as a film."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from scenegen.errors import StorageError
from scenegen.records import ConcreteScenario, RoadNetwork, Trajectory
from scenegen.report.birds_eye import draw_actors, draw_prop, draw_road
from scenegen.report.colors import Image
from scenegen.report.overlay import put_text
from scenegen.report.plan import Plan

WIDTH, HEIGHT = 640, 384
WIDE_M = 90.0
RATE_HZ = 10
_CODEC = "vp09"
"""VP9, which browsers play and whose encoder comes with OpenCV."""
_MARGIN_M = 60.0


def film(
    scenario: ConcreteScenario, trajectory: Trajectory, network: RoadNetwork, path: Path
) -> None:
    """Write an MP4 of an episode, ten pictures a second, with the ego in the middle.

    Raises
    ------
    StorageError
        It can't be written there.
    """
    rate = scenario.rates.control_hz
    every = max(1, rate // RATE_HZ)
    size = (WIDTH, HEIGHT)
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*_CODEC), rate / every, size)
    if not writer.isOpened():
        raise StorageError(f"{path}: no film can be written there")
    try:
        for row in range(0, len(trajectory.step), every):
            picture = still(scenario, trajectory, network, row)
            writer.write(np.ascontiguousarray(picture[:, :, ::-1]))
    finally:
        writer.release()


def still(
    scenario: ConcreteScenario, trajectory: Trajectory, network: RoadNetwork, row: int
) -> Image:
    """Return the picture (HEIGHT, WIDTH, 3) of a row, sRGB: north is up."""
    column = trajectory.column(scenario.ego.instance_id)
    middle = trajectory.position_m[row, column, :2]
    plan = Plan(middle, WIDE_M / WIDTH, WIDTH, HEIGHT)
    draw_road(plan, network)
    for prop in scenario.props:
        if np.hypot(*(np.array(prop.position_m[:2]) - middle)) < _MARGIN_M:
            draw_prop(plan, prop)
    draw_actors(plan, scenario, trajectory, row, 1.0)
    speed = float(np.linalg.norm(trajectory.velocity_mps[row, column, :2]))
    told = f"{trajectory.time_s[row]:.1f} s   {3.6 * speed:.0f} km/h"
    put_text(plan.image, told, (10, 22), (245, 245, 245), 0.5)
    plan.scale_bar()
    return plan.image
