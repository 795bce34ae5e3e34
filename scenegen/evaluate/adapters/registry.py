"""All adapters by name, and opening a folder with one of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scenegen.errors import InputError, nearest
from scenegen.evaluate.adapters import (
    acdc,
    bdd100k,
    camvid,
    cityscapes,
    coco,
    folder,
    idd,
    kitti_object,
    kitti_semantic,
    mapillary,
    nuscenes,
    scenegen_set,
    voc,
    yolo,
)
from scenegen.evaluate.adapters.info import AdapterInfo
from scenegen.evaluate.images import ImageSet

# One line an adapter, so that lists grow without conflicts. Each module has its `INFO`,
# and takes `AdapterInfo` from adapters/info.py.
_MODULES = (
    scenegen_set,
    camvid,
    cityscapes,
    kitti_semantic,
    mapillary,
    idd,
    acdc,
    coco,
    voc,
    yolo,
    kitti_object,
    bdd100k,
    nuscenes,
    folder,
)
ADAPTERS: Mapping[str, AdapterInfo] = {module.INFO.name: module.INFO for module in _MODULES}
"""Adapters by name."""

AUTO = "auto"


def open_set(adapter: str, root: Path, options: Mapping[str, Any] | None = None) -> ImageSet:
    """Open a folder as a set of pictures.

    Parameters
    ----------
    adapter : str
        A name in `ADAPTERS`, or ``auto`` for the only one whose layout the folder has.
    root : Path
    options : mapping, optional
        Names in the adapter's `options`.

    Raises
    ------
    InputError
        No such adapter, option or folder; the folder lacks what the adapter needs; or
        ``auto`` finds no layout or several.
    """
    info = find_adapter(adapter, root)
    for name in options or {}:
        if name not in info.options:
            raise InputError(
                f"adapter {info.name} has no option {name!r}" + nearest(name, info.options)
            )
    return info.open(root, dict(options or {}))


def find_adapter(adapter: str, root: Path) -> AdapterInfo:
    """Return the adapter of a name, or with ``auto`` the only one that fits the folder."""
    if adapter != AUTO and adapter not in ADAPTERS:
        raise InputError(f"no adapter {adapter!r}" + nearest(adapter, (AUTO, *ADAPTERS)))
    if not root.is_dir():
        raise InputError(f"{root}: no such folder")
    if adapter != AUTO:
        return ADAPTERS[adapter]
    fitting = [info for info in ADAPTERS.values() if info.probe(root)]
    if len(fitting) == 1:
        return fitting[0]
    names = ", ".join(info.name for info in fitting or ADAPTERS.values())
    if fitting:
        raise InputError(f"{root}: the layout fits several adapters ({names}); name one")
    raise InputError(f"{root}: the layout fits no adapter; name one of {names}")
