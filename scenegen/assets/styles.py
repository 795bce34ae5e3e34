"""Ways of building that a street is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Roof = Literal["gable", "front gable", "hip", "mansard", "flat"]


@dataclass(frozen=True)
class Style:
    """Measures and materials of one way of building.

    Attributes
    ----------
    wall : str
        Texture.
    tints, dress : tuple of str
        sRGB colours of the walls, and of sills, bands and cornices.
    bay_m, storey_m : float
        About how far windows lie apart.
    window_m, sill_m, reveal_m : float
        Width and height, height of the sill above the floor, depth.
    glazing : int
        Row of the texture of windows.
    roofs : tuple of str
    plot_m : float
        Width of one house of a terrace; 0 where the whole front is one house.
    shop, balcony : float
        Odds of shops on the ground floor and of balconies.
    ground_m : float
        Height of the ground floor where there are shops.
    bands : bool
        A band below each storey and a heavy cornice.
    sills : bool
    """

    wall: str
    tints: tuple[str, ...]
    dress: tuple[str, ...]
    bay_m: float
    storey_m: float
    window_m: tuple[float, float]
    sill_m: float
    reveal_m: float
    glazing: int
    roofs: tuple[Roof, ...]
    plot_m: float = 0.0
    shop: float = 0.0
    balcony: float = 0.0
    ground_m: float = 3.5
    bands: bool = False
    sills: bool = True


_RED = ("9c7462", "8a6656", "a88470", "84685c")
_BUFF = ("c9b58c", "b9a580", "a89878")
_RENDER = ("f0ece2", "e9dfc8", "dcc9a4", "d9dde0", "e3cfc0", "cfd8cc", "e8d9a0", "c9b0a0")
_STONE = ("e9dfc9", "d9d0bc", "c9c4b8", "e4d6b8")
_PALE = ("e2dccd", "d8d4ca", "efece4")

BRICK_TERRACE = Style(
    wall="brick",
    tints=(*_RED, *_BUFF),
    dress=_PALE,
    bay_m=2.4,
    storey_m=3.0,
    window_m=(1.1, 1.75),
    sill_m=0.8,
    reveal_m=0.14,
    glazing=0,
    roofs=("gable", "gable", "mansard", "flat"),
    plot_m=6.0,
    shop=0.6,
)
STUCCO_TERRACE = Style(
    wall="stucco",
    tints=_RENDER,
    dress=("f4f1ea", "e8e2d4"),
    bay_m=2.5,
    storey_m=3.1,
    window_m=(1.1, 1.8),
    sill_m=0.75,
    reveal_m=0.16,
    glazing=1,
    roofs=("gable", "flat", "gable", "hip"),
    plot_m=7.5,
    shop=0.65,
)
STONE = Style(
    wall="ashlar",
    tints=_STONE,
    dress=("e9e2d2", "d8d0c0"),
    bay_m=2.7,
    storey_m=3.5,
    window_m=(1.25, 2.25),
    sill_m=0.55,
    reveal_m=0.24,
    glazing=1,
    roofs=("mansard", "mansard", "flat"),
    plot_m=11.0,
    shop=0.7,
    ground_m=4.0,
    bands=True,
)
BLOCK = Style(
    wall="stucco",
    tints=("e6e4dd", "d5d2c6", "c4c8c6", "d9c7a8", "b9c0b4"),
    dress=("d0cdc6", "b9b5ab"),
    bay_m=3.3,
    storey_m=2.85,
    window_m=(1.9, 1.45),
    sill_m=0.85,
    reveal_m=0.1,
    glazing=2,
    roofs=("flat",),
    shop=0.35,
    balcony=0.8,
)
RIBBON = Style(
    wall="panels",
    tints=("e4e2dc", "c9c8c4", "b0a898", "a7adb0"),
    dress=("c4c2bc", "8f9294"),
    bay_m=2.8,
    storey_m=3.4,
    window_m=(2.6, 1.9),
    sill_m=0.9,
    reveal_m=0.12,
    glazing=2,
    roofs=("flat",),
    shop=0.5,
    sills=False,
)
CURTAIN = Style(
    wall="panels",
    tints=("5c6a72", "39444b", "7d8a8c", "4a5a55"),
    dress=("8d9499", "4b5054"),
    bay_m=1.6,
    storey_m=3.6,
    window_m=(1.5, 2.7),
    sill_m=0.5,
    reveal_m=0.05,
    glazing=2,
    roofs=("flat",),
    shop=0.4,
    sills=False,
)
WAREHOUSE = Style(
    wall="brick",
    tints=(*_RED[:3], _BUFF[1]),
    dress=("9a6a58", "b5b0a4"),
    bay_m=3.6,
    storey_m=3.9,
    window_m=(2.3, 2.4),
    sill_m=0.9,
    reveal_m=0.22,
    glazing=3,
    roofs=("flat", "front gable"),
    shop=0.2,
)
BRICK_HOUSE = Style(
    wall="brick",
    tints=(*_RED, *_BUFF[:1]),
    dress=_PALE,
    bay_m=3.2,
    storey_m=2.8,
    window_m=(1.7, 1.35),
    sill_m=0.85,
    reveal_m=0.1,
    glazing=1,
    roofs=("gable", "hip", "front gable"),
)
STUCCO_HOUSE = Style(
    wall="stucco",
    tints=_RENDER,
    dress=_PALE,
    bay_m=3.0,
    storey_m=2.8,
    window_m=(1.4, 1.35),
    sill_m=0.85,
    reveal_m=0.12,
    glazing=1,
    roofs=("gable", "hip", "front gable"),
)
BOARD_HOUSE = Style(
    wall="boards",
    tints=("f2f2ee", "c4cdd2", "d9cfae", "9fb0a4", "a8b8c4", "b8a89a"),
    dress=("f6f6f2",),
    bay_m=2.8,
    storey_m=2.8,
    window_m=(1.05, 1.5),
    sill_m=0.75,
    reveal_m=0.06,
    glazing=0,
    roofs=("front gable", "gable", "gable"),
)

HOUSES = (BRICK_HOUSE, STUCCO_HOUSE, BOARD_HOUSE)
STREET = (BRICK_TERRACE, BRICK_TERRACE, STUCCO_TERRACE, STUCCO_TERRACE, STONE, RIBBON)
TALL = (STONE, STONE, BRICK_TERRACE, BLOCK, RIBBON, CURTAIN, WAREHOUSE)
