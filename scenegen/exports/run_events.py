"""What happens in a run: people who change what they are about, and contacts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scenegen.exports.bodies import Body
from scenegen.records import Trajectory
from scenegen.records.taxonomy import Intent


@dataclass(frozen=True)
class Event:
    """A line of a scene's log; `subject` is who it is about, "contacts" for contacts."""

    time_s: float
    step: int
    subject: str
    text: str
    is_contact: bool


def run_events(bodies: Sequence[Body], run: Trajectory) -> list[Event]:
    """Return what happens to bodies in a run, in order."""
    events = []
    for body in bodies:
        intents = run.intent[:, run.column(body.instance_id)]
        for row in np.flatnonzero(np.diff(intents, prepend=int(Intent.NONE))):
            text = f"{body.entity}: {Intent(int(intents[row])).name.lower()}"
            time_s, step = float(run.time_s[row]), int(run.step[row])
            events.append(Event(time_s, step, body.entity, text, False))
    names = {body.instance_id: body.entity for body in bodies}
    step_s = float(run.time_s[-1] / max(run.step[-1], 1))
    for contact in run.contacts:
        first, second = (names.get(int(contact[f"actor_{k}"]), "what stands") for k in "ab")
        text = f"{first} touches {second}, {contact['impulse_ns']:.0f} N s"
        step = int(contact["step"])
        events.append(Event(step * step_s, step, "contacts", text, True))
    return sorted(events, key=lambda event: (event.step, event.subject, event.text))
