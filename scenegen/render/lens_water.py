"""Drops of water and dirt on a camera's lens, drawn over what it would see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scenegen.render import programs
from scenegen.render.owner import Owner

if TYPE_CHECKING:
    from scenegen.render.targets import Targets

_WIDE_UNIT = 2


@dataclass(frozen=True)
class OnLens:
    """What sits on the lens.

    Attributes
    ----------
    drops, dirt : float
        0 to 1; see `records.Weather`.
    seed : int
        The scene's own: the same places in all its frames.
    """

    drops: float
    dirt: float
    seed: int


class LensWater(Owner):
    """The program that looks at the lit picture through drops and dirt."""

    def __init__(self, context: Any) -> None:
        super().__init__()
        self._context = context
        self._program = self.own(programs.build(context, "screen.vert", "lens_water.frag"))
        self._screen = self.own(context.vertex_array(self._program, []))

    def draw(self, targets: Targets, on_lens: OnLens, size: tuple[int, int]) -> None:
        """Draw from the lit picture, bound as image 1, and its blur in `targets.glow`."""
        context = self._context
        targets.glow[0].use(_WIDE_UNIT)
        programs.assign(
            self._program,
            glow=_WIDE_UNIT,
            lens=(on_lens.drops, on_lens.dirt),
            seed=on_lens.seed,
        )
        targets.lens.viewport = (0, 0, *size)
        targets.lens.use()
        context.enable_only(context.NOTHING)
        self._screen.render(vertices=3)
