"""Pictures in rows and columns, each with its caption."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from scenegen.report.colors import Image
from scenegen.report.overlay import put_text

_GAP = 10
_CAPTION = 24
_LINE = 15
_TIE = "\N{NO-BREAK SPACE}"
MOST_LINES = 24
_BACKGROUND = (18, 20, 26)


def contact_sheet(
    images: Sequence[Image], columns: int, captions: Sequence[str], width: int | None = None
) -> Image:
    """Return one picture (H, W, 3) of all pictures, row by row.

    Parameters
    ----------
    images : sequence of ndarray, shape (h, w, 3), uint8
        Of any sizes; each is scaled to the width of a column and keeps its proportions.
    columns : int
        At least 1.
    captions : sequence of str
        One for each picture, of one or several lines; those that are wider than a column go on
        in the next line, to at most `MOST_LINES`, and what doesn't fit then is cut with "...".
    width : int, optional
        Of a column in px; by default that of the widest picture.

    Raises
    ------
    ValueError
        No pictures, no columns, or not as many captions as pictures.
    """
    if not images or columns < 1 or len(captions) != len(images):
        raise ValueError("a contact sheet needs pictures, columns and a caption for each")
    cell = width or max(image.shape[1] for image in images)
    scaled = [_to_width(image, cell) for image in images]
    rows = [
        _row(scaled[i : i + columns], captions[i : i + columns], columns, cell)
        for i in range(0, len(scaled), columns)
    ]
    gap = np.full((_GAP, rows[0].shape[1], 3), _BACKGROUND, np.uint8)
    return np.concatenate([gap, *rows])


def _row(images: Sequence[Image], captions: Sequence[str], columns: int, cell: int) -> Image:
    height = max(image.shape[0] for image in images)
    texts = [_lines(caption, cell) for caption in captions]
    below = _CAPTION + _LINE * (max(len(lines) for lines in texts) - 1)
    row = np.full((height + below + _GAP, columns * (cell + _GAP) + _GAP, 3), _BACKGROUND, np.uint8)
    for i, (image, lines) in enumerate(zip(images, texts, strict=True)):
        x = _GAP + i * (cell + _GAP)
        row[: image.shape[0], x : x + cell] = image
        for k, line in enumerate(lines):
            put_text(row, line, (x, height + 16 + _LINE * k), (214, 218, 226), 0.42)
    return row


def _to_width(image: Image, width: int) -> Image:
    if image.shape[1] == width:
        return image
    height = max(1, round(image.shape[0] * width / image.shape[1]))
    way = cv2.INTER_AREA if width < image.shape[1] else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, (width, height), interpolation=way), dtype=np.uint8)


def _lines(caption: str, width: int) -> list[str]:
    """Return a caption's lines, broken at blanks that are no non-breaking ones.

    cv2's font knows ASCII only.
    """
    lines = []
    for paragraph in caption.replace(_TIE, "\0").encode("ascii", "replace").decode().split("\n"):
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if line and _text_width(longer.rstrip().replace("\0", " ")) > width:
                lines.append(line.rstrip())
                longer = word
            line = longer
        lines.append(line)
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], lines[MOST_LINES - 1] + " ..."]
    return [_fitting(line.replace("\0", " "), width) for line in lines]


def _fitting(text: str, width: int) -> str:
    """Return a line, cut until it fits."""
    if _text_width(text) <= width:
        return text
    while text and _text_width(text + "...") > width:
        text = text[:-1]
    return text + "..."


def _text_width(text: str) -> int:
    (width, _), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, 0.42, 1)
    return int(width)
