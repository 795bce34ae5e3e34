"""The formats that scenes are exported to one by one, without frames."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from scenegen.interchange.openscenario import Derived, Limits, write_openscenario
from scenegen.records import ConcreteScenario, Trajectory
from scenegen.render.photometry import sun_lux
from scenegen.roads import build_network
from scenegen.roads.as_map import road_map_of
from scenegen.roads.opendrive import write_opendrive
from scenegen.sample.limits import MOST_MPS, WHEELS_MPS
from scenegen.simulate.grip import DRY, road_grip
from scenegen.simulate.specs import CLASSES

Motion = Literal["manoeuvres", "recorded"]


@dataclass(frozen=True)
class SceneToExport:
    """A scene, and what is asked of its export.

    Attributes
    ----------
    run : callable
        Returns what the scene came to; simulates it if it isn't kept anywhere.
    motion : str
        Of formats that hold either: what everybody is to do, or what they did.
    """

    concrete: ConcreteScenario
    run: Callable[[], Trajectory]
    motion: Motion


Files = dict[str, bytes]
"""Contents by name, within the folder of the export."""


def _openscenario(scene: SceneToExport) -> Files:
    """Write the scenario and its road."""
    concrete = scene.concrete
    road_file = f"{concrete.scene_id}.xodr"
    limits = {
        category: Limits(
            MOST_MPS.get(category, WHEELS_MPS),
            kind.pull_mps2,
            kind.brake_mps2,
            kind.steer_max_rad,
        )
        for category, kind in CLASSES.items()
    }
    return {
        f"{concrete.scene_id}.xosc": write_openscenario(
            concrete,
            build_network(concrete.road),
            road_file,
            Derived(
                limits,
                road_grip(concrete.weather).peak / DRY.peak,
                sun_lux(concrete.light.sun_elevation_rad),
            ),
            scene.run() if scene.motion == "recorded" else None,
        ),
        road_file: write_opendrive(road_map_of(concrete.road)),
    }


def _opendrive(scene: SceneToExport) -> Files:
    """Write the road as a map."""
    concrete = scene.concrete
    return {f"{concrete.scene_id}.xodr": write_opendrive(road_map_of(concrete.road))}


SCENE_FORMATS: dict[str, Callable[[SceneToExport], Files]] = {
    "opendrive": _opendrive,
    "openscenario": _openscenario,
}
"""What makes the files of one scene, by the name of the format."""
