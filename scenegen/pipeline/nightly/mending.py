"""Stored scenes that are damaged are found and let go of, so that they are made anew."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING

from scenegen.pipeline.nightly.drawing_files import drawing_damage
from scenegen.pipeline.nightly.soundness import refined_damage, scene_damage
from scenegen.pipeline.nightly.verifying import verify_key

if TYPE_CHECKING:
    from scenegen.pipeline.nightly.scenes import SceneState
    from scenegen.pipeline.nightly.store import Store

log = logging.getLogger(__name__)


def mend(store: Store, states: Mapping[str, SceneState]) -> tuple[str, ...]:
    """Let go of labelled scenes whose files aren't what was stored; return their names.

    Scenes that have held every check before are left alone: their files were sound then.
    """
    damaged = []
    for name, state in states.items():
        made = state.labelled
        if made is None or store.made("verify", verify_key(made.value)) is not None:
            continue
        if let_go(store, name, state.label_key, state.draw_key):
            damaged.append(name)
    return tuple(damaged)


def let_go(store: Store, scene: str, label_key: str, draw_key: str) -> bool:
    """Let go of a labelled scene whose files aren't what was stored; return whether they aren't.

    A scene shares its pictures with the drawing that it was labelled from, which may go, too.
    """
    labelled = store.made("label", label_key)
    if labelled is None:
        return False
    problem = scene_damage(store.folder("label", label_key), scene, labelled.value)
    if not problem:
        return False
    log.warning("%s: %s; it is made anew", scene, problem, extra={"event": "mended"})
    store.drop("label", label_key)
    drawn = store.made("draw", draw_key)
    if drawn is not None and drawing_damage(store.folder("draw", draw_key), drawn.value):
        store.drop("draw", draw_key)
    return True


def let_go_refined(store: Store, scene: str, key: str) -> bool:
    """Let go of refined pictures that aren't what was stored; return whether they aren't."""
    made = store.made("refine", key)
    if made is None:
        return False
    problem = refined_damage(store.folder("refine", key), made.value)
    if not problem:
        return False
    log.warning("%s: %s; it is refined anew", scene, problem, extra={"event": "mended"})
    store.drop("refine", key)
    return True
