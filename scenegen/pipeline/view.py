"""A scene in the Rerun viewer."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from scenegen.dataset import open_dataset
from scenegen.dataset.storage import storage_errors
from scenegen.errors import DatasetError, InputError, OutputError, ScenegenError
from scenegen.exports import Source
from scenegen.exports.rerun import needs_rerun, record_scene

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scenegen.pipeline.config import ViewConfig


def view(config: ViewConfig) -> Path | None:
    """Open the viewer and wait until it is closed, or write the recording.

    Returns
    -------
    Path or None
        The recording, if it was asked for.

    Raises
    ------
    InputError
        No such scene or sensor; rerun-sdk isn't installed; there is no screen.
    OutputError
        `out` is there already, or is no ``.rrd``.
    StorageError
        It can't be written.
    ScenegenError
        The viewer ended with an error.
    """
    needs_rerun()
    if config.out is None and not config.web and not has_screen(sys.platform, os.environ):
        raise InputError(
            "there is no screen here to open the viewer on: out=scene.rrd writes the recording, "
            "which `rerun scene.rrd` opens where there is one; web=true serves the viewer to a "
            "browser"
        )
    dataset = open_dataset(config.dataset)
    if len(dataset) == 0:
        raise DatasetError(f"{dataset.path}: has no scenes to look at")
    scene = dataset.scene(config.scene or dataset.scene_ids[0])
    sensors = tuple(name.strip() for name in config.sensors.split(",") if name.strip())
    source = Source(dataset, sensors or None)
    if config.out is not None:
        out = _new_file(Path(config.out))
        with storage_errors(out):
            out.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as aside:
                record_scene(source, scene, Path(aside) / out.name)
                (Path(aside) / out.name).rename(out)
        return out
    with tempfile.TemporaryDirectory(prefix="scenegen-view-") as folder:
        path = Path(folder) / f"{scene.id}.rrd"
        record_scene(source, scene, path)
        ended = subprocess.run(viewer_command(path, config.web), check=False)
    if ended.returncode != 0:
        raise ScenegenError(
            f"the Rerun viewer ended with code {ended.returncode}; out=scene.rrd writes the "
            "recording, to be opened elsewhere"
        )
    return None


def has_screen(platform: str, environment: Mapping[str, str]) -> bool:
    """Say whether a window can be opened."""
    if platform in {"darwin", "win32"}:
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def viewer_command(recording: Path, web: bool) -> list[str]:
    """Return the command that shows a recording, in a window or to browsers on this machine."""
    command = [sys.executable, "-m", "rerun", str(recording)]
    return [*command, "--web-viewer", "--bind", "127.0.0.1"] if web else command


def _new_file(out: Path) -> Path:
    if out.suffix != ".rrd":
        raise OutputError(f"{out}: recordings end with .rrd")
    if out.exists():
        raise OutputError(f"{out}: is there already")
    return out
