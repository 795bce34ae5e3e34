"""What starts something: the conditions of the language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field, model_validator

from scenegen.scenario.document import Section, problem
from scenegen.scenario.source import Path
from scenegen.scenario.syntax import TEXT
from scenegen.scenario.values import Duration, Expects, Length, Speed, Text, Value

SIGNAL_GROUPS = ("major", "minor")
SIGNAL_STATES = ("red", "red_amber", "amber", "green", "flashing", "off")
KINDS = (
    "time",
    "distance",
    "ttc",
    "gap",
    "headway",
    "gap_ahead",
    "signal",
    "does",
    "ends",
    "speed",
    "at_s",
    "ahead_of",
    "room",
    "all",
    "any",
)
"""Keys that each make a condition of their own."""

PLAIN = ("time", "distance", "ttc", "gap")
"""Those whose moment can be worked out beforehand, if nobody changes speed."""

_GOES_WITH = {
    "actor": ("does", "ends"),
    "of": ("speed", "at_s"),
    "lane": ("at_s", "room"),
    "by": ("ahead_of",),
}


class SignalIs(Section):
    """Which signals (`of`: those of the ego's road are major) show what (`is`)."""

    of: Annotated[Value, Expects(TEXT, choices=SIGNAL_GROUPS)]
    state: Annotated[Value, Expects(TEXT, choices=SIGNAL_STATES)] = Field(alias="is")


class SpeedIs(Section):
    """From which speed on, or down to which."""

    above: Speed | None = None
    below: Speed | None = None

    @model_validator(mode="after")
    def _one(self) -> SpeedIs:
        if (self.above is None) == (self.below is None):
            raise problem("'speed' has 'above' or 'below', such as {below: 5 km/h}")
        return self


class When(Section):
    """A condition: one of `KINDS`, or none of them for "at once, after what came before".

    Attributes
    ----------
    time : Duration
        So long after the start of the scene.
    distance : Length
        As soon as the actor named by `to` is so near.
    ttc : Duration
        As soon as the time to collision with `to` is so short.
    gap : Duration
        As soon as `to`, at its present speed, will be abreast in so short a time.
    headway : Duration
        As soon as it needs, at its own speed, so short a time for the free way to `to` ahead.
    gap_ahead : Length
        As soon as the free way to `to` ahead is so short.
    signal : SignalIs
        As soon as the signals of a road show a state.
    actor, does, ends
        As soon as an actor (itself if not named) begins, or has ended, a behaviour.
    speed, of
        As soon as it, or the actor named by `of`, is so fast or so slow.
    at_s, lane, of
        As soon as it, or `of`, passes a place of a lane, its own if not named; counted as
        `place.s` is.
    ahead_of, by
        As soon as its rear is `by` ahead of the front of another.
    room, lane
        As soon as nobody in a lane would be met, by either, within so long.
    all, any : list of When
        All of them hold at once; or one does.
    delay : Duration
        So long after the condition was first met.
    """

    time: Duration | None = None
    distance: Length | None = None
    ttc: Duration | None = None
    gap: Duration | None = None
    headway: Duration | None = None
    gap_ahead: Length | None = None
    to: str = "ego"
    signal: SignalIs | None = None
    actor: str | None = None
    does: str | None = None
    ends: str | None = None
    speed: SpeedIs | None = None
    at_s: Length | None = None
    of: str | None = None
    lane: Text | None = None
    ahead_of: str | None = None
    by: Length | None = None
    room: Duration | None = None
    all: Annotated[tuple[When, ...], Field(min_length=1)] | None = None
    any: Annotated[tuple[When, ...], Field(min_length=1)] | None = None
    delay: Duration | None = None

    @model_validator(mode="before")
    @classmethod
    def _start(cls, data: Any) -> Any:
        return {} if data == "start" else data

    @model_validator(mode="after")
    def _one(self) -> When:
        given = [kind for kind in KINDS if getattr(self, kind) is not None]
        if len(given) > 1:
            raise problem(
                f"'when' has one of {', '.join(KINDS)}, or is 'start'; "
                f"for {given[0]!r} and {given[1]!r} at once write 'all: [{{…}}, {{…}}]'"
            )
        for key, kinds in _GOES_WITH.items():
            if getattr(self, key) is not None and self.kind not in kinds:
                raise problem(f"{key!r} goes with {' or '.join(kinds)}")
        if self.kind == "room" and self.lane is None:
            raise problem("'room' needs the 'lane' in which it is, such as 'forward_0'")
        return self

    @property
    def kind(self) -> str:
        """Which of `KINDS` it is, or ``start``."""
        given = [kind for kind in KINDS if getattr(self, kind) is not None]
        return given[0] if given else "start"

    @property
    def named(self) -> tuple[tuple[str, str], ...]:
        """Keys that name another actor, and the names."""
        if self.kind in ("distance", "ttc", "gap", "headway", "gap_ahead"):
            return (("to", self.to),)
        found = ((key, getattr(self, key)) for key in ("actor", "of", "ahead_of"))
        return tuple((key, name) for key, name in found if name is not None)

    def parts(self, path: Path) -> Iterator[tuple[Path, When]]:
        """Yield it and all conditions within it, with their paths in the document."""
        yield path, self
        for key in ("all", "any"):
            for index, part in enumerate(getattr(self, key) or ()):
                yield from part.parts((*path, key, index))


class Behaviour(Section):
    """What all behaviours have."""

    when: When = When()
