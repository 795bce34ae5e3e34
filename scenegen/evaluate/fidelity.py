"""How like real photographs a synthetic set looks, beside how alike real ones are."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scenegen.evaluate.comparison import (
    BOOTSTRAP,
    MIN_ITEMS,
    MOST,
    Better,
    Comparison,
    compare,
    halves,
    nearest_frames,
    share,
    share_interval,
)
from scenegen.evaluate.feature_store import FeatureSet, FeatureStore
from scenegen.evaluate.fidelity_looks import colours, detail
from scenegen.evaluate.fidelity_pictures import nearest_grids
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.measures import jackknife
from scenegen.evaluate.measures.frechet import frechet, frechet_interval
from scenegen.evaluate.measures.kid import kid_interval
from scenegen.evaluate.objects import common_source
from scenegen.evaluate.results import Flag, MetricResult, Section
from scenegen.evaluate.slices import object_slices, picture_slices
from scenegen.evaluate.statistics import Interval, mean_interval
from scenegen.evaluate.study import Study, Tick

FRECHET_MOST = 500
"""Pictures on each side of a Fréchet distance: more cost cubically and are told apart by KID."""
ABOUT = (
    "KID is the headline: 0 means that the features can't tell the sets apart. The floor is what "
    "real photographs get against other real ones, from two halves of the test set and, where "
    "there are training photographs, from another drive; below it nothing can be told. "
    "Neighbouring frames of a video are alike, which lifts all of these figures: read them beside "
    "the floor and never across networks or test sets. Each says how alike the pictures look to "
    "one network, not whether a model learns from them."
)


def fidelity(study: Study, synthetic: MappedSet, store: FeatureStore, tick: Tick) -> Section:
    """Compare the pictures of a synthetic set with those of the real test set.

    Parameters
    ----------
    study : Study
    synthetic : MappedSet
    store : FeatureStore
    tick : Tick
    """
    both = compare(study, synthetic, store, share(tick, 0.0, 0.6))
    crops = list(_crops(both, share(tick, 0.6, 0.95)))
    tick(0.95, "distances")
    colour_results, colour_table, colour_plots = colours(both)
    detail_results, detail_plot = detail(both)
    return Section(
        name="fidelity",
        title="Fidelity",
        results=(
            *_frames(both),
            *_equal_number(both),
            *_neighbours(both),
            *_picture_slices(both),
            *crops,
            *colour_results,
            *detail_results,
        ),
        flags=tuple(_flags(both)),
        tables=(colour_table,),
        plots=(*colour_plots, detail_plot),
        grids=nearest_grids(both),
        about=ABOUT,
    )


def _kid(
    both: Comparison,
    name: str,
    x: FeatureSet,
    y: FeatureSet,
    *,
    dataset: str = "",
    slice: str = "all",
    unit: str = "images",
) -> MetricResult:
    """Return the distance of two sets of features, or why it is left out."""
    against = f"{len(x)} against {len(y)} {unit}"
    better: Better = "neither" if dataset else "lower"
    interval, note = None, f"{against}: left out, as either side needs {MIN_ITEMS}"
    if min(len(x), len(y)) >= MIN_ITEMS:
        interval, note = kid_interval(x, y, both.generator(name, slice)), against
    return both.result(
        name, interval, len(x), better, BOOTSTRAP,
        unit=unit, dataset=dataset, slice=slice, note=note,
    )  # fmt: skip


def _frames(both: Comparison) -> Iterator[MetricResult]:
    """Give the headline and its floors."""
    test = both.test
    first, second = halves(test.mapped)
    yield _kid(both, "fidelity.kid", both.synthetic.frames, test.frames)
    parts = test.frames.subset(first), test.frames.subset(second)
    yield _kid(both, "fidelity.kid_floor", *parts, dataset=test.mapped.name)
    if both.train is not None:
        name = both.train.mapped.name
        yield _kid(both, "fidelity.kid_floor_train", both.train.frames, test.frames, dataset=name)


def _equal_number(both: Comparison) -> Iterator[MetricResult]:
    """Give Fréchet distances, all with the same number of pictures on every side."""
    test, frames = both.test, both.synthetic.frames
    first, second = (test.frames.subset(half) for half in halves(test.mapped))
    n = min(len(first), len(second), len(frames), FRECHET_MOST)
    note = f"{n} pictures on each side; grows as they get fewer, so compare at equal number only"
    if n < MIN_ITEMS:
        note = f"{n} pictures on the smallest side: left out, as it needs {MIN_ITEMS}"

    def result(name: str, interval: Interval | None, dataset: str) -> MetricResult:
        better: Better = "neither" if dataset else "lower"
        method = jackknife.METHOD
        return both.result(name, interval, n, better, method, dataset=dataset, note=note)

    def against_halves(x: FeatureSet) -> Interval | None:
        """Return the mean over both halves, whose own change counts as well."""
        if n < MIN_ITEMS:
            return None

        def mean(a: FeatureSet, b: FeatureSet, c: FeatureSet) -> float:
            return (frechet(a.features, b.features) + frechet(a.features, c.features)) / 2

        return jackknife.jackknife(mean, x.evenly(n), first.evenly(n), second.evenly(n))

    yield result("fidelity.frechet", against_halves(frames), "")
    floor = None if n < MIN_ITEMS else frechet_interval(first.evenly(n), second.evenly(n))
    yield result("fidelity.frechet_floor", floor, test.mapped.name)
    if both.train is not None and len(both.train.frames) >= n:
        train = against_halves(both.train.frames)
        yield result("fidelity.frechet_floor_train", train, both.train.mapped.name)


def _neighbours(both: Comparison) -> Iterator[MetricResult]:
    """Give precision and density, and what real photographs of another drive get."""
    sides = [("", both.synthetic), ("_real", both.train)]
    for suffix, side in sides:
        if side is None:
            continue
        frames = side.frames.evenly(MOST if not suffix else len(both.synthetic.frames))
        found = nearest_frames(both.test, frames)
        note = f"{len(frames)} among {len(both.test.frames)} real, 5 neighbours"
        for name in ("precision", "density"):
            interval = None
            if found is not None:
                values = getattr(found, name)
                # A density is no share, but where all are 0 the share in any ball bounds it.
                shares = name == "precision" or not values.any()
                of_values = share_interval if shares else mean_interval
                generator = both.generator("neighbours", name, suffix)
                interval = of_values(values, frames.blocks, generator)
            yield both.result(
                f"fidelity.{name}{suffix}",
                interval,
                len(frames),
                "neither" if suffix else "higher",
                f"{BOOTSTRAP}, real manifold fixed",
                dataset=side.mapped.name,
                note=note if found is not None else f"{note}: left out, too few",
            )


def _picture_slices(both: Comparison) -> Iterator[MetricResult]:
    """Give the distance within each slice that the test set has."""
    synthetic = picture_slices(both.synthetic.mapped)
    nowhere = np.zeros(len(both.synthetic.mapped), np.bool_)
    for name, real in picture_slices(both.test.mapped).items():
        x = both.synthetic.frames.subset(synthetic.get(name, nowhere))
        yield _kid(both, "fidelity.kid", x, both.test.frames.subset(real), slice=name)


def _crops(both: Comparison, tick: Tick) -> Iterator[MetricResult]:
    """Give the distance of object crops by class, by size, and by what else both sets know."""
    store = both.store
    test, synthetic, train = both.test.mapped, both.synthetic.mapped, both.study.train
    known = [synthetic, test, *([] if train is None else [train])]
    if not all(mapped.has("semantic") or mapped.has("boxes") for mapped in known):
        return
    source = common_source(*known)
    found = [
        store.crops(mapped, source, share(tick, i / len(known), (i + 1) / len(known)))
        for i, mapped in enumerate(known)
    ]
    x, y = found[0], found[1]
    space = both.study.space

    def by_class(class_id: int, position: int) -> FeatureSet:
        crops = found[position]
        return crops.features.subset(crops.objects.class_id == class_id)

    for class_id in np.union1d(x.objects.class_id, y.objects.class_id).tolist():
        name = f"class={space.names[class_id]}"
        yield _kid(
            both, "fidelity.crop_kid", by_class(class_id, 0), by_class(class_id, 1),
            slice=name, unit="objects",
        )  # fmt: skip
        if train is not None:
            yield _kid(
                both, "fidelity.crop_kid_floor_train",
                by_class(class_id, 2), by_class(class_id, 1),
                slice=name, unit="objects", dataset=train.name,
            )  # fmt: skip
    ours, real = object_slices(x.objects), object_slices(y.objects)
    for name in [name for name in ours if name in real]:
        yield _kid(
            both, "fidelity.crop_kid", x.features.subset(ours[name]), y.features.subset(real[name]),
            slice=name, unit="objects",
        )  # fmt: skip


def _flags(both: Comparison) -> Iterator[Flag]:
    ours, real = (np.median(side.looks.size, axis=0) for side in (both.synthetic, both.test))
    aspects = [float(size[1] / size[0]) for size in (ours, real)]
    if abs(np.log(aspects[0] / aspects[1])) > np.log(1.1):
        message = (
            f"{both.synthetic.mapped.name} is {aspects[0]:.2f} times as wide as high and "
            f"{both.test.mapped.name} {aspects[1]:.2f} times; pictures are squeezed to a square "
            "for features, so a part of the distance is this"
        )
        yield Flag(severity="warning", kind="aspect", message=message)
