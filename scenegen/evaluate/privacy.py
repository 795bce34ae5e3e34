"""Whether a synthetic set gives away the photographs that its maker was trained on."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scenegen.errors import InputError
from scenegen.evaluate.comparison import share
from scenegen.evaluate.copies import RATIO, Copies, find_copies
from scenegen.evaluate.feature_store import FeatureStore
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.measures.phash import signatures
from scenegen.evaluate.members import Losses, arms, held_out, training_set
from scenegen.evaluate.privacy_figures import Traces
from scenegen.evaluate.results import Flag, Grid, MetricResult, Picture, Section, Table
from scenegen.evaluate.study import Study, Tick, silent
from scenegen.evaluate.thumbnails import side_by_side, write_thumbnail

SHOWN = 6
ABOUT = (
    "Members are the real training pictures, others are real pictures that were not trained on. "
    "A maker that remembers its training pictures makes pictures nearer to them than to the "
    "others: shares and areas above one half. Where members and others come from different "
    "drives, places and light tell them apart as well, so that only figures within the same "
    "drives are evidence. A low figure doesn't show that nothing can be got out of the maker "
    "ittraces."
)


def privacy(
    study: Study,
    synthetic: MappedSet,
    store: FeatureStore,
    tick: Tick = silent,
    losses: Losses | None = None,
) -> Section:
    """Look for training pictures in a synthetic set.

    It is flagged as memorised if a picture of it is a copy of a training picture by the
    criterion of `copies.find_copies`, unless held-out photographs, which can't be copies,
    meet it as often.

    Parameters
    ----------
    losses : Losses, optional
        For a membership test by a model's own loss.
    """
    if not len(synthetic):
        raise InputError(f"{synthetic.name}: has no pictures to look for copies in")
    train, held = training_set(study), held_out(study)
    sets = (synthetic, train, held.mapped)
    frames = [store.frames(m, share(tick, i / 6, (i + 1) / 6)) for i, m in enumerate(sets)]
    looks = [
        signatures(m, study.memo, share(tick, 0.5 + i / 10, 0.6 + i / 10))
        for i, m in enumerate(sets)
    ]
    traces = Traces(study, synthetic, store.extractor.name, train, held)
    copies = find_copies((frames[0], looks[0]), (frames[1], looks[1]))
    baseline = find_copies((frames[2], looks[2]), (frames[1], looks[1]))
    results = [*traces.copies(copies, baseline)]
    for arm in arms(train, held):
        results += traces.nearer(arm, frames, looks)
        results += traces.membership(arm, frames, losses)
    results += traces.patches(share(tick, 0.8, 0.95))
    tick(0.95, "nearest real neighbours")
    return Section(
        name="privacy",
        title="Privacy",
        results=tuple(results),
        flags=tuple(_flags(traces, results)),
        tables=(_table(traces, results),),
        grids=(_grid(traces, copies),),
        about=ABOUT,
    )


def _flags(traces: Traces, results: list[MetricResult]) -> Iterator[Flag]:
    found = {(r.name.removeprefix("privacy."), r.slice): r for r in results}
    copies, floor = found["copies", "all"], found["copies_floor", "all"]
    alike = found["exact", "all"].value or 0, found["near", "all"].value or 0
    name, train = traces.synthetic.name, traces.train.name
    if sum(alike) or (copies.ci_low or 0) > (floor.ci_high or 0):
        yield Flag(
            severity="error",
            kind="memorised",
            message=f"{name}: {copies.value or 0:.1%} of {copies.n} pictures are copies of "
            f"pictures of {train}, {alike[0]:.0f} of them equal and {alike[1]:.0f} nearly so; "
            f"of photographs that can't be copies {floor.value or 0:.1%} pass for some",
        )
    for arm in arms(traces.train, traces.held):
        for key in ("nearer_train", "membership_auc", "loss_auc"):
            result = found.get((key, arm.slice))
            if arm.alike and result is not None and (result.ci_low or 0) > 0.5:
                text = f"{result.value:.2f} ({result.ci_low:.2f} to {result.ci_high:.2f})"
                yield Flag(
                    severity="warning",
                    kind="leans towards training pictures",
                    message=f"{name}: {result.name} is {text} within the drives "
                    f"{', '.join(traces.held.drives[:3])}; without memory it is one half",
                )
    if not traces.held.drives:
        yield Flag(
            severity="note",
            kind="privacy across drives",
            message=f"{train} and {traces.held.mapped.name} come from different drives, so "
            "that shares and areas other than one half may be due to place and light",
        )


def _table(traces: Traces, results: list[MetricResult]) -> Table:
    rows = tuple(
        (r.name, r.slice, r.value, r.ci_low, r.ci_high, r.n, r.unit, r.note) for r in results
    )
    columns = ("figure", "slice", "value", "low", "high", "n", "of", "what it is")
    held = traces.held
    drives = f"of the drives {', '.join(held.drives[:5])}" if held.drives else "of other drives"
    note = f"Members are {traces.train.name}, others are {held.mapped.name}, {drives}."
    return Table(title="Traces of training pictures", columns=columns, rows=rows, note=note)


def _grid(traces: Traces, copies: Copies) -> Grid:
    """Show the pictures that stand out most, beside the training pictures they are near to."""
    pictures = []
    for at in np.argsort(copies.strangeness, kind="stable")[:SHOWN].tolist():
        other = int(copies.source[at])
        own = int(copies.picture[at])
        ids = f"{traces.synthetic.records[own].id} – {traces.train.records[other].id}"
        both = side_by_side([traces.synthetic.image(own), traces.train.image(other)])
        path = write_thumbnail(
            traces.study.out, f"nearest-{traces.synthetic.name}-{ids}", both, 480
        )
        caption = f"{ids}, ratio {copies.strangeness[at]:.2f}"
        pictures.append(Picture(path=path, caption=caption))
    return Grid(
        title="Nearest training pictures",
        columns=2,
        pictures=tuple(pictures),
        note="Left the synthetic picture, right the training picture it stands out to be "
        f"near to; a copy from a ratio of {RATIO} downwards.",
    )
