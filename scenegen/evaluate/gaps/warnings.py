"""What a reader of a gap analysis must not overlook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from scenegen.evaluate.classes import LabelSpace
from scenegen.evaluate.gaps.conditions import ATTRIBUTES, impossible_words
from scenegen.evaluate.gaps.lacks import known
from scenegen.evaluate.gaps.profile import UNKNOWN, Profile, cell_words
from scenegen.evaluate.results import Flag

if TYPE_CHECKING:
    from scenegen.evaluate.gaps.proposal import Aim
    from scenegen.evaluate.gaps.run import Verdicts

FEW_BLOCKS = 6
_NOTICED = 0.02
_APART = 0.1


def warnings(
    verdicts: Verdicts | None, ours: Profile, real: Profile, aim: Aim, space: LabelSpace
) -> tuple[Flag, ...]:
    """Return everything that limits what can be concluded."""
    return (
        *_of_verdicts(verdicts),
        *_untold(ours, real),
        *_unfed(ours, aim, space),
        *_exposure(ours, real),
    )


def _of_verdicts(verdicts: Verdicts | None) -> Iterable[Flag]:
    if verdicts is None:
        text = "there is no validation split, so errors are unknown and all content counts alike"
        yield Flag(severity="warning", kind="gaps", message=text)
        return
    blocks = len(np.unique(verdicts.pictures.blocks))
    if blocks < FEW_BLOCKS:
        text = f"{blocks} blocks of neighbouring pictures only: intervals of the errors are rough"
        yield Flag(severity="warning", kind="gaps", message=text)


def _untold(ours: Profile, real: Profile) -> Iterable[Flag]:
    sets: Mapping[str, Profile] = {"real": real, "synthetic": ours}
    for attribute in ATTRIBUTES:
        untold = [name for name, profile in sets.items() if not known(profile, attribute)]
        if untold:
            text = (
                f"the {' and the '.join(untold)} set doesn't tell its {attribute}: "
                "the proposal leaves it as the scenarios have it"
            )
            yield Flag(severity="note", kind="proposal", message=text)
    for word in impossible_words(real):
        text = f"the real set has {word}, which no scenario can have"
        yield Flag(severity="warning", kind="content", message=text)


def _unfed(ours: Profile, aim: Aim, space: LabelSpace) -> Iterable[Flag]:
    """Warn of content that matters and that no scenario has."""
    missing = [
        f"{cell_words(cell, space)} ({aim.weights[k]:.0%} of the error)"
        for k, cell in enumerate(ours.cells)
        if aim.weights[k] >= _NOTICED and aim.target[k] > 0 and not ours.content[:, k].any()
    ]
    if missing:
        text = f"no picture of the set has {', '.join(missing)}: it takes scenes that show it"
        yield Flag(severity="warning", kind="content", message=text)


def _exposure(ours: Profile, real: Profile) -> Iterable[Flag]:
    """Note pictures of the same time of day that are unlike in brightness."""
    times = [np.array(profile.words["time_of_day"]) for profile in (ours, real)]
    for word in sorted(set(times[0]) & set(times[1]) - {UNKNOWN}):
        means = [
            float(profile.brightness[time == word].mean())
            for profile, time in zip((ours, real), times, strict=True)
        ]
        if abs(means[0] - means[1]) > _APART:
            than = "brighter" if means[0] > means[1] else "darker"
            text = (
                f"pictures of {word} are {than} than the real ones (mean luma {means[0]:.2f} "
                f"against {means[1]:.2f}): a matter of exposure, which the proposal doesn't touch"
            )
            yield Flag(severity="note", kind="content", message=text)
