"""When bodies begin what they do."""

from __future__ import annotations

from scenegen.records import Trigger
from scenegen.sample.placed import Placed
from scenegen.sample.placement import Stage
from scenegen.scenario.behaviours import When


def trigger_of(when: When, body: Placed, stage: Stage) -> Trigger:
    """Return the trigger; names of actors become instance ids."""
    kind = when.kind
    if kind == "start":
        return Trigger()
    value = stage.values.number(getattr(when, kind))
    if kind == "time":
        return Trigger(kind="time", value=value)
    row = stage.groups.get(when.to)
    if not row:
        # An empty row is never near: the manoeuvre waits for longer than any scene lasts.
        return Trigger(kind="time", value=1e6)
    other = row[0].instance_id
    if kind == "distance":
        return Trigger(kind="distance", value=value, actor=other)
    if kind == "ttc":
        return Trigger(kind="ttc", value=value, actor=other)
    return Trigger(kind="gap_s", value=value, actor=other)
