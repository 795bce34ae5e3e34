"""Which manoeuvre of its behaviour each actor is at."""

from __future__ import annotations

from dataclasses import dataclass

from scenegen.records import Actor, Manoeuvre


@dataclass
class Script:
    """An actor's progress through its list of manoeuvres.

    Attributes
    ----------
    current : int
        Index of the manoeuvre that runs; -1 before the first.
    """

    actor: Actor
    current: int = -1

    @property
    def running(self) -> Manoeuvre | None:
        """The manoeuvre that runs."""
        return self.actor.behaviour[self.current] if self.current >= 0 else None

    @property
    def pending(self) -> Manoeuvre | None:
        """The manoeuvre that waits for its trigger."""
        after = self.current + 1
        return self.actor.behaviour[after] if after < len(self.actor.behaviour) else None

    def advance(self) -> Manoeuvre:
        """Start the next manoeuvre and return it."""
        self.current += 1
        return self.actor.behaviour[self.current]
