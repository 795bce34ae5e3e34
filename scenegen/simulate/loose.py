"""Who is at the mercy of physics alone, and whether they have come to rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scenegen.simulate.world import World

REST_S = 0.5
REST_MPS = 0.03
REST_RADPS = 0.1
"""What has been slower than this for as long is at rest."""


class Loose:
    """Tells debris and the struck, whom Bullet moves, from what is moved here."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._things = [k for k, body in enumerate(world.bodies) if body.role == "thing"]
        self._still_rows = [0] * len(world.bodies)
        self._rows_to_rest = round(REST_S * world.scenario.rates.control_hz)

    def actors(self) -> list[int]:
        """Return the actors whose motion is Bullet's alone: debris, and who has been struck."""
        world = self._world
        held = world.carriage.attached
        free = [k for k in self._things if not held[k] and not world.afoot.goes(k)]
        return free + [k for k, w in world.walkers.items() if w.struck]

    def others(self) -> list[int]:
        """Return the actors whose motion is worked out outside Bullet."""
        own = set(self.actors())
        return [k for k in range(len(self._world.bodies)) if k not in own]

    def restless(self) -> list[int]:
        """Return the loose actors that have not yet come to rest."""
        return [k for k in self.actors() if self._still_rows[k] < self._rows_to_rest]

    def note_rest(self) -> None:
        """Count for how many control steps everything loose has been at rest."""
        world = self._world
        for k in self.actors():
            row = world.rows[k]
            still = (
                k not in world.collisions.touched
                and float(row[7:10] @ row[7:10]) < REST_MPS**2
                and float(row[10:13] @ row[10:13]) < REST_RADPS**2
            )
            self._still_rows[k] = self._still_rows[k] + 1 if still else 0
