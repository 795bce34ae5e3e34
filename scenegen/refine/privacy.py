"""Whether a refiner remembers the photographs that it was trained on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch

from scenegen.errors import InputError
from scenegen.evaluate.classes import LabelSpace
from scenegen.evaluate.comparison import share
from scenegen.evaluate.feature_store import FeatureStore
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.measures.membership import DRAWS, FPR, membership_intervals
from scenegen.evaluate.members import Losses, arms, held_out, training_set
from scenegen.evaluate.privacy import privacy
from scenegen.evaluate.results import MetricResult, Section, Table
from scenegen.evaluate.statistics import F64
from scenegen.evaluate.study import Study, Tick, silent
from scenegen.refine.denoiser import Denoiser
from scenegen.refine.pictures import Pictures, open_pictures
from scenegen.refine.planes import as_planes
from scenegen.refine.weights import Stored
from scenegen.seeds import named_generator

LEVELS = (0.1, 0.3, 1.0, 3.0)
"""Noise levels that are looked at, in units of pictures' own deviation."""
NOISES = 2
"""Draws of noise for each picture and level."""


@dataclass(frozen=True)
class Remembered:
    """How well a refiner restores the pictures that it knows, and others.

    Attributes
    ----------
    members : (M, L) float64
        Weighted squared error of each training picture by level of `LEVELS`.
    others : (H, L) float64
        The same of held-out pictures.
    """

    members: F64
    others: F64

    def losses(self, model: str) -> Losses:
        """Return the mean over levels, as `evaluate.privacy` takes it."""
        return Losses(model, self.members.mean(axis=1), self.others.mean(axis=1))


@torch.no_grad()  # type: ignore[untyped-decorator]
def denoising_losses(model: Denoiser, pictures: Pictures, seed: int, tick: Tick = silent) -> F64:
    """Return how badly each picture is restored from noise, (N, len(LEVELS)) float64.

    The training loss of each picture as a whole (EDM's weights), which is less for pictures
    that were trained on if the model remembers them (Carlini et al. 2023, "Extracting training
    data from diffusion models"; Matsumoto et al. 2023). Classes are told and sketches are not: what
    is told needs no memory.

    Parameters
    ----------
    model : Denoiser
        On the device where it is to run.
    pictures : Pictures
        Real ones, at the size that the model was trained at.
    seed : int
        Noise depends on it, on the picture's name, on level and draw, and on nothing else.
    """
    device = next(model.parameters()).device
    found = np.zeros((len(pictures), len(LEVELS)))
    data = model.spec.sigma_data
    for k in range(len(pictures)):
        tick(k / len(pictures), f"restored {k} of {len(pictures)} pictures")
        clean = as_planes(pictures.prepared.images([k])).to(device)
        condition = pictures.condition([k])
        told = condition.shown * torch.tensor([1.0, 0.0])
        condition = replace(condition, shown=told).to(str(device))
        for at, level in enumerate(LEVELS):
            sigma = level * data
            weight = (sigma**2 + data**2) / (sigma * data) ** 2
            for draw in range(NOISES):
                rng = named_generator("refiner loss", seed, pictures.prepared.ids[k], at, draw)
                noise = torch.from_numpy(rng.standard_normal(clean.shape, "float32")).to(device)
                restored = model(clean + sigma * noise, clean.new_full((1,), sigma), condition)
                found[k, at] += weight * float(((restored - clean) ** 2).mean()) / NOISES
    return found


def check_space(stored: Stored, space: LabelSpace) -> None:
    """Refuse a refiner that was told other classes than pictures are judged by; InputError."""
    if stored.spec.network.classes != space.names:
        raise InputError(
            f"the refiner knows the classes {', '.join(stored.spec.network.classes)}; here they "
            f"are {', '.join(space.names)}: give the real set and space= of its training"
        )


def remembered(
    study: Study, stored: Stored, device: str = "cpu", tick: Tick = silent
) -> Remembered:
    """Return the losses of the study's training pictures and of its held-out ones; kept.

    Raises
    ------
    InputError
        The refiner knows other classes than the study, or there are no training pictures.
    """
    check_space(stored, study.space)

    def losses(mapped: MappedSet, part: Tick) -> F64:
        def made() -> dict[str, F64]:
            pictures = open_pictures(mapped, "real", stored.spec.size, study.memo)
            model = stored.denoiser(device)
            return {"losses": denoising_losses(model, pictures, study.seed, part)}

        rule = [*LEVELS, NOISES, study.seed]
        inputs = {"set": mapped.digest, "weights": stored.digest, "rule": rule}
        return study.memo.arrays("refiner-losses", inputs, made)["losses"]

    return Remembered(
        losses(training_set(study), share(tick, 0.0, 0.5)),
        losses(held_out(study).mapped, share(tick, 0.5, 1.0)),
    )


def refiner_privacy(
    study: Study,
    synthetic: MappedSet,
    store: FeatureStore,
    stored: Stored,
    device: str = "cpu",
    tick: Tick = silent,
) -> Section:
    """Look for training pictures in refined frames, and in the refiner itself.

    All of `evaluate.privacy`, whose membership test by loss is the refiner's own, and that
    test by noise level.

    Parameters
    ----------
    synthetic : MappedSet
        What the refiner made.
    stored : Stored
        The refiner.
    """
    known = remembered(study, stored, device, share(tick, 0.0, 0.7))
    name = f"refiner {stored.digest[:12]}"
    section = privacy(study, synthetic, store, share(tick, 0.7, 1.0), known.losses(name))
    levels = tuple(by_level(study, synthetic.name, known, name))
    rows = tuple((r.name, r.slice, r.value, r.ci_low, r.ci_high, r.n) for r in levels)
    table = Table(
        title="Training pictures told by the refiner's loss",
        columns=("figure", "slice", "value", "low", "high", "n"),
        rows=rows,
        note="Noise in units of pictures' own deviation. Without memory the area is one half and "
        f"{FPR:.0%} of members are told.",
    )
    return section.model_copy(
        update={"results": (*section.results, *levels), "tables": (*section.tables, table)}
    )


def by_level(study: Study, synthetic: str, known: Remembered, model: str) -> Iterator[MetricResult]:
    """Give area and true positives of the test by loss, for each noise level."""
    train, held = training_set(study), held_out(study)
    for arm in arms(train, held):
        inside = arm.members
        for at, level in enumerate(LEVELS):
            words = ("refiner privacy", synthetic, arm.slice, at)
            intervals = membership_intervals(
                -known.members[inside, at],
                -known.others[:, at],
                (train.blocks[inside], held.mapped.blocks),
                study.generator(*words),
            )
            where = f"noise={level:g}" + ("" if arm.slice == "all" else f", {arm.slice}")
            for key, interval in zip(("auc", "tpr"), intervals, strict=True):
                yield MetricResult(
                    name=f"privacy.denoising_{key}",
                    value=interval.value,
                    ci_low=interval.low,
                    ci_high=interval.high,
                    n=len(inside) + len(held.mapped),
                    better="lower",
                    method=f"block bootstrap, {DRAWS} draws",
                    dataset=synthetic,
                    reference=train.name,
                    model=model,
                    slice=where,
                    note="" if arm.alike else "members and others are not from the same drives",
                )
