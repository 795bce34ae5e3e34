"""How often `occluded` differs from what pictures show: docs/language/monitors.md has the figure.

``python tools/sight_error.py night_jaywalk dooring`` counts, over two scenes of each scenario, the
frames at which an actor is well within the first camera's field and 60 m.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field

import numpy as np

from scenegen.monitor.sight import Sight
from scenegen.pipeline.preview import first_camera
from scenegen.pipeline.scene import process_renderer
from scenegen.sample import draw
from scenegen.scenario import load_scenario
from scenegen.simulate import simulate

SCENES, EVERY = 2, 5
WITHIN_M, NEAR_M = 0.5, 60.0


@dataclass
class Count:
    """What was judged: instants, those called hidden, and those that differ from the picture."""

    judged: int = 0
    hidden: int = 0
    shown_though_hidden: list[int] = field(default_factory=list)
    not_shown_though_seen: int = 0

    def __str__(self) -> str:
        pixels = np.median(self.shown_though_hidden) if self.shown_though_hidden else 0
        wrong = len(self.shown_though_hidden) + self.not_shown_though_seen
        return (
            f"{self.judged} judged, {self.hidden} hidden, {wrong} differ: "
            f"{len(self.shown_though_hidden)} show pixels though hidden (median {pixels:g} px), "
            f"{self.not_shown_though_seen} show none though seen"
        )


def add(count: Count, name: str, index: int) -> None:
    """Judge every few frames of a scene."""
    scene = draw(load_scenario(name), 0, index)
    run, renderer = simulate(scene), process_renderer("opengl")
    camera, ego, sight = first_camera(scene), scene.ego.instance_id, Sight(scene, run)
    renderer.load(scene, run, "fast")
    view = sight.view(ego, camera)
    others = [actor.instance_id for actor in scene.actors[1:] if actor.attached_to is None]
    depths = {one: sight.hidden(ego, camera, one) for one in others}
    inside = {one: sight.seen(view, one) for one in others}
    for frame in range(0, scene.frame_count, EVERY):
        row = int(scene.frame_rows[frame])
        ids = renderer.draw(camera, frame).instance
        for one in others:
            apart = run.position_m[row, run.column(one)] - run.position_m[row, run.column(ego)]
            if inside[one][row] < WITHIN_M or float(np.hypot(*apart[:2])) > NEAR_M:
                continue
            pixels, hidden = int((ids == one).sum()), bool(depths[one][row] >= 0)
            count.judged += 1
            count.hidden += hidden
            count.not_shown_though_seen += not hidden and not pixels
            if hidden and pixels:
                count.shown_though_hidden.append(pixels)


if __name__ == "__main__":
    counted = Count()
    for scenario in sys.argv[1:]:
        for number in range(SCENES):
            add(counted, scenario, number)
            print(scenario, number, counted, flush=True)
