"""What the bytes of a data set depend on besides scenegen itself."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from scenegen.dataset.schema import Platform

PACKAGES = (
    "numpy",
    "scipy",
    "pybullet",
    "moderngl",
    "PyOpenGL",
    "opencv-python-headless",
    "zlib-ng",
    "fpng",
    "pyarrow",
    "pydantic",
    "trimesh",
    "mapbox_earcut",
    "embreex",
)


def describe_platform(opengl_renderer: str) -> Platform:
    """Return versions, processor family and OpenGL renderer of this machine."""
    versions = {}
    for name in PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return Platform(
        system=f"{platform.system()} {platform.machine()}",
        processor=_processor(),
        python=platform.python_version(),
        packages=versions,
        opengl_renderer=opengl_renderer,
    )


def _processor() -> str:
    """Return vendor, family and model of the processor, where Linux tells them."""
    info = Path("/proc/cpuinfo")
    fields: dict[str, str] = {}
    if info.is_file():
        for line in info.read_text().splitlines():
            key, _, value = line.partition(":")
            fields.setdefault(key.strip(), value.strip())
    parts = [
        fields.get("vendor_id", ""),
        f"family {fields['cpu family']}" if "cpu family" in fields else "",
        f"model {fields['model']}" if "model" in fields else "",
    ]
    return " ".join(part for part in parts if part) or platform.machine()
