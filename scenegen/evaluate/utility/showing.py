"""What training runs say, as a reader sees it: flags, a table, the data-efficiency curve."""

from __future__ import annotations

import numpy as np

from scenegen.evaluate.results import Curve, Flag, Plot, Table
from scenegen.evaluate.utility.figures import interval
from scenegen.evaluate.utility.findings import Findings

KINDS = (
    ("real", "real only"),
    ("real-longer", "real only, longer"),
    ("mixture", "synthetic and real mixed"),
    ("fine-tune", "synthetic, then real"),
)
"""Arms that are curves, and what they are called."""
_NOTE = (
    "Batches of the mixture are half synthetic, half real; fine-tuning spends the first half of "
    "its steps on synthetic pictures. All arms share seeds and test pictures."
)


def flags(found: Findings) -> list[Flag]:
    """Return what a reader must not overlook."""
    names = found.study.space.names
    judged = np.isfinite(next(iter(found.scores.values()))[0])
    lacking = [
        n
        for n, has, is_judged in zip(names, found.given, judged, strict=True)
        if is_judged and not has
    ]
    result = []
    trained = found.arms[0].kind != "given"
    if lacking:
        outcome = "a model trained on it alone scores 0 there; " if trained else ""
        text = (
            f"{found.synthetic.name} has nothing of {', '.join(lacking)}, which the test pictures "
            f"have: {outcome}{found.judge.metric}_shared leaves these classes out"
        )
        result.append(Flag(severity="warning", kind="missing classes", message=text))
    if trained and found.chance.seeds.shape[1] == 1:
        text = "one training run an arm: intervals hold the choice of pictures, not of the seed"
        result.append(Flag(severity="note", kind="one seed", message=text))
    if trained and not found.counts:
        text = "no real training pictures: nothing can be said of gains and of worth"
        result.append(Flag(severity="note", kind="no real training pictures", message=text))
    return result


def arms_table(found: Findings) -> Table:
    """Return the arms with their scores, and by class."""
    names = found.study.space.names
    rows = []
    for arm in found.arms:
        span = interval(found.means[arm.slice])
        ends = (None, None, None) if span is None else (span.value, span.low, span.high)
        by_class = [v if np.isfinite(v) else None for v in found.scores[arm.slice][0].tolist()]
        rows.append((arm.kind, arm.real, arm.steps, *ends, *by_class))
    return Table(
        title=f"{found.judge.metric} by what the model was trained on",
        columns=("arm", "real pictures", "steps", found.judge.metric, "low", "high", *names),
        rows=tuple(rows),
        note=_NOTE,
    )


def curve_plot(found: Findings) -> list[Plot]:
    """Return the data-efficiency curve, if there are real training pictures."""
    curves = []
    for kind, label in KINDS:
        points = [(k, name) for k in found.counts if (name := found.find(kind, k)) is not None]
        plain = found.find("synthetic")
        if points and plain is not None and kind in ("mixture", "fine-tune"):
            points.insert(0, (0, plain))
        spans = [(k, span) for k, name in points if (span := interval(found.means[name]))]
        if spans:
            curves.append(
                Curve(
                    label=label,
                    x=tuple(float(k) for k, _ in spans),
                    y=tuple(span.value for _, span in spans),
                    low=tuple(span.low for _, span in spans),
                    high=tuple(span.high for _, span in spans),
                )
            )
    if not curves:
        return []
    return [
        Plot(
            title="What real pictures add, and what they replace",
            x_label="real pictures",
            y_label=f"{found.judge.metric} on real test pictures",
            curves=tuple(curves),
            note="At 0 real pictures stands the model trained on synthetic ones alone.",
        )
    ]
