"""What the real pictures hold that a synthetic set has too little of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from scenegen.evaluate.contrasts import MIN_BLOCKS
from scenegen.evaluate.feature_store import rows_of
from scenegen.evaluate.gaps.cells import POSITION_CELLS
from scenegen.evaluate.images import ATTRIBUTES, F64
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.measures.composition import class_shares
from scenegen.evaluate.objects import MIN_REGION_PX, ObjectTable, all_objects, common_source
from scenegen.evaluate.results import MetricResult
from scenegen.evaluate.slices import object_slices
from scenegen.evaluate.statistics import Interval, block_weights, interval_of
from scenegen.evaluate.study import Study, Tick, silent

ENOUGH = 0.5
"""Of something the synthetic set has enough if it is at least so often in its pictures, relative
to the real ones."""
DRAWS = 400
_KNOWN = 0.5
"""Attributes that fewer pictures tell are not compared."""

Columns = dict[str, F64]
"""How much of something each picture (N,) holds: a share of pixels, a number of objects, 0 or 1."""


@dataclass(frozen=True)
class Coverage:
    """How often things are in synthetic pictures, relative to real ones.

    Attributes
    ----------
    ratios : mapping of str to Interval
        By slice.
    means : mapping of str to (float, float)
        Synthetic and real mean over pictures.
    covered : Interval
        Share of the slices of which there is enough.
    """

    ratios: Mapping[str, Interval]
    means: Mapping[str, tuple[float, float]]
    covered: Interval


def compare_columns(
    ours: Columns,
    theirs: Columns,
    blocks: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]],
    generator: np.random.Generator,
) -> Coverage | None:
    """Compare what two sets hold, blocks of both resampled; None if the real one holds nothing.

    Parameters
    ----------
    ours, theirs : mapping of str to (N,), (M,)
        What isn't there at all may be missing. What is in fewer than `contrasts.MIN_BLOCKS`
        blocks of the real set is left out, as nothing sure can be said.
    """
    enough = min(MIN_BLOCKS, len(np.unique(blocks[1])))
    names = [n for n, column in theirs.items() if len(np.unique(blocks[1][column > 0])) >= enough]
    if not names:
        return None
    a = np.stack([ours.get(name, np.zeros(len(blocks[0]))) for name in names], axis=1)
    b = np.stack([theirs[name] for name in names], axis=1)
    drawn = []
    for block, columns in zip(blocks, (a, b), strict=True):
        weights = block_weights(block, generator, DRAWS).astype(np.float64)
        drawn.append((weights @ columns) / weights.sum(axis=1, keepdims=True))
    ratios = np.divide(drawn[0], drawn[1], out=np.full(drawn[0].shape, np.nan), where=drawn[1] > 0)
    plain = a.mean(axis=0) / b.mean(axis=0)
    known = np.isfinite(ratios)
    shares = (np.where(known, ratios, 0) >= ENOUGH).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    return Coverage(
        {n: interval_of(float(plain[k]), ratios[:, k]) for k, n in enumerate(names)},
        {n: (float(a[:, k].mean()), float(b[:, k].mean())) for k, n in enumerate(names)},
        interval_of(float((plain >= ENOUGH).mean()), shares),
    )


def coverage(study: Study, synthetic: MappedSet, tick: Tick = silent) -> Coverage | None:
    """Compare a synthetic set with the real test set.

    By class (share of pixels, where both sets have classes of pixels), by class and size of
    objects, by size, truncation, distance, occlusion and place, by time of day, weather and
    scene. What one of the sets doesn't tell is left out; None if nothing is left.
    """
    test = study.test
    if not len(synthetic) or not len(test):
        return None
    source = common_source(synthetic, test)
    pixels = all(mapped.has("semantic") for mapped in (synthetic, test))
    sizes = [np.prod(mapped.image(0).shape[:2]) for mapped in (synthetic, test)]
    least = (1 - 1e-9) * float(MIN_REGION_PX / min(sizes)) if source == "regions" else 0.0
    columns = []
    for mapped, first in ((synthetic, 0.0), (test, 0.5)):

        def part(share: float, note: str, first: float = first) -> None:
            tick(first + share / 2, note)

        found = _shares(study, mapped, part) if pixels else {}
        objects = _objects(study, mapped, source)
        # What can't be told in the coarser pictures doesn't count in the finer ones either.
        found |= object_columns(mapped, rows_of(objects, _area_shares(mapped, objects) >= least))
        columns.append(found | _attributes(mapped))
    told = [{_kind(name) for name in found} for found in columns]
    theirs = {name: c for name, c in columns[1].items() if _kind(name) in told[0]}
    generator = study.generator("bias", "coverage", synthetic.name)
    return compare_columns(columns[0], theirs, (synthetic.blocks, test.blocks), generator)


def object_columns(mapped: MappedSet, objects: ObjectTable) -> Columns:
    """Return how many objects of each kind each picture holds."""
    size = len(mapped)
    slices = object_slices(objects)
    columns = {"objects=all": np.ones(len(objects), np.bool_)} | slices
    columns |= _places(mapped, objects)
    for class_id, name in enumerate(mapped.mapping.space.names):
        own = objects.class_id == class_id
        if own.any():
            parts = {key: own & mask for key, mask in slices.items() if key.startswith("size=")}
            columns |= {f"class={name},{key}": mask for key, mask in parts.items()}
    return {
        name: np.bincount(objects.picture[mask], minlength=size).astype(np.float64)
        for name, mask in columns.items()
    }


def coverage_results(found: Coverage, study: Study, synthetic: MappedSet) -> Iterator[MetricResult]:
    """Return the share of slices that are covered, and the ratio of each."""
    common: dict[str, Any] = {
        "method": f"bootstrap over blocks of both sets, {DRAWS} draws",
        "dataset": synthetic.name,
        "reference": study.test.name,
    }
    yield MetricResult(
        name="bias.covered",
        value=found.covered.value,
        ci_low=found.covered.low,
        ci_high=found.covered.high,
        n=len(found.ratios),
        unit="slices",
        better="higher",
        note=f"share of slices that are at least {ENOUGH} times as frequent as in real pictures",
        **common,
    )
    for name, ratio in found.ratios.items():
        ours, theirs = found.means[name]
        yield MetricResult(
            name="bias.coverage",
            value=ratio.value,
            ci_low=ratio.low,
            ci_high=ratio.high,
            n=len(synthetic),
            slice=name,
            note=f"{ours:.3g} a synthetic picture, {theirs:.3g} a real one",
            **common,
        )


def _kind(name: str) -> str:
    """Return which attributes a slice is of, as ``class,size``."""
    return ",".join(part.partition("=")[0] for part in name.split(","))


def _shares(study: Study, mapped: MappedSet, tick: Tick) -> Columns:
    kept = study.memo.arrays(
        "class-shares",
        {"set": mapped.digest},
        lambda: {"shares": class_shares(mapped, tick)},
    )
    names = mapped.mapping.space.names
    return {f"class={name}": kept["shares"][:, i] for i, name in enumerate(names)}


def _objects(study: Study, mapped: MappedSet, source: Any) -> ObjectTable:
    """Return all objects, read once; kept under the key of `FeatureStore.objects`."""
    kept = study.memo.arrays(
        "objects",
        {"set": mapped.digest, "source": source},
        lambda: {k: v for k, v in vars(all_objects(mapped, source)).items() if v is not None},
    )
    return ObjectTable(**kept)


def _area_shares(mapped: MappedSet, objects: ObjectTable) -> F64:
    """Return the share of the picture that each box takes (M,); pictures have one aspect."""
    height, width = mapped.image(0).shape[:2]
    sides = objects.xyxy[:, 2:] - objects.xyxy[:, :2]
    wide = objects.height_share * sides[:, 0] / np.maximum(sides[:, 1], 1e-9) * height / width
    return np.asarray(objects.height_share * wide, np.float64)


def _places(mapped: MappedSet, objects: ObjectTable) -> dict[str, npt.NDArray[np.bool_]]:
    """Return masks (M,) by ninth of the picture; pictures of a set have one aspect."""
    if not len(objects):
        return {}
    height, width = mapped.image(0).shape[:2]
    tall = (objects.xyxy[:, 3] - objects.xyxy[:, 1]) / np.maximum(objects.height_share, 1e-9)
    across = objects.xyxy[:, 0::2].mean(axis=1) / (tall * width / height)
    down = objects.xyxy[:, 1::2].mean(axis=1) / tall
    row, column = (np.clip(3 * place, 0, 2).astype(np.int64) for place in (down, across))
    return {
        f"position={name}": mask
        for i, name in enumerate(POSITION_CELLS)
        if (mask := 3 * row + column == i).any()
    }


def _attributes(mapped: MappedSet) -> Columns:
    """Return indicators (N,) of what pictures tell of themselves, by value."""
    columns: Columns = {}
    for attribute, values in ATTRIBUTES.items():
        array = np.array([str(record.attributes.get(attribute, "")) for record in mapped.records])
        if len(array) and np.isin(array, values).mean() >= _KNOWN:
            columns |= {f"{attribute}={v}": (array == v).astype(np.float64) for v in values}
    return columns
