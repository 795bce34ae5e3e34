"""Glazes openings: dark panes, pale ones, and those that are lit at night."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scenegen.assets.build import Bench
from scenegen.assets.glazing import DARK_ROOMS, SHOP_GRID, WINDOW_GRID, panes
from scenegen.assets.materials import lamp
from scenegen.records.base import F64
from scenegen.records.mesh import Material
from scenegen.records.taxonomy import Lamp

LIT_SHARE = 0.34
_PALE_SHARE = 0.25
_WHITE = (1.0, 1.0, 1.0)

WINDOW = Material("window", _WHITE, roughness=0.1, texture="windows")
DISPLAY = Material("shop window", _WHITE, roughness=0.1, texture="shops")


def _lit(name: str, light: str, luminance_cdm2: float, texture: str) -> Material:
    """Return a window that glows through its picture when somebody is in."""
    plain = lamp(name, "ffffff", light, luminance_cdm2, Lamp.WINDOW)
    return replace(plain, texture=texture)


LIT_WINDOWS = (
    _lit("warm window", "ffc07a", 18.0, "windows"),
    _lit("bright window", "ffdcae", 34.0, "windows"),
    _lit("cool window", "dfe8ff", 22.0, "windows"),
)
_LIT_ODDS = (0.5, 0.3, 0.2)
LIT_DISPLAY = _lit("lit shop window", "fff0d8", 36.0, "shops")


def pictures(count: int, kind: int, rng: np.random.Generator) -> F64:
    """Return which picture (count, 2) each of so many unlit windows shows."""
    column = rng.integers(0, DARK_ROOMS, count)
    column = np.where(rng.random(count) < _PALE_SHARE, column + DARK_ROOMS, column)
    return np.stack([np.full(count, kind), column], axis=1).astype(np.float64)


def glaze(
    bench: Bench, part: str, boxes: F64, x: float, kind: int, rng: np.random.Generator
) -> None:
    """Add a pane for each opening (N, 4); at night some have light behind."""
    cells = pictures(len(boxes), kind, rng)
    lit = rng.random(len(boxes)) < LIT_SHARE
    hue = rng.choice(len(LIT_WINDOWS), len(boxes), p=_LIT_ODDS)
    cells[lit, 1] = DARK_ROOMS + rng.integers(0, DARK_ROOMS, int(lit.sum()))
    groups = [(~lit, WINDOW), *((lit & (hue == k), m) for k, m in enumerate(LIT_WINDOWS))]
    for chosen, material in groups:
        if chosen.any():
            bench.add(part, panes(boxes[chosen], x, cells[chosen], WINDOW_GRID), material)


def display(
    bench: Bench, part: str, boxes: F64, x: float, door: int, rng: np.random.Generator
) -> None:
    """Add a shop's windows (N, 4), one of which is its door; some shops stay lit at night."""
    rows, columns = SHOP_GRID
    column = rng.integers(0, columns - 1, len(boxes))
    column[door] = columns - 1
    row = np.full(len(boxes), rng.integers(rows))
    cells = np.stack([row, column], axis=1).astype(np.float64)
    material = LIT_DISPLAY if rng.random() < 0.6 else DISPLAY
    bench.add(part, panes(boxes, x, cells, SHOP_GRID), material)
