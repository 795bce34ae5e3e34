"""Draws as they would be made, for what can be told only with all that stands in them.

Scenery is composed for one draw at a time and takes a tenth of a second or more. So it comes last,
only for draws that nothing else rejects and of which bodies alone don't say enough; and each that
is looked at has scenery of its own, so that scenes are what the constraints leave of both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from scenegen.assets.looking import eye_of, points_of, upright_box
from scenegen.assets.standing import Standing
from scenegen.records import ConcreteScenario
from scenegen.roads import build_network
from scenegen.sample.compose import Choice, compose
from scenegen.sample.layout import Layout, Mask
from scenegen.scenario import LogicalScenario
from scenegen.scenario.syntax import Column
from scenegen.seeds import SceneKey


class Surroundings:
    """What stands in one draw, made whole.

    Parameters
    ----------
    concrete : ConcreteScenario
    layout : Layout
        That it was made of.
    """

    def __init__(self, concrete: ConcreteScenario, layout: Layout) -> None:
        self._sensors = concrete.sensors
        self._standing = Standing(concrete.props, build_network(concrete.road))
        there = np.flatnonzero(layout.present[:, 0]).tolist()
        self._actors = dict(zip(there, concrete.actors, strict=False))  # barriers come behind

    def hide(self, eye: int, sensor: str | None, number: int) -> Mask:
        """Say which of the ten lines of sight (10, 1) to a body end at what stands.

        Parameters
        ----------
        eye, number : int
            Numbers of bodies of the layout.
        sensor : str or None
            Of the ego, if one looks.
        """
        looks, body = self._actors[eye], self._actors[number]
        spec = None if sensor is None else self._sensors[sensor]
        (at, turn), (there, turned) = (
            (np.array([actor.position_m]), np.array([actor.quaternion_wxyz]))
            for actor in (looks, body)
        )
        points = points_of(upright_box(body, there, turned))
        return self._standing.blocks(eye_of(looks, spec, at, turn), points)


class Sceneries:
    """Makes draws whole, each with a scenery of its own: those of a key, by their numbers.

    Attributes
    ----------
    number : int
        Of the scenery that the draw at hand has, whether or not it is made; from 0.
    made : int
        Draws that were made whole.
    """

    def __init__(
        self,
        logical: LogicalScenario,
        key: Callable[[], SceneKey],
        stream: Callable[[SceneKey], np.random.Generator],
    ) -> None:
        self._logical, self._key_of, self._stream = logical, key, stream
        self._key: SceneKey | None = None
        self.number = self.made = 0
        self._taken = False

    @staticmethod
    def by_chance(logical: LogicalScenario, generator: np.random.Generator) -> Sceneries:
        """Return sceneries that a generator draws, of which nothing is drawn if none is made."""
        return Sceneries(
            logical,
            lambda: SceneKey(logical.digest, int(generator.integers(2**62)), 0),
            lambda key: key.generator("looks"),
        )

    def advance(self) -> None:
        """Go on to the next draw."""
        self.number += self._taken
        self._taken = True

    def around(self, columns: Mapping[str, Column], layout: Layout) -> Surroundings:
        """Return what stands in a draw, given by its columns (1,) and its layout."""
        return Surroundings(self.make(columns, layout), layout)

    def make(self, columns: Mapping[str, Column], layout: Layout) -> ConcreteScenario:
        """Return a draw, made whole; its weight is no matter."""
        if self._key is None:
            self._key = self._key_of()
        choice, stream = Choice(dict(columns), 0.0), self._stream(self._key)
        made = compose(self._logical, choice, layout, self._key, stream, self.number)
        self.made += 1
        return made
