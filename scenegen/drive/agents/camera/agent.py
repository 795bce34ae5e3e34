"""The agent: asks for a camera, looks, and lets the network drive."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch

from scenegen.drive.actions import Action, Pedals
from scenegen.drive.agents.camera.eye import Eye, Glance
from scenegen.drive.agents.camera.network import STEER_SHARE, Driver, read_driver
from scenegen.drive.agents.follower import wanted_speed
from scenegen.drive.agents.protocol import AgentError, Briefing
from scenegen.drive.sensed import Picture
from scenegen.drive.state import State
from scenegen.resources import resource_folder

WEIGHTS = "agents/camera.safetensors"


class CameraAgent:
    """Drives by the pictures of the scenario's first camera, and by its own speed.

    Of the state it reads its own speed and the camera alone; the speed that it is to keep, where
    the road lets it, is the scenario driver's.

    Parameters
    ----------
    driver : Driver, optional
        The one that comes with scenegen if not given.
    """

    def __init__(self, driver: Driver | None = None) -> None:
        self._driver = driver or read_driver(Path(resource_folder("assets")) / WEIGHTS)
        self.sensors: Sequence[str] = ()

    def begin(self, briefing: Briefing) -> None:
        """Take a new episode.

        Raises
        ------
        AgentError
            The scenario has no camera.
        """
        self.sensors = tuple(briefing.scenario.cameras)[:1]
        if not self.sensors:
            raise AgentError("the camera agent needs a camera: sensors=thumbnail has one")
        self._eye = Eye(wanted_speed(briefing))
        self._decided: tuple[float, Action] | None = None

    def act(self, state: State) -> Action | None:
        """Return what the network says to the newest picture."""
        picture = state.sensed[self.sensors[0]]
        assert isinstance(picture, Picture)
        if self._decided is None or self._decided[0] < picture.time_s:
            glance = self._eye.look(picture, state.speed_mps)
            self._decided = picture.time_s, answer(self._driver, glance)
        return self._decided[1]

    def close(self) -> None:
        """There is nothing to let go of."""


def answer(driver: Driver, glance: Glance) -> Pedals:
    """Return what a network does at a glance."""
    with torch.inference_mode():
        pictures = torch.from_numpy(glance.pictures)[None]
        steer, pedal = driver(pictures, torch.from_numpy(glance.speeds)[None])[0].tolist()
    return Pedals(STEER_SHARE * steer, pedal)
