"""What actors do and when: the behaviours of the language.

An entry of an actor's ``behaviour`` list names what it does (``do``) and what starts it
(``when``); it lasts until the next entry starts. Entries may run side by side (``parallel``),
or take over at any time (``interrupt``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag, field_validator, model_validator

from scenegen.scenario.document import Section, problem
from scenegen.scenario.driving import (
    ChangeSpeed,
    CloseDoor,
    Cruise,
    CutIn,
    Driving,
    DropCargo,
    FollowLane,
    HardBrake,
    Indicate,
    OpenDoor,
    Overtake,
    PullOut,
    Reverse,
    RideAcross,
    RunTheLight,
    Swerve,
    Synchronize,
    UTurn,
)
from scenegen.scenario.source import Path
from scenegen.scenario.triggers import Behaviour, When
from scenegen.scenario.values import Flag
from scenegen.scenario.walking import (
    Cross,
    DartOut,
    FallEntry,
    GetOutEntry,
    Hesitate,
    ReleaseEntry,
    StandEntry,
    UsePhone,
    WalkAlong,
    Walking,
    Wander,
)

AnyBehaviour = Annotated[
    FollowLane
    | Cruise
    | CutIn
    | Swerve
    | Overtake
    | PullOut
    | UTurn
    | RunTheLight
    | RideAcross
    | Reverse
    | HardBrake
    | ChangeSpeed
    | Synchronize
    | Indicate
    | OpenDoor
    | CloseDoor
    | DropCargo
    | Cross
    | DartOut
    | Hesitate
    | WalkAlong
    | Wander
    | UsePhone
    | StandEntry
    | FallEntry
    | GetOutEntry
    | ReleaseEntry,
    Field(discriminator="do"),
]


def spelled_out(data: Any) -> Any:
    """Return a list of entries with plain words, such as ``stand``, written out."""
    if isinstance(data, list):
        return [{"do": item} if isinstance(item, str) else item for item in data]
    return data


class Parallel(Behaviour):
    """Several behaviours at once, each from its own `when` on; over once all of them are.

    Of two that steer, or set a speed, the one below has its way.
    """

    parallel: Annotated[tuple[AnyBehaviour, ...], Field(min_length=2)]

    @field_validator("parallel", mode="before")
    @classmethod
    def _short_form(cls, data: Any) -> Any:
        return spelled_out(data)


def _group(data: Any) -> str:
    """Return which of the groups an entry is, by its key; else a plain behaviour."""
    for key, kind in (("parallel", Parallel), ("interrupt", InterruptEntry), ("sequence", Steps)):
        if (isinstance(data, dict) and key in data) or isinstance(data, kind):
            return key
    return "plain"


class Steps(Behaviour):
    """Several behaviours one after the other, of an interrupt."""

    sequence: Annotated[
        tuple[
            Annotated[
                Annotated[AnyBehaviour, Tag("plain")] | Annotated[Parallel, Tag("parallel")],
                Discriminator(_group),
            ],
            ...,
        ],
        Field(min_length=1),
    ]

    @field_validator("sequence", mode="before")
    @classmethod
    def _short_form(cls, data: Any) -> Any:
        return spelled_out(data)


class InterruptEntry(Section):
    """Something that takes over whenever its `when` holds.

    Attributes
    ----------
    interrupt : entry
        What is done then: a behaviour, several in `parallel`, or in `sequence`.
    until : When
        When that ends, at the latest.
    give_back : Flag
        Whether the actor then goes on with what it did, as by default.
    """

    interrupt: Annotated[
        Annotated[AnyBehaviour, Tag("plain")]
        | Annotated[Parallel, Tag("parallel")]
        | Annotated[Steps, Tag("sequence")],
        Discriminator(_group),
    ]
    until: When | None = None
    give_back: Flag | None = None

    @model_validator(mode="after")
    def _has_a_condition(self) -> InterruptEntry:
        if self.interrupt.when.kind == "start":
            raise problem("an interrupt says 'when' it takes over, such as {ttc: 1.5 s, to: ego}")
        return self

    @property
    def steps(self) -> tuple[Behaviour, ...]:
        """What is done, one after the other."""
        inner = self.interrupt
        return inner.sequence if isinstance(inner, Steps) else (inner,)


AnyEntry = Annotated[
    Annotated[AnyBehaviour, Tag("plain")]
    | Annotated[Parallel, Tag("parallel")]
    | Annotated[InterruptEntry, Tag("interrupt")],
    Discriminator(_group),
]


def plain_entries(
    entries: tuple[Any, ...], path: Path
) -> Iterator[tuple[Path, Behaviour | InterruptEntry]]:
    """Yield the entries of a behaviour and all those within groups, with their paths."""
    for index, entry in enumerate(entries):
        yield from _within(entry, (*path, index))


def _within(entry: Any, path: Path) -> Iterator[tuple[Path, Behaviour | InterruptEntry]]:
    yield path, entry
    if isinstance(entry, InterruptEntry):
        yield from _within(entry.interrupt, (*path, "interrupt"))
    elif isinstance(entry, Parallel):
        yield from plain_entries(entry.parallel, (*path, "parallel"))
    elif isinstance(entry, Steps):
        yield from plain_entries(entry.sequence, (*path, "sequence"))


def conditions(entries: tuple[Any, ...], path: Path = ()) -> Iterator[tuple[Path, When]]:
    """Yield every condition of a behaviour, those within others too, with its path."""
    for here, entry in plain_entries(entries, path):
        if isinstance(entry, InterruptEntry):
            if entry.until is not None:
                yield from entry.until.parts((*here, "until"))
        else:
            yield from entry.when.parts((*here, "when"))


def verbs(entries: tuple[Any, ...]) -> frozenset[str]:
    """Return the words of everything that is done in a behaviour."""
    found = (getattr(entry, "do", None) for _, entry in plain_entries(entries, ()))
    return frozenset(do for do in found if do is not None)


__all__ = [
    "AnyBehaviour",
    "AnyEntry",
    "Behaviour",
    "ChangeSpeed",
    "CloseDoor",
    "Cross",
    "Cruise",
    "CutIn",
    "DartOut",
    "Driving",
    "DropCargo",
    "FallEntry",
    "FollowLane",
    "GetOutEntry",
    "HardBrake",
    "Hesitate",
    "Indicate",
    "InterruptEntry",
    "OpenDoor",
    "Overtake",
    "Parallel",
    "PullOut",
    "ReleaseEntry",
    "Reverse",
    "RideAcross",
    "RunTheLight",
    "StandEntry",
    "Steps",
    "Swerve",
    "Synchronize",
    "UTurn",
    "UsePhone",
    "WalkAlong",
    "Walking",
    "Wander",
    "When",
    "conditions",
    "plain_entries",
    "spelled_out",
    "verbs",
]
