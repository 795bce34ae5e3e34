"""Writes docs/library.md: every scenario of the library with its source, and a picture a group."""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from scenegen.pipeline.moments import danger_frame
from scenegen.pipeline.preview import first_camera
from scenegen.render import process_renderer
from scenegen.sample import draw
from scenegen.scenario import ScenarioInfo, list_mixins, list_scenarios, load_scenario
from scenegen.simulate import simulate

U8 = npt.NDArray[np.uint8]
DOCS = Path(__file__).parents[1] / "docs"
PAGE, PICTURES = DOCS / "library.md", DOCS / "library"
COLUMNS, WIDTH, HEIGHT, CAPTION = 4, 300, 180, 18
SEED = 1


def picture_of(name: str) -> U8:
    """Return the moment of the ego's closest call (180, 300, 3), RGB, with the name below."""
    logical = load_scenario(name)
    concrete = draw(logical, SEED, 0)
    trajectory = simulate(concrete)
    renderer = process_renderer("opengl")
    renderer.load(concrete, trajectory, "full")
    frame = renderer.draw(first_camera(concrete), max(danger_frame(concrete, trajectory), 4))
    rgb = frame.rgb
    width = min(rgb.shape[1], round(rgb.shape[0] * WIDTH / HEIGHT))
    height = min(rgb.shape[0], round(rgb.shape[1] * HEIGHT / WIDTH))
    y, x = (rgb.shape[0] - height) // 2, (rgb.shape[1] - width) // 2
    small = cv2.resize(
        rgb[y : y + height, x : x + width], (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA
    )
    label = np.full((CAPTION, WIDTH, 3), 18, dtype=np.uint8)
    font = cv2.FONT_HERSHEY_SIMPLEX
    cv2.putText(label, name, (4, 13), font, 0.42, (230, 230, 230), 1, cv2.LINE_AA)
    return np.vstack([small, label]).astype(np.uint8)


def sheet(names: list[str]) -> U8:
    """Return a group's pictures, `COLUMNS` in a row."""
    tiles = [picture_of(name) for name in names]
    tiles += [np.full_like(tiles[0], 18)] * (-len(tiles) % COLUMNS)
    rows = [np.hstack(tiles[i : i + COLUMNS]) for i in range(0, len(tiles), COLUMNS)]
    return np.vstack(rows).astype(np.uint8)


def text_of(infos: list[ScenarioInfo]) -> str:
    """Return the page."""
    lines = [
        "# The library",
        "",
        f"{len(infos)} scenarios; `scenegen list` prints them, `scenegen preview scenario=NAME` "
        "shows one, and `scenegen generate scenario=NAME+MIXIN` makes one under another condition. "
        "Made by `tools/library`.",
    ]
    for group, members in groupby(infos, key=lambda info: info.group):
        lines += ["", f"## {group.capitalize()}", ""]
        lines += [f"![{group}](library/{group.replace(' ', '_')}.jpg)", ""]
        lines += ["| scenario | what happens | drawn from | ODD |", "|---|---|---|---|"]
        lines += [
            f"| `{info.name}` | {info.description} | {info.source} | {', '.join(info.odd)} |"
            for info in members
        ]
    lines += ["", "## Mix-ins", "", "| mix-in | what it does | ODD |", "|---|---|---|"]
    lines += [f"| `{m.name}` | {m.description} | {', '.join(m.odd)} |" for m in list_mixins()]
    return "\n".join(lines) + "\n"


def main(wanted: list[str]) -> None:
    """Write the page, and the pictures of the groups asked for, or of all."""
    infos = list_scenarios()
    PICTURES.mkdir(exist_ok=True)
    for group, members in groupby(infos, key=lambda info: info.group):
        name = group.replace(" ", "_")
        if not wanted or name in wanted:
            picture = sheet([info.name for info in members])[..., ::-1]
            cv2.imwrite(str(PICTURES / f"{name}.jpg"), picture, [cv2.IMWRITE_JPEG_QUALITY, 82])
            print(PICTURES / f"{name}.jpg")
    PAGE.write_text(text_of(infos))


if __name__ == "__main__":
    main(sys.argv[1:])
