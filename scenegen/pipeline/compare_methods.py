"""The methods of a comparison, trained or read, and the frames that each makes."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import numpy as np

from scenegen import __version__
from scenegen.errors import InputError, nearest
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.memo import Memo
from scenegen.evaluate.study import Tick
from scenegen.evaluate.utility.folders import published
from scenegen.refine.baselines.state import BaselineRecipe, read_state, write_state
from scenegen.refine.bundled import model_file
from scenegen.refine.comparison.translated import translate, translated_set
from scenegen.refine.palette import Palette, palette_of
from scenegen.refine.pictures import Pictures
from scenegen.refine.protocol import Budget, Translator
from scenegen.refine.refiner import Refiner
from scenegen.refine.settings import USUAL, Design
from scenegen.refine.weights import Stored

if TYPE_CHECKING:
    from scenegen.pipeline.compare_config import CompareConfig
    from scenegen.refine.baselines.state import Baseline

VERSION = 1
"""Raised when equal inputs would give other frames."""
RAW = "raw"
DIFFUSION: dict[str, Design] = {"diffusion-sdedit": "sdedit", "diffusion-bridge": "bridge"}
_STATE, _ABOUT = "state.safetensors", "about.json"


@dataclass(frozen=True)
class Method:
    """A translator, and what it took to have it.

    Attributes
    ----------
    kind : str
        See `MethodResult`.
    training_s : float
    parameters, size_bytes : int
    seeded : bool
        Whether a frame's seed changes it.
    """

    name: str
    kind: Literal["recipe", "given"]
    translator: Translator
    training_s: float
    parameters: int
    size_bytes: int
    seeded: bool = True


@dataclass(frozen=True)
class Domains:
    """What recipes learn from, at the working size."""

    real: Pictures
    rendered: Pictures


def chosen(config: CompareConfig, recipes: Mapping[str, BaselineRecipe]) -> tuple[str, ...]:
    """Return the names of the methods that were asked for; what they are held against is there.

    Raises
    ------
    InputError
        A name is unknown, or diffusion was asked for without weights.
    """
    there = (RAW, *recipes, *DIFFUSION)
    for name in config.named:
        if name not in there:
            raise InputError(f"methods: no {name!r}{nearest(name, there)}; all: {', '.join(there)}")
        if name in DIFFUSION and config.weights is None:
            raise InputError(f"methods: {name} needs weights=FILE, as train-refiner writes them")
    words = config.named or tuple(
        name for name in there if name not in DIFFUSION or config.weights is not None
    )
    return tuple(dict.fromkeys((RAW, *words)))


def trained(
    recipe: BaselineRecipe, domains: Domains, config: CompareConfig, memo: Memo, tick: Tick
) -> Method:
    """Train a recipe, or find what an earlier run trained of the same pictures."""
    budget = Budget(60 * config.minutes, config.steps)
    inputs = {
        "recipe": recipe.name,
        "version": [VERSION, __version__],
        "pictures": [domains.real.prepared.digest, domains.rendered.prepared.digest],
        "budget": [budget.seconds, budget.steps],
        "seed": config.seed,
        "device": config.device,
    }

    def fill(folder: Path) -> None:
        begin = time.monotonic()
        made = recipe.train(
            domains.real,
            domains.rendered,
            budget,
            config.seed,
            config.device,
            lambda share, loss: tick(share, f"loss {loss:.3f}"),
        )
        seconds = time.monotonic() - begin
        write_state(folder / _STATE, cast("Baseline", made).state)
        (folder / _ABOUT).write_text(json.dumps({"seconds": round(seconds, 2)}), encoding="utf-8")

    folder = published(memo.folder / f"trained-{recipe.name}-{_key(inputs)}", fill)
    state = read_state(folder / _STATE)
    return Method(
        recipe.name,
        "recipe",
        recipe.restored(state, config.device),
        float(json.loads((folder / _ABOUT).read_text(encoding="utf-8"))["seconds"]),
        sum(tensor.numel() for tensor in state.tensors.values()),
        (folder / _STATE).stat().st_size,
    )


def given(name: str, stored: Stored, rendered: Pictures, config: CompareConfig) -> Method:
    """Return diffusion with given weights, in the design of a name of `DIFFUSION`."""
    told = {key: value for key, value in config.diffusion.model_dump().items() if value is not None}
    settings = USUAL[DIFFUSION[name]].model_copy(update=told)
    palettes = None
    if settings.palette > 0 and "palette" in stored.notes:
        every = range(len(rendered))
        frames = (
            (rendered.prepared.images([k])[0], rendered.prepared.semantic([k])[0]) for k in every
        )
        own = palette_of(frames, len(stored.spec.network.classes))
        palettes = own, Palette.from_json(stored.notes["palette"])
    assert config.weights is not None
    return Method(
        name,
        "given",
        Refiner(stored, settings, palettes, config.device),
        float(stored.notes.get("seconds", 0.0)),
        sum(tensor.numel() for tensor in stored.tensors.values()),
        model_file(config.weights).stat().st_size,
        settings.design == "sdedit",
    )


def refined(
    method: Method, held: MappedSet, seeds: Sequence[int], memo: Memo, tick: Tick
) -> tuple[tuple[MappedSet, ...], float]:
    """Return the held-out frames as a method makes them by each seed, and its seconds a frame."""
    seeds = seeds if method.seeded else seeds[:1]
    runs, seconds = [], []
    for k, seed in enumerate(seeds):

        def part(share: float, note: str, before: int = k) -> None:
            tick((before + share) / len(seeds), f"seed {before + 1} of {len(seeds)}, {note}")

        def fill(folder: Path, seed: int = seed, part: Tick = part) -> None:
            spent = translate(method.translator, held, seed, folder, part)
            about = {"frame_s": spent / len(held), "digest": method.translator.digest}
            (folder / _ABOUT).write_text(json.dumps(about), encoding="utf-8")

        inputs = {
            "version": VERSION,
            "translator": method.translator.digest,
            "frames": held.digest,
            "seed": seed,
        }
        key = _key(inputs)
        folder = published(memo.folder / f"refined-{method.name}-{key}", fill)
        about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        seconds.append(float(about["frame_s"]))
        runs.append(translated_set(held, f"{method.name}-{seed}", folder, key))
    return tuple(runs), float(np.mean(seconds))


def _key(inputs: Mapping[str, object]) -> str:
    text = json.dumps(inputs, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:20]
