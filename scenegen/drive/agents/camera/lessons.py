"""Lessons: what a teacher who knows everything would do where the pupil drives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.drive.actions import Pedals
from scenegen.drive.agents.camera.agent import answer
from scenegen.drive.agents.camera.eye import Eye, Glance
from scenegen.drive.agents.camera.network import STEER_SHARE, Driver
from scenegen.drive.agents.follower import Follower, wanted_speed
from scenegen.drive.agents.protocol import Briefing
from scenegen.drive.episode import Episode
from scenegen.drive.sensed import Picture
from scenegen.records import ConcreteScenario

SLIPS_HZ = 0.3
"""How often the hand slips while a teacher drives, so that there is something to put right."""
SLIP_S = (0.3, 0.9)
SLIP_STEER, SLIP_PEDAL = 0.6, 0.4
"""Standard deviations of a slip: of steering in the network's parts, and of the pedal."""


@dataclass(frozen=True)
class Lesson:
    """What was seen, and what the teacher would have done.

    Attributes
    ----------
    glance : Glance
    told : ndarray, shape (2,), float32
        Steering (parts of `STEER_SHARE`) and pedal.
    """

    glance: Glance
    told: npt.NDArray[np.float32]


def lessons(
    scenario: ConcreteScenario, generator: np.random.Generator, pupil: Driver | None = None
) -> Iterator[Lesson]:
    """Drive a scene with its first camera, and tell what the teacher says to every picture.

    The teacher is `Follower`, and drives with slips; or the pupil drives (Ross, Gordon and Bagnell
    2011: DAgger), so that it learns from where its own driving leads.
    """
    with Episode(scenario, scenario.rates.camera_hz) as episode:
        briefing = Briefing(
            scenario, episode.network, episode.vehicle, episode.cast, episode.step_s, 0
        )
        teacher = Follower()
        teacher.begin(briefing)
        camera = next(iter(scenario.cameras))
        episode.sense([camera], "fast")
        eye = Eye(wanted_speed(briefing))
        slip, until = np.zeros(2), -1.0
        while not episode.over and not episode.state.touched:
            state = episode.state
            picture = state.sensed[camera]
            assert isinstance(picture, Picture)
            glance = eye.look(picture, state.speed_mps)
            told = teacher.act(state)
            assert isinstance(told, Pedals)
            yield Lesson(glance, np.array([told.steer / STEER_SHARE, told.pedal], np.float32))
            if pupil is not None:
                episode.step(answer(pupil, glance))
                continue
            if state.time_s > until and generator.random() < SLIPS_HZ * episode.step_s:
                until = state.time_s + generator.uniform(*SLIP_S)
                slip = generator.normal(0.0, (SLIP_STEER, SLIP_PEDAL))
            slips = slip if state.time_s <= until else np.zeros(2)
            episode.step(Pedals(told.steer + STEER_SHARE * slips[0], told.pedal + slips[1]))
