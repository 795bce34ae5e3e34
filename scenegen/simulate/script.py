"""Where each actor is in its behaviour: what runs, what beside it, what has been done."""

from __future__ import annotations

from dataclasses import dataclass, field

from scenegen.records import Actor, Interrupt, Manoeuvre
from scenegen.records.behaviour import Action
from scenegen.simulate.triggers import Watch


@dataclass
class Script:
    """An actor's progress.

    Attributes
    ----------
    current : int
        Index of the manoeuvre of the behaviour that runs, or waits for an interrupt to be
        over; -1 before the first.
    interrupt, stage : int
        Which interrupt has taken over, -1 for none, and at which of its manoeuvres it is.
    given_up : bool
        Whether an interrupt has taken over for good.
    beside : list of int
        What has begun alongside the manoeuvre that runs.
    motion : Action or None
        The last action that said how to move.
    begun, done : set of str
        What the actor has started and ended, by the words of the language.
    waits : dict
        What it waits for, by what that would start.
    alarms : dict
        The same of interrupts, which wait all the time.
    spent : set of int
        Interrupts whose condition has held ever since they ran last.
    """

    actor: Actor
    current: int = -1
    interrupt: int = -1
    stage: int = -1
    given_up: bool = False
    beside: list[int] = field(default_factory=list)
    motion: Action | None = None
    begun: set[str] = field(default_factory=set)
    done: set[str] = field(default_factory=set)
    waits: dict[tuple[str, int], Watch] = field(default_factory=dict)
    alarms: dict[int, Watch] = field(default_factory=dict)
    spent: set[int] = field(default_factory=set)

    @property
    def over(self) -> Interrupt | None:
        """The interrupt that has taken over."""
        return self.actor.interrupts[self.interrupt] if self.interrupt >= 0 else None

    @property
    def line(self) -> tuple[Manoeuvre, ...]:
        """The manoeuvres that it is going through: those of the behaviour or of an interrupt."""
        return self.actor.behaviour if self.over is None else self.over.manoeuvres

    @property
    def at(self) -> int:
        """Where in `line` it is, -1 before the first."""
        return self.current if self.over is None else self.stage

    @property
    def running(self) -> Manoeuvre | None:
        """The manoeuvre that runs."""
        return self.line[self.at] if self.at >= 0 else None

    @property
    def pending(self) -> Manoeuvre | None:
        """The manoeuvre that waits for its condition."""
        after = self.at + 1
        return self.line[after] if after < len(self.line) else None

    @property
    def number(self) -> int:
        """Which of the actor's `manoeuvres` runs, -1 for none."""
        before = [i.manoeuvres for i in self.actor.interrupts[: max(self.interrupt, 0)]]
        first = 0 if self.over is None else len(self.actor.behaviour) + sum(map(len, before))
        return first + self.at if self.at >= 0 else -1

    @property
    def in_force(self) -> list[Action]:
        """The action that runs and those beside it."""
        running = self.running
        if running is None:
            return []
        return [running.action, *(running.alongside[i].action for i in self.beside)]

    def advance(self) -> Manoeuvre:
        """Start the next manoeuvre and return it."""
        before, self.beside = self.running, []
        if self.over is None:
            self.current += 1
        else:
            self.stage += 1
        running = self.line[self.at]
        if before is not None and before.entry != running.entry:
            self.note_end(before)
        self.begun.add(running.does)
        self.waits.clear()
        return running

    def note_end(self, manoeuvre: Manoeuvre) -> None:
        """Note that a manoeuvre is over, with what went on beside it."""
        self.done.add(manoeuvre.does)
        self.done |= {beside.does for beside in manoeuvre.alongside} & self.begun

    def break_off(self, interrupt: int) -> None:
        """Let an interrupt take over, before its first manoeuvre."""
        self.interrupt, self.stage, self.beside = interrupt, -1, []
        self.spent.add(interrupt)
        self.alarms.pop(interrupt)
        self.waits.clear()

    def give_back(self) -> None:
        """Go on with the behaviour, or with nothing, after an interrupt."""
        over = self.over
        if over is not None:
            for manoeuvre in over.manoeuvres[: self.stage + 1]:
                self.note_end(manoeuvre)
            self.given_up |= not over.gives_back
        self.interrupt, self.stage, self.beside = -1, -1, []
        self.waits.clear()
