"""How much of the real world's variety a synthetic set has, and whether it repeats itself."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scenegen.evaluate.comparison import (
    BOOTSTRAP,
    MIN_ITEMS,
    MOST,
    Comparison,
    Side,
    compare,
    nearest_frames,
    share,
    share_interval,
)
from scenegen.evaluate.feature_store import FeatureSet, FeatureStore
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.measures import jackknife
from scenegen.evaluate.measures.duplicates import find_duplicates
from scenegen.evaluate.measures.spread import spread_within, total_spread
from scenegen.evaluate.measures.vendi import vendi_interval
from scenegen.evaluate.results import Flag, MetricResult, Section, Table
from scenegen.evaluate.study import Study, Tick

ABOUT = (
    "Recall and coverage say how much of the real test set has something synthetic near it; "
    "Vendi how many wholly unlike pictures each set amounts to, at equal numbers. A test set of "
    "one drive is less varied than the world: more variety than it has is no fault."
)
COLLAPSED = 0.5
"""Collapse: of the variety beyond that of one repeated picture (Vendi 1), the synthetic set has
less than this share of what the real one has at equal number, and the intervals are apart."""
REPEATED = 0.05
"""Share of frames with a near-identical one elsewhere from which a warning is due."""


def diversity(study: Study, synthetic: MappedSet, store: FeatureStore, tick: Tick) -> Section:
    """Compare the variety of a synthetic set with that of the real test set.

    Parameters
    ----------
    study : Study
    synthetic : MappedSet
    store : FeatureStore
    tick : Tick
    """
    both = compare(study, synthetic, store, share(tick, 0.0, 0.8))
    tick(0.8, "variety")
    vendi = list(_vendi(both))
    duplicates = list(_duplicates(both))
    return Section(
        name="diversity",
        title="Diversity",
        results=(*_neighbours(both), *vendi, *_spread(both), *duplicates),
        flags=(*collapse_flags(vendi), *_duplicate_flags(duplicates)),
        tables=tuple(_conditions(both)),
        about=ABOUT,
    )


def _neighbours(both: Comparison) -> Iterator[MetricResult]:
    """Give recall and coverage, and what real photographs of another drive get."""
    real = both.test.frames.evenly(MOST)
    for suffix, side in (("", both.synthetic), ("_real", both.train)):
        if side is None:
            continue
        frames = side.frames.evenly(MOST if not suffix else len(both.synthetic.frames))
        found = nearest_frames(both.test, frames)
        note = f"{len(real)} real frames, {len(frames)} beside them, 5 neighbours"
        for name in ("recall", "coverage"):
            interval = None
            if found is not None:
                generator = both.generator("neighbours", name, suffix)
                interval = share_interval(getattr(found, name), real.blocks, generator)
            yield both.result(
                f"diversity.{name}{suffix}",
                interval,
                len(real),
                "neither" if suffix else "higher",
                f"{BOOTSTRAP}, other set fixed",
                dataset=side.mapped.name,
                note=note if found is not None else f"{note}: left out, too few",
            )


def _vendi(both: Comparison) -> Iterator[MetricResult]:
    """Give the Vendi scores of the synthetic and the real set, then of the training set."""
    n = min(len(both.synthetic.frames), len(both.test.frames), MOST)
    sides: list[tuple[str, Side | None]] = [
        ("diversity.vendi", both.synthetic),
        ("diversity.vendi_real", both.test),
        ("diversity.vendi_real_train", both.train),
    ]
    for name, side in sides:
        if side is None or len(side.frames) < n:
            continue
        note = f"{n} frames of each set, spread evenly"
        interval = None
        if n >= MIN_ITEMS:
            interval = vendi_interval(side.frames.evenly(n))
        else:
            note = f"{n} frames: left out, as it needs {MIN_ITEMS}"
        yield both.result(
            name,
            interval,
            n,
            "higher" if side is both.synthetic else "neither",
            jackknife.METHOD,
            dataset=side.mapped.name,
            note=note,
        )


def collapse_flags(vendi: list[MetricResult]) -> Iterator[Flag]:
    """Warn of a mode collapse by the first two results, synthetic and real; see `COLLAPSED`."""
    ours, real = vendi[0], vendi[1]
    if ours.value is None or real.value is None or ours.ci_high is None or real.ci_low is None:
        return
    ratio = (ours.value - 1) / max(real.value - 1, 1e-9)
    if ratio < COLLAPSED and ours.ci_high < real.ci_low:
        message = (
            f"{ours.dataset} shows a mode collapse: {ours.n} of its frames amount to "
            f"{ours.value:.1f} unlike pictures, as many real ones to {real.value:.1f}"
        )
        yield Flag(severity="warning", kind="mode_collapse", message=message)


def _spread(both: Comparison) -> Iterator[MetricResult]:
    """Give the variance of features, and which share of it lies within scenes and scenarios."""
    for suffix, side in (("", both.synthetic), ("_real", both.test)):
        frames = side.frames.evenly(MOST)
        interval, note = None, f"left out, as it needs {MIN_ITEMS} frames"
        if len(frames) >= MIN_ITEMS:
            interval = jackknife.jackknife(lambda one: total_spread(one.features), frames)
            note = "mean squared distance of features from their mean"
        yield both.result(
            f"diversity.spread{suffix}", interval, len(frames), "neither", jackknife.METHOD,
            dataset=side.mapped.name, note=note,
        )  # fmt: skip
    frames = both.synthetic.frames.evenly(MOST)
    for kind, labels in conditions(both.synthetic.mapped).items():
        numbers = np.unique(labels[frames.pictures], return_inverse=True)[1]
        interval, note = None, f"left out, as there is one {kind} or too few frames"
        if numbers.max(initial=0) > 0 and len(frames) >= MIN_ITEMS:
            # The jackknife takes rows out of the set, and what each belongs to with them.
            tagged = FeatureSet(frames.features, frames.blocks, numbers.astype(np.int64))
            interval = jackknife.jackknife(
                lambda one: spread_within(one.features, one.pictures), tagged
            )
            note = "share of the variance of features that lies within, the rest between"
        yield both.result(
            f"diversity.spread_within_{kind}", interval, len(frames), "neither",
            jackknife.METHOD, note=note,
        )  # fmt: skip


def conditions(mapped: MappedSet) -> dict[str, np.ndarray[tuple[int], np.dtype[np.str_]]]:
    """Return what each frame belongs to (N,), by kind: its scene or drive, and its scenario."""
    found = {"scene": np.array([record.group for record in mapped.records], np.str_)}
    scenarios = [str(record.attributes.get("scenario", "")) for record in mapped.records]
    if all(scenarios):
        found["scenario"] = np.array(scenarios, np.str_)
    return found


def _conditions(both: Comparison) -> Iterator[Table]:
    """Give a table of the spread within each condition of the coarsest kind."""
    frames = both.synthetic.frames.evenly(MOST)
    kind, labels = list(conditions(both.synthetic.mapped).items())[-1]
    labels = labels[frames.pictures]
    total = total_spread(frames.features) if len(frames) > 1 else 0.0
    rows = []
    for name in np.unique(labels).tolist():
        inside = frames.features[labels == name]
        within = total_spread(inside) / total if len(inside) > 1 and total > 0 else None
        rows.append((name, len(inside), within))
    if len(rows) > 1:
        yield Table(
            title=f"Spread within each {kind}",
            columns=(kind, "frames", "share of the whole set's spread"),
            rows=tuple(rows),
            note="Mean squared distance of features from their mean, over that of the whole set.",
        )


def _duplicates(both: Comparison) -> Iterator[MetricResult]:
    """Give the share of frames that another one repeats, elsewhere or next to it."""
    for suffix, side in (("", both.synthetic), ("_real", both.test)):
        found = find_duplicates(side.mapped, side.frames, side.looks)
        for word, values in (("", found.elsewhere), ("_consecutive", found.consecutive)):
            generator = both.generator("duplicates", suffix, word)
            yield both.result(
                f"diversity.duplicates{word}{suffix}",
                share_interval(values, found.blocks, generator) if len(values) else None,
                len(values),
                "neither" if suffix or word else "lower",
                BOOTSTRAP,
                dataset=side.mapped.name,
                note="share of frames with a near-identical one "
                + ("next to it in time" if word else "that is not its neighbour in time"),
            )


def _duplicate_flags(duplicates: list[MetricResult]) -> Iterator[Flag]:
    repeated = duplicates[0]
    if repeated.value is not None and repeated.value > REPEATED:
        message = (
            f"{repeated.dataset}: {repeated.value:.0%} of frames have a near-identical one that is "
            "not their neighbour in time"
        )
        yield Flag(severity="warning", kind="duplicates", message=message)
