"""Stored scenes that are damaged are found and let go of, so that they are made anew."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING

from scenegen.dataset.digest import check_files
from scenegen.dataset.layout import MANIFEST, SCENES, read_manifest
from scenegen.errors import DatasetError
from scenegen.pipeline.nightly.drawing_files import drawing_damage
from scenegen.pipeline.nightly.verifying import verify_key

if TYPE_CHECKING:
    from pathlib import Path

    from scenegen.pipeline.nightly.scenes import SceneState
    from scenegen.pipeline.nightly.store import Made, Store

log = logging.getLogger(__name__)


def mend(store: Store, states: Mapping[str, SceneState]) -> tuple[str, ...]:
    """Let go of labelled scenes whose files aren't what was stored; return their names.

    Scenes that have held every check before are left alone: their files were sound then. A scene
    shares its pictures with the drawing that it was labelled from, which may go, too.
    """
    damaged = []
    for name, state in states.items():
        made = state.labelled
        if made is None or store.made("verify", verify_key(made.value)) is not None:
            continue
        problem = _damage(store.folder("label", state.label_key), name, made)
        if problem:
            log.warning("%s: %s; it is made anew", name, problem, extra={"event": "mended"})
            store.drop("label", state.label_key)
            drawing = store.folder("draw", state.draw_key)
            if state.drawn is not None and drawing_damage(drawing, state.drawn.value):
                store.drop("draw", state.draw_key)
            damaged.append(name)
    return tuple(damaged)


def _damage(entry: Path, scene: str, made: Made) -> str:
    """Return what is wrong with a stored scene; empty if nothing is."""
    try:
        manifest = read_manifest(entry / SCENES / scene)
        found = hashlib.sha256((entry / SCENES / scene / MANIFEST).read_bytes()).hexdigest()
    except (DatasetError, OSError) as error:
        return f"stored files are damaged ({error})"
    if found != made.value or manifest.scene != scene:
        return f"stored {MANIFEST} is damaged"
    problems = check_files(entry, manifest)
    return f"stored files are damaged ({problems[0]})" if problems else ""
