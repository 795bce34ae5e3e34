"""A comparison as a table to read, and as pictures side by side."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from scenegen.evaluate.images import U8
from scenegen.refine.comparison.record import FIGURES, Figure, MethodResult, RefinerComparison
from scenegen.report.overlay import put_text

_GAP, _HEAD = 4, 22
_INK = (20, 20, 20)
_ABOUT = """\
Frames of scenes that no method learned from, refined by each, against real test photographs.
95 % intervals over blocks of neighbouring frames and over seeds; `real` is training photographs
in place of frames, the floor. Nothing was chosen by the test photographs.
"""


def markdown(record: RefinerComparison) -> str:
    """Return the tables of a comparison: figures, differences, costs."""
    there = [name for name in FIGURES if any(name in m.figures for m in record.methods)]
    parts = ["# Refiners compared", _ABOUT, _table(record.methods, there)]
    for other in dict.fromkeys(name for m in record.methods for name in m.less):
        parts += [f"## Less what {other} reaches", _differences(record.methods, there, other)]
    parts += ["## Costs", _costs(record.methods)]
    return "\n\n".join(parts) + "\n"


def _table(methods: Sequence[MethodResult], names: Sequence[str]) -> str:
    rows = [[m.name, *(_cell(m.figures.get(name)) for name in names)] for m in methods]
    return _lines(["method", *(_heading(name) for name in names)], rows)


def _differences(methods: Sequence[MethodResult], names: Sequence[str], other: str) -> str:
    rows = [
        [m.name, *(_cell(m.less[other].get(name), "+") for name in names)]
        for m in methods
        if other in m.less
    ]
    return _lines(["method", *(_heading(name) for name in names)], rows)


def _costs(methods: Sequence[MethodResult]) -> str:
    rows = [
        [
            m.name,
            f"{m.training_s:.0f} s" if m.kind == "recipe" or m.training_s else "not told",
            "" if m.frame_s is None else f"{m.frame_s:.3f} s",
            f"{m.parameters:,}",
            f"{m.size_bytes / 1e6:.1f} MB",
        ]
        for m in methods
        if m.kind in ("recipe", "given")
    ]
    return _lines(["method", "training", "a frame", "numbers held", "size"], rows)


def _heading(name: str) -> str:
    title, better = FIGURES[name]
    return title + {"lower": " ↓", "higher": " ↑", "neither": ""}[better]


def _cell(figure: Figure | None, sign: str = "") -> str:
    if figure is None:
        return ""
    digits = 3 if max(abs(figure.low), abs(figure.high)) < 10 else 1
    value, low, high = (f"{v:{sign}.{digits}f}" for v in (figure.value, figure.low, figure.high))
    return f"{value} ({low} to {high})"


def _lines(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(row) + " |" for row in lines)


def grid(columns: Sequence[tuple[str, Sequence[U8]]], width: int = 240) -> U8:
    """Return pictures (H, W, 3) with a row for each frame and a named column for each method.

    Parameters
    ----------
    columns : sequence of (str, sequence of (h, w, 3) uint8)
        Equally many pictures each.
    width : int
        Of a picture, px.
    """
    drawn = []
    for name, pictures in columns:
        head = np.full((_HEAD, width, 3), 255, np.uint8)
        put_text(head, name, (4, _HEAD - 7), _INK, 0.45)
        drawn.append([head, *(_scaled(picture, width) for picture in pictures)])
    rows = []
    for row in zip(*drawn, strict=True):
        height = max(picture.shape[0] for picture in row)
        padded = [
            cv2.copyMakeBorder(
                p, 0, height - p.shape[0] + _GAP, 0, _GAP, cv2.BORDER_CONSTANT, value=(255,) * 3
            )
            for p in row
        ]
        rows.append(np.concatenate(padded, axis=1))
    return np.concatenate(rows)


def _scaled(picture: U8, width: int) -> U8:
    height = max(1, round(picture.shape[0] * width / picture.shape[1]))
    way = cv2.INTER_AREA if picture.shape[1] > width else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(picture, (width, height), interpolation=way), np.uint8)
