"""What disturbs a run step by step, besides everything that was drawn once."""

from __future__ import annotations

from typing import Literal, get_args

from pydantic import Field

from scenegen.records.base import Record

Channel = Literal["side_wind", "acceleration", "steering", "perception_range", "perception_dropout"]
CHANNELS: tuple[Channel, ...] = get_args(Channel)
PERCEIVED: tuple[Channel, ...] = ("perception_range", "perception_dropout")
"""Channels of what an agent is told; the others act on a vehicle."""
WHOLE_S = 1e-9
"""How much before the end of an interval a time counts as in the next one."""


class Disturbance(Record):
    """Piecewise constant values of one channel over a run.

    Attributes
    ----------
    name : str
    channel : str
        ``side_wind``: speed in m/s of the wind across a vehicle, positive from its right;
        ``acceleration``: in m/s^2, added to what its driver or agent asks for; ``steering``: rad
        at the road wheels, added likewise; ``perception_range``: m by which others seem farther
        away to the agent; ``perception_dropout``: 1 where it is told that others go on as
        they did when it perceived them last.
    instance_id : int
        Whom it acts on; of perception, the ego.
    every_s : float
        How long each value lasts.
    values : tuple of float
        From time 0 on; 0 after the last.
    """

    name: str
    channel: Channel
    instance_id: int = Field(ge=1, le=65535)
    every_s: float = Field(gt=0)
    values: tuple[float, ...]

    def at(self, time_s: float) -> float:
        """Return the value at a time."""
        k = int(time_s / self.every_s + WHOLE_S)
        return self.values[k] if k < len(self.values) else 0.0
