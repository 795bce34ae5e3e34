"""Plots of several data sets: on one pair of axes where they can be read there."""

from __future__ import annotations

from collections.abc import Sequence

from scenegen.evaluate.results import Curve, Plot

MOST_CURVES = 6
"""Beyond these a plot is a tangle."""
Placed = tuple[str, Plot]


def shared_plots(parts: Sequence[tuple[str, Sequence[Plot]]]) -> tuple[Placed, ...]:
    """Return the plots of a section for all data sets, alike ones next to each other.

    Plots with the same title and axes become one, with no name, if their curves are few
    and no two unlike curves have the same label.

    Parameters
    ----------
    parts : sequence of (str, plots)
        By data set.
    """
    alike: dict[tuple[str, str, str], list[Placed]] = {}
    for dataset, plots in parts:
        for plot in plots:
            key = (plot.title, plot.x_label, plot.y_label)
            alike.setdefault(key, []).append((dataset, plot))
    return tuple(placed for group in alike.values() for placed in _joined(group))


def _joined(group: Sequence[Placed]) -> list[Placed]:
    if len(group) == 1:
        return list(group)
    curves: dict[str, Curve] = {}
    for _, plot in group:
        for curve in plot.curves:
            known = curves.setdefault(curve.label, curve)
            # Bands are drawn anew for each data set, so only they may differ.
            if (known.x, known.y) != (curve.x, curve.y):
                return list(group)
    if len(curves) > MOST_CURVES:
        return list(group)
    notes = " ".join(dict.fromkeys(plot.note for _, plot in group if plot.note))
    first = group[0][1]
    return [("", first.model_copy(update={"curves": tuple(curves.values()), "note": notes}))]
