"""Which frames are golden, and how they are drawn. Used by the test and by `tools/bless`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scenegen.dataset import encode_frame
from scenegen.records import Frame
from scenegen.render import make_renderer
from scenegen.sample import draw
from scenegen.scenario import load_scenario
from scenegen.simulate import simulate

HERE = Path(__file__).parent
FAILED = HERE / "_failed"
LAYERS = ("rgb", "instance", "semantic", "depth")
WIDTH, HEIGHT = 160, 96


@dataclass(frozen=True)
class Case:
    """A frame of one drawn scene."""

    scenario: str
    seed: int
    frame: int
    camera: str = "front"

    def name(self, backend: str) -> str:
        """Return the stem of its files."""
        return f"{self.scenario}-seed{self.seed}-{self.camera}-{self.frame:03d}-{backend}"


CASES = (
    Case("night_jaywalk", 0, 10),
    Case("cargo_fall", 0, 10),
    Case("deer_dusk_fog", 0, 10),
)
BACKENDS = ("opengl", "pyrender")


def draw_case(case: Case) -> dict[str, Frame]:
    """Draw a case with every backend, at a small size."""
    scenario = draw(load_scenario(case.scenario), case.seed, 0)
    small = scenario.sensors[case.camera].model_copy(update={"width": WIDTH, "height": HEIGHT})
    scenario = scenario.model_copy(update={"sensors": {case.camera: small}})
    trajectory = simulate(scenario)
    frames = {}
    for backend in BACKENDS:
        with make_renderer(backend) as renderer:
            renderer.load(scenario, trajectory)
            frames[backend] = renderer.draw(case.camera, case.frame)
    return frames


def path_of(case: Case, backend: str, layer: str) -> Path:
    """Return where a golden picture lies."""
    return HERE / f"{case.name(backend)}.{layer}.png"


def bless() -> list[Path]:
    """Draw all cases and write them as the new truth."""
    written = []
    for case in CASES:
        for backend, frame in draw_case(case).items():
            for layer, data in encode_frame(frame).items():
                if layer in LAYERS:
                    path = path_of(case, backend, layer)
                    path.write_bytes(data)
                    written.append(path)
    return written
