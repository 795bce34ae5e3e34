"""Draws the pictures of docs/language/roads.md from its examples."""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

import cv2

from scenegen.api import preview

PAGE = Path(__file__).parents[1] / "docs" / "language" / "roads.md"
EXAMPLE = re.compile(r"!\[.*?\]\(roads_(\w+)\.jpg\)\n\n```yaml\n(.*?)```", re.DOTALL)
WIDTH, QUALITY = 760, 82
"""Of a plan and a camera picture side by side."""


def examples() -> dict[str, str]:
    """Return the scenarios of the page by the kind of road that they show."""
    return dict(EXAMPLE.findall(PAGE.read_text()))


def draw(kind: str, text: str) -> None:
    """Write the plan of a scenario and the moment of its closest call beside it."""
    with tempfile.TemporaryDirectory() as folder:
        file, sheet = Path(folder) / f"{kind}.yaml", Path(folder) / "sheet.png"
        file.write_text(text)
        preview(scenario=str(file), num_scenes=1, moments="closest", out=str(sheet))
        shown = cv2.imread(str(sheet), cv2.IMREAD_COLOR)
        assert shown is not None
    size = (WIDTH, round(WIDTH * shown.shape[0] / shown.shape[1]))
    small = cv2.resize(shown, size, interpolation=cv2.INTER_AREA)
    out = PAGE.parent / f"roads_{kind}.jpg"
    cv2.imwrite(str(out), small, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])


if __name__ == "__main__":
    wanted = sys.argv[1:] or list(examples())
    for name, text in examples().items():
        if name in wanted:
            draw(name, text)
