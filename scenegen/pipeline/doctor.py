"""What this machine can do, found out by doing it."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version

from scenegen import __version__
from scenegen.errors import ScenegenError
from scenegen.render import info as opengl_info
from scenegen.render import process_renderer
from scenegen.sample import draw
from scenegen.scenario import list_scenarios, load_scenario
from scenegen.simulate import simulate

PACKAGES = (
    "torch",
    "numpy",
    "opencv-python-headless",
    "pybullet",
    "trimesh",
    "pyrender",
    "moderngl",
    "embreex",
    "hydra-core",
    "pyarrow",
)


def doctor() -> list[tuple[str, bool, str]]:
    """Return rows of what was looked at, whether it is well, and what was found."""
    rows = [
        ("scenegen", True, __version__),
        ("python", True, f"{platform.python_version()} on {platform.platform()}"),
        ("processor", True, f"{os.cpu_count()} cores, {platform.machine()}"),
    ]
    for name in PACKAGES:
        try:
            rows.append((name, True, version(name)))
        except PackageNotFoundError:
            rows.append((name, False, "not installed: run tools/setup, or pip install scenegen"))
    rows.append(_gpu())
    try:
        opengl = opengl_info()
        rows.append(("OpenGL", True, f"{opengl.renderer}, {opengl.version}"))
        rows.append(_one_frame())
    except ScenegenError as error:
        rows.append(("OpenGL", False, str(error)))
    return rows


def _gpu() -> tuple[str, bool, str]:
    import torch  # noqa: PLC0415 - seconds, and only this verb asks

    if not torch.cuda.is_available():
        return ("GPU", True, "none that torch sees; everything here runs without")
    return ("GPU", True, torch.cuda.get_device_name(0))


def _one_frame() -> tuple[str, bool, str]:
    name = list_scenarios()[0].name
    concrete = draw(load_scenario(name), 0, 0)
    concrete = concrete.model_copy(update={"duration_s": 1 / concrete.rates.camera_hz})
    renderer = process_renderer("opengl")
    renderer.load(concrete, simulate(concrete))
    frame = renderer.draw(next(iter(concrete.cameras)), 0)
    objects = len(set(frame.instance[frame.instance > 0].tolist()))
    shown = f"{frame.camera.width}x{frame.camera.height}, {objects} actors in sight"
    return ("one frame", frame.rgb.std() > 1.0, f"{name}: {shown}")
