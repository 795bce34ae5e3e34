"""What a gate rejected over a data set, class by class: whatever it rejects more is a bias."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import get_args

from scenegen.evaluate.results import Table
from scenegen.records.base import Record
from scenegen.refine.gate.records import GateRecord, Rung, Score


class ClassRejection(Record):
    """A class over all frames, at the first strength.

    Attributes
    ----------
    frames, frames_lost : int
        In which the class was judged, and was not seen any more.
    objects, objects_lost : int
        Its objects that were judged, and those not seen any more.
    unseen : int
        Its objects that the segmenter doesn't see in the render either.
    ignored_px : int
        Its pixels that were set to ignore.
    """

    name: str
    frames: int
    frames_lost: int
    objects: int
    objects_lost: int
    unseen: int
    ignored_px: int


class Rejection(Record):
    """What became of all frames.

    Attributes
    ----------
    rungs : mapping of str to int
        Frames by what was kept of them.
    classes : tuple of ClassRejection
        By name; only those that were judged.
    """

    rungs: dict[Rung, int]
    classes: tuple[ClassRejection, ...]

    @property
    def kept_objects(self) -> float | None:
        """Share of judged objects that were kept at the first strength; None without any."""
        objects = sum(each.objects for each in self.classes)
        lost = sum(each.objects_lost for each in self.classes)
        return 1.0 - lost / objects if objects else None

    def table(self) -> Table:
        """Return it as a report shows it."""
        return Table(
            title="Rejected by the label gate",
            columns=(
                *("class", "frames", "lost", "share", "objects", "lost", "share"),
                *("unseen", "ignored px"),
            ),
            rows=tuple(
                (
                    *(each.name, each.frames, each.frames_lost),
                    _share(each.frames_lost, each.frames),
                    *(each.objects, each.objects_lost),
                    _share(each.objects_lost, each.objects),
                    *(each.unseen, each.ignored_px),
                )
                for each in self.classes
            ),
            note="At the first strength. Unseen objects are not seen in the render either.",
        )


def rejection(records: Iterable[GateRecord]) -> Rejection:
    """Sum up what a gate did to frames."""
    rungs: Counter[Rung] = Counter(dict.fromkeys(get_args(Rung), 0))
    ignored: Counter[str] = Counter()
    classes: list[Score] = []
    objects: list[Score] = []
    for record in records:
        rungs[record.rung] += 1
        ignored.update(record.ignored)
        classes += record.first.classes
        objects += record.first.objects
    names = sorted({score.name for score in (*classes, *objects)} | set(ignored))
    return Rejection(
        rungs=dict(rungs),
        classes=tuple(_of_class(name, classes, objects, ignored[name]) for name in names),
    )


def _of_class(
    name: str, classes: Sequence[Score], objects: Sequence[Score], ignored: int
) -> ClassRejection:
    whole = Counter(score.state for score in classes if score.name == name)
    single = Counter(score.state for score in objects if score.name == name)
    return ClassRejection(
        name=name,
        frames=whole["kept"] + whole["lost"],
        frames_lost=whole["lost"],
        objects=single["kept"] + single["lost"],
        objects_lost=single["lost"],
        unseen=single["unseen"],
        ignored_px=ignored,
    )


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
