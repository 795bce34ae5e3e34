"""The second stage: a run rendered, labelled and written as a scene of a data set."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from scenegen.dataset.canonical import read_trajectory
from scenegen.dataset.layout import MANIFEST, SCENES, read_content, read_manifest
from scenegen.dataset.schema import SceneManifest
from scenegen.pipeline.draw_scene import StageClock, draw_scene, return_freed_memory
from scenegen.pipeline.layers import layers_of
from scenegen.pipeline.nightly.store import Made, Store, finish
from scenegen.records import ConcreteScenario
from scenegen.render import process_renderer

if TYPE_CHECKING:
    from pathlib import Path

    from scenegen.pipeline.config import GenerateConfig
    from scenegen.records import SensorSpec

_SEEN = ("rgb", "semantic", "flow", "instance")
"""Layers that a refiner reads."""


def drawn(
    store: Store,
    key: str,
    run: Path,
    config: GenerateConfig,
    sensors: dict[str, SensorSpec] | None,
) -> Made:
    """Draw a run and store the scene.

    Parameters
    ----------
    run : Path
        Entry of the simulated scene.
    sensors : dict or None
        In place of the scenario's own.

    Raises
    ------
    ScenegenError
        It can't be drawn or labelled; nothing is stored then.
    """
    concrete = read_content(run / "scenario.json", ConcreteScenario.model_validate_json)
    trajectory = read_content(run / "trajectory.npz", read_trajectory)
    if sensors is not None:
        concrete = concrete.model_copy(update={"sensors": sensors})
    with store.making("draw", key) as folder:
        frames = draw_scene(
            concrete,
            trajectory,
            str(folder),
            process_renderer(config.renderer),
            StageClock(),
            config.quality,
            layers_of(config.layers),
        )
        scene = folder / SCENES / concrete.scene_id
        manifest = read_manifest(scene)
        made = Made(
            value=hashlib.sha256((scene / MANIFEST).read_bytes()).hexdigest(),
            seen=_seen(manifest),
            frames=frames,
            log_weight=concrete.log_weight,
        )
        finish(folder, made)
    return_freed_memory()
    return made


def _seen(manifest: SceneManifest) -> str:
    """Return the digest of the files that a refiner reads."""
    total = hashlib.sha256()
    for name, entry in manifest.files.items():
        if name == "scenario.json" or name.split("/")[1:2] in [[layer] for layer in _SEEN]:
            total.update(f"{name}\0{entry.sha256}\n".encode())
    return total.hexdigest()
