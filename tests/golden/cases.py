"""Which frames are golden, and how they are drawn. Used by the test and by `tools/bless`.

A case is a moment that was frozen: a scene with every value fixed, and the poses at one frame
and the next. Tuning a scenario, the sampler or the physics leaves it as it is; only a change of
the renderers, the assets, the road's mesh or a codec shows.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np

from scenegen.dataset import encode_frame
from scenegen.dataset.canonical import canonical_json, read_trajectory, trajectory_npz
from scenegen.records import ConcreteScenario, Frame, Trajectory
from scenegen.render import make_renderer
from scenegen.sample import draw
from scenegen.scenario import load_scenario
from scenegen.simulate import simulate

HERE = Path(__file__).parent
SCENES = HERE / "scenes"
FAILED = HERE / "_failed"
LAYERS = ("rgb", "instance", "semantic", "depth")
BACKENDS = ("opengl", "pyrender")
WIDTH, HEIGHT = 160, 96


@dataclass(frozen=True)
class Case:
    """A frozen moment, and the frame of a library scene that it was frozen from."""

    name: str
    scenario: str
    seed: int
    frame: int

    @property
    def scene(self) -> Path:
        """Where its concrete scenario lies."""
        return SCENES / f"{self.name}.json"

    @property
    def poses(self) -> Path:
        """Where its trajectory lies: the frame and the one after it."""
        return SCENES / f"{self.name}.npz"

    def picture(self, backend: str, layer: str) -> Path:
        """Return where a golden picture lies."""
        return HERE / f"{self.name}-{backend}.{layer}.png"


CASES = (
    Case("street_at_night", "night_jaywalk", 3, 40),
    Case("load_on_motorway", "cargo_fall", 0, 44),
    Case("forest_in_fog", "deer_dusk_fog", 0, 34),
    Case("crossing_at_dusk", "red_light_cyclist", 0, 34),
    Case("roundabout_ahead", "roundabout_entry", 1, 40),
    Case("breakdown_in_tunnel", "tunnel_breakdown", 1, 30),
)


def draw_case(case: Case) -> dict[str, Frame]:
    """Draw a case with every backend, at a small size."""
    scenario = ConcreteScenario.model_validate_json(case.scene.read_bytes())
    trajectory = read_trajectory(case.poses.read_bytes())
    frames = {}
    for backend in BACKENDS:
        with make_renderer(backend) as renderer:
            renderer.load(scenario, trajectory)
            frames[backend] = renderer.draw("front", 0)
    return frames


def bless() -> list[Path]:
    """Draw all cases and write them as the new truth."""
    written = []
    for case in CASES:
        for backend, frame in draw_case(case).items():
            for layer, data in encode_frame(frame).items():
                if layer in LAYERS:
                    path = case.picture(backend, layer)
                    path.write_bytes(data)
                    written.append(path)
    return written


def freeze(case: Case) -> list[Path]:
    """Simulate a case's library scene as it is now and keep the moment in place of the old one.

    Needed only for a new case, or when the form of scenes changes.
    """
    scenario = draw(load_scenario(case.scenario), case.seed, 0)
    trajectory = simulate(scenario)
    rows = scenario.frame_rows[case.frame : case.frame + 2]
    moment = scenario.model_copy(
        update={
            "duration_s": 1 / scenario.rates.camera_hz,
            "actors": tuple(a.model_copy(update={"behaviour": ()}) for a in scenario.actors),
            "sensors": {
                "front": scenario.sensors["front"].model_copy(
                    update={"width": WIDTH, "height": HEIGHT}
                )
            },
        }
    )
    SCENES.mkdir(exist_ok=True)
    case.scene.write_bytes(canonical_json(moment.model_dump(mode="json")))
    case.poses.write_bytes(trajectory_npz(_between(trajectory, int(rows[0]), int(rows[1]))))
    return [case.scene, case.poses]


def _between(trajectory: Trajectory, first: int, last: int) -> Trajectory:
    """Return the rows of a trajectory from the first to the last, with time starting anew."""
    steps = len(trajectory.step)
    part = {
        field.name: np.array(value[first : last + 1])
        for field in fields(trajectory)
        if isinstance(value := getattr(trajectory, field.name), np.ndarray)
        and field.name not in ("actor_ids", "contacts")
        and len(value) == steps
    }
    part["step"] -= part["step"][0]
    part["time_s"] -= part["time_s"][0]
    return replace(trajectory, **part, contacts=trajectory.contacts[:0].copy())
