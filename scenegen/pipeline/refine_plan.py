"""What a refinement is made with, checked and opened before any frame."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from scenegen import __version__
from scenegen.dataset import REFINED_FRAMES, Licence
from scenegen.dataset.canonical import canonical_json
from scenegen.dataset.schema import Refinement
from scenegen.errors import DatasetError, InputError
from scenegen.evaluate.adapters import open_set
from scenegen.evaluate.classes import map_classes
from scenegen.evaluate.feature_models import usable_device
from scenegen.evaluate.feature_store import spread
from scenegen.evaluate.mapped import MappedSet
from scenegen.pipeline.refine_gate import GateFile, find_gate
from scenegen.refine.label_space import SPACE, space_of
from scenegen.refine.palette import Palette, palette_of
from scenegen.refine.refiner import Refiner
from scenegen.refine.settings import USUAL, RefineSettings
from scenegen.refine.sizes import at_width
from scenegen.refine.weights import Stored, read_weights

if TYPE_CHECKING:
    from scenegen.dataset import Dataset, DatasetInfo
    from scenegen.evaluate.classes import ClassMapping, LabelSpace
    from scenegen.pipeline.refine_config import RefineConfig

_COLOUR_FRAMES = 200
"""Rendered frames that the data set's own colours are taken from."""
_PALETTE = "palette"


@dataclass(frozen=True)
class RefinePlan:
    """Everything that a process needs to refine any scene; equal plans, equal bytes.

    Attributes
    ----------
    weights : str
        Path.
    digest : str
        sha256 of the weights.
    mapping : ClassMapping
        From the data set's classes to those that the model knows.
    gate : GateFile or None
    own : str or None
        The data set's colours as JSON; None if nothing begins with real ones.
    style : tuple of (key, word)
        In place of what the data set says.
    """

    weights: str
    digest: str
    settings: RefineSettings
    mapping: ClassMapping
    gate: GateFile | None
    own: str | None
    style: tuple[tuple[str, str], ...]
    video: bool
    carry: float
    seed: int
    device: str


def settings_of(config: RefineConfig) -> RefineSettings:
    """Return the refiner's settings; what is not asked for is as usual."""
    usual = USUAL[config.design]
    # The bridge's way back to the render is guidance of 0; 1 is a frame as its classes ask for it.
    least = 0.0 if config.design == "bridge" else 1.0
    return RefineSettings(
        design=config.design,
        strength=config.strength or usual.strength,
        steps=config.steps or usual.steps,
        guidance=least + config.realism * (usual.guidance - least),
        palette=min(1.0, config.realism * usual.palette),
        batch=config.batch,
        detail=config.detail,
    )


def plan_of(config: RefineConfig, dataset: Dataset) -> tuple[RefinePlan, DatasetInfo]:
    """Check everything and return the plan, and what ``dataset.json`` says before any scene.

    Raises
    ------
    InputError
        No such weights, or of another version; the data set lacks pictures or is refined already;
        there is no such device.
    """
    usable_device(config.device)
    if dataset.info.refinement is not None:
        raise InputError(f"{dataset.path}: is refined already; give the rendered data set")
    stored = read_weights(config.weights)
    space = space_of(stored, str(config.weights))
    images = open_set("scenegen", dataset.path)
    mapped = MappedSet("rendered", images, map_classes(images.table, space))
    if not mapped.has("semantic"):
        raise DatasetError(
            f"{dataset.path}: not all frames have classes per pixel; generate with the layer "
            "semantic"
        )
    settings = settings_of(config)
    own = None
    if settings.palette > 0 and _PALETTE in stored.notes:
        own = _own_colours(mapped, space, stored)
    gate = None
    if config.label_gate is not None:
        gate = find_gate(config.label_gate, space.names, config.device)
    style = {k: w for k, w in config.style.model_dump().items() if w is not None}
    for key in style.keys() - stored.told(style).keys():
        raise InputError(
            f"style.{key}={style[key]}: no photograph that these weights learned from was told so"
        )
    plan = RefinePlan(
        str(config.weights),
        stored.digest,
        settings,
        mapped.mapping,
        gate,
        own,
        tuple(sorted(style.items())),
        config.video,
        config.carry,
        config.seed,
        config.device,
    )
    made = refiner_of(plan).digest
    told = {
        "seed": config.seed,
        "style": style,
        "video": config.video,
        "carry": config.carry,
        "device": config.device,
        "gate": None if gate is None else gate.digest,
    }
    refinement = Refinement(
        source=hashlib.sha256(canonical_json(dataset.info.reproducible())).hexdigest(),
        weights=stored.digest,
        translator=made,
        settings={**plan.settings.model_dump(), **told},
        scenegen_version=__version__,
        torch_version=torch.__version__,
        notes={k: v for k, v in stored.notes.items() if k not in {_PALETTE, SPACE}},
    )
    changed: dict[str, Any] = {
        "refinement": refinement,
        "synthetic": REFINED_FRAMES,
        "signing": None,
        "licences": (*dataset.info.licences, *_licences(stored)),
        "complete": False,
        "manifests": {},
        "index_sha256": "",
        "searched_sha256": "",
    }
    return plan, dataset.info.model_copy(update=changed)


@lru_cache(maxsize=1)
def refiner_of(plan: RefinePlan) -> Refiner:
    """Return this process's refiner.

    Raises
    ------
    InputError
        The weights were replaced since the plan was made.
    """
    stored = read_weights(Path(plan.weights))
    if stored.digest != plan.digest:
        raise InputError(f"{plan.weights}: was replaced while frames are refined with it")
    palettes = None
    if plan.own is not None:
        palettes = Palette.from_json(plan.own), Palette.from_json(stored.notes[_PALETTE])
    return Refiner(stored, plan.settings, palettes, plan.device)


def _own_colours(mapped: MappedSet, space: LabelSpace, stored: Stored) -> str:
    """Return the colours of frames from all over a data set, as JSON."""
    width = stored.spec.size[0]
    chosen = np.asarray(spread(len(mapped), min(len(mapped), _COLOUR_FRAMES))).tolist()
    frames = (at_width(mapped.image(k), mapped.semantic(k), width) for k in chosen)
    return palette_of(frames, len(space)).as_json()


def _licences(stored: Stored) -> tuple[Licence, ...]:
    """Return the terms that frames stand under for the model's sake, if it names any."""
    if "licence" not in stored.notes:
        return ()
    terms = stored.notes["licence"]
    by, source = stored.notes.get("attribution", ""), stored.notes.get("source", "")
    return (Licence(what="refiner", licence=terms, attribution=by, source=source),)
