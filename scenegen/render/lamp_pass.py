"""Adds what lamps light to the picture, many of them at once."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from scenegen.render import programs
from scenegen.render.lamp_shadows import MAPS, MOST
from scenegen.render.screen import ScreenPrograms, draw_screen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scenegen.render.targets import Targets

_STREET, _BEAMS = (0, 4, 10), (0, 2, 4)
"""A program adds so many; more lamps would need more inputs than fragments of a GPU have."""
_LEVEL = 0.98
LAMP_MAP = 7
"""Texture unit of the shadow maps of lamps."""


@dataclass(frozen=True)
class Alike:
    """Lamps of one colour.

    Attributes
    ----------
    lamps : ndarray, shape (N, 4), float32
        As the shader takes them: a street lamp in one row, a beam in four.
    looks : ndarray, shape (4,), float32
        Their colour, largest 1; one over one less the cosine of the cone.
    channels : ndarray, shape (N,), float32
        Which channel of the picture of what lamps light is theirs, where they throw shadows.
    """

    lamps: npt.NDArray[np.float32]
    looks: npt.NDArray[np.float32]
    channels: npt.NDArray[np.float32]


@dataclass(frozen=True)
class Lamps:
    """Lamps that one program adds: some that hang level, and some beams."""

    street: Alike | None
    beams: Alike | None

    @property
    def counts(self) -> dict[str, int]:
        """What a program that adds them is built with."""
        street = 0 if self.street is None else len(self.street.lamps)
        beams = 0 if self.beams is None else len(self.beams.lamps) // 4
        return {"STREET": _least(_STREET, street), "BEAMS": _least(_BEAMS, beams)}

    @property
    def inputs(self) -> int:
        """How many inputs of four numbers hold them: fragments have 32 at most."""
        street, beams = self.counts.values()
        return street + 4 * beams + (street > 0) + (beams > 0)

    def fill(self, program: Any) -> None:
        """Let a program have them."""
        for name, alike in (("street", self.street), ("beam", self.beams)):
            if alike is not None:
                _fill(program[f"{name}_lamps"], alike.lamps)
                program[f"{name}_looks"].write(alike.looks)
                if f"{name}_shades" in program:
                    shades = np.zeros(MOST, dtype="<f4")
                    shades[: len(alike.channels)] = alike.channels
                    program[f"{name}_shades"].write(shades)


def groups(spots: npt.NDArray[np.void], up: npt.NDArray[Any]) -> list[Lamps]:
    """Part spots (N,) into lamps that one program adds.

    Parameters
    ----------
    spots : ndarray, shape (N,), `spots.SPOT_DTYPE`
    up : ndarray, shape (3,)
        Of the world, in the camera frame.
    """
    axis = spots["axis_cone"][:, :3]
    scale = np.linalg.norm(axis, axis=1)
    cd = spots["intensity"][:, :3].max(axis=1, initial=0.0)
    looks = np.column_stack([spots["intensity"][:, :3] / cd[:, None], scale])
    looks = looks.round(3).astype("<f4")  # turned axes differ in their last digits
    street = (spots["up_cut"][:, 3] < 0.0) & (axis @ up < -_LEVEL * scale)
    hung = np.column_stack([spots["position_range"][:, :3], cd]).astype("<f4")[:, None]
    beams = spots.copy()
    beams["intensity"][:, 0] = cd
    thrown = beams.view("<f4").reshape(-1, 4, 4)
    channels = (np.arange(len(spots)) % MOST).astype("<f4")
    pairs = zip_longest(
        _alike(hung[street], looks[street], channels[street], _STREET[-1]),
        _alike(thrown[~street], looks[~street], channels[~street], _BEAMS[-1]),
    )
    return [Lamps(*pair) for pair in pairs]


def _alike(
    lamps: npt.NDArray[np.float32],
    looks: npt.NDArray[np.float32],
    channels: npt.NDArray[np.float32],
    most: int,
) -> Iterator[Alike]:
    """Part lamps (N, R, 4) by their looks (N, 4), and into no more than a program takes."""
    for same in np.unique(looks, axis=0):
        own = np.flatnonzero((looks == same).all(axis=1))
        for first in range(0, len(own), most):
            some = own[first : first + most]
            yield Alike(lamps[some].reshape(-1, 4), same, channels[some])


class LampPass(ScreenPrograms):
    """Programs by how many lamps they add, built when they are needed."""

    def __init__(self, context: Any) -> None:
        super().__init__(context, kept=6)

    def draw(
        self,
        targets: Targets,
        lamps: list[Lamps],
        *,
        wet: bool,
        foggy: bool,
        shaded: bool = False,
    ) -> None:
        """Add the light of lamps to surfaces; the light block and images 0 to 4 are bound.

        Where lamps throw shadows, image 6 says what they light.
        """
        context = self._context
        context.blend_func = context.ONE, context.ONE
        context.depth_func = ">"
        for some in lamps:
            program, vertices = self._program(
                "lamplight", "lamplight", **some.counts, WET=wet, FOGGY=foggy, SHADED=shaded
            )
            some.fill(program)
            tests = context.DEPTH_TEST | context.BLEND
            draw_screen(context, targets.lighting, vertices, targets.lit.size, tests)
        context.depth_func = "<"
        context.blend_func = context.ONE, context.ZERO

    def shade(self, targets: Targets, shades: npt.NDArray[np.float32]) -> None:
        """Draw which lamps light each surface, and bind that as image 6.

        Parameters
        ----------
        shades : ndarray, shape (K, 3, 4)
            See `LampShadows.draw`.
        """
        context = self._context
        program, vertices = self._program("lamp_shade", "lamp_shade", SHADES=len(shades), **MAPS)
        programs.assign(program, lamp_map=LAMP_MAP, lamp_clip=shades.tobytes())
        context.depth_func = ">"
        draw_screen(context, targets.shading, vertices, targets.lit.size, context.DEPTH_TEST)
        context.depth_func = "<"
        targets.shade.bind_to_image(6, read=True, write=False)


def _least(sizes: tuple[int, ...], count: int) -> int:
    return next(size for size in sizes if size >= count)


def _fill(uniform: Any, rows: npt.NDArray[np.float32]) -> None:
    """Write rows (N, 4) into an array of vectors, and zeros behind them: lamps without light."""
    values = np.zeros((uniform.array_length, 4), dtype="<f4")
    values[: len(rows)] = rows
    uniform.write(values)
