"""Which manoeuvre of its behaviour each actor is at."""

from __future__ import annotations

from dataclasses import dataclass, field

from scenegen.records import Actor, Manoeuvre


@dataclass
class Script:
    """An actor's progress through its list of manoeuvres.

    Attributes
    ----------
    current : int
        Index of the manoeuvre that runs; -1 before the first.
    started_rows : list of int
        Control step at which each began.
    """

    actor: Actor
    current: int = -1
    started_rows: list[int] = field(default_factory=list)

    @property
    def running(self) -> Manoeuvre | None:
        """The manoeuvre that runs."""
        return self.actor.behaviour[self.current] if self.current >= 0 else None

    @property
    def pending(self) -> Manoeuvre | None:
        """The manoeuvre that waits for its trigger."""
        after = self.current + 1
        return self.actor.behaviour[after] if after < len(self.actor.behaviour) else None

    def advance(self, row: int) -> Manoeuvre:
        """Start the next manoeuvre at a control step and return it."""
        self.current += 1
        self.started_rows.append(row)
        return self.actor.behaviour[self.current]
