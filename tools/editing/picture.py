"""The picture of docs/language/editor.md: what the language server really says and offers.

Needs the font DejaVu Sans Mono (``fonts-dejavu-core``).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from editing.client import Client

COMPLETED = """\
scenario: small
description: A car in the rain.
duration: 4 s
road: {kind: straight, length: 200 m}
weather:
  rain: 3 mm/h
  \n\
ego:
  asset: vehicle.sedan
  place: {lane: forward_0, s: 20 m}
"""
AT = (6, 2)
HOVERED = (5, 3)
WRONG = """\
scenario: small
description: A car.
duration: 50 m
road: {kind: straight, lnes: 3}
weather: {rain: 3 mm}
ego:
  asset: vehicle.sedan
  speed: 50 kmh
  place: {lane: forward_0, s: 20 m}
  behaviour:
    - when: {time: 2 s}
"""
PAPER, INK, KEY, DIM, RED, BOX, CHOSEN = (
    (30, 30, 34),
    (222, 222, 222),
    (130, 190, 255),
    (130, 130, 138),
    (255, 110, 100),
    (44, 44, 50),
    (16, 78, 128),
)
SIZE, LINE, LEFT, TOP, WIDTH = 14, 21, 44, 34, 660
SHOWN = 6


def draw_editor(client: Client, path: Path) -> None:
    """Draw a document that is being completed and one that is wrong, side by side."""
    panels = [_completion(client), _problems(client)]
    height = max(panel.height for panel in panels)
    sheet = Image.new("RGB", (2 * WIDTH + 8, height), PAPER)
    for column, panel in enumerate(panels):
        sheet.paste(panel, (column * (WIDTH + 8), 0))
    sheet.save(path, quality=72)


def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype("DejaVuSansMono.ttf", SIZE)


def _page(title: str, lines: list[str], rows: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """Return a panel with numbered lines, keys in their colour."""
    image = Image.new("RGB", (WIDTH, TOP + rows * LINE + 10), PAPER)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, WIDTH, 24), fill=BOX)
    pen.text((LEFT, 4), title, INK, _font())
    for row, line in enumerate(lines):
        y = TOP + row * LINE
        pen.text((LEFT - 12, y), str(row + 1), DIM, _font(), anchor="ra")
        pen.text((LEFT, y), line, INK, _font())
        for key in re.finditer(r"[\w.]+(?=:)", line):
            pen.text((_x(key.start()), y), key[0], KEY, _font())
    return image, pen


def _x(column: int) -> float:
    return LEFT + column * _font().getlength("m")


def _completion(client: Client) -> Image.Image:
    lines = COMPLETED.rstrip("\n").split("\n")
    uri = client.open("weather.yaml", COMPLETED)
    client.problems(uri)  # it offers nothing before it has read the document
    items = client.complete(uri, *AT)[:SHOWN]
    hover = client.hover(uri, *HOVERED).split("\n")[0]
    image, pen = _page("weather.yaml: completion of keys", lines, len(lines) + 7)
    pen.line([(_x(AT[1]), TOP + AT[0] * LINE), (_x(AT[1]), TOP + AT[0] * LINE + 16)], INK)
    top = TOP + (AT[0] + 1) * LINE
    width = 150
    pen.rectangle((_x(2) - 6, top, _x(2) + width, top + len(items) * LINE + 4), fill=BOX)
    for row, item in enumerate(items):
        y = top + 2 + row * LINE
        if row == 0:
            pen.rectangle((_x(2) - 6, y, _x(2) + width, y + LINE - 1), fill=CHOSEN)
        pen.text((_x(2), y + 1), item["label"], INK, _font())
    told = _wrapped(_said(items[0]) if items else "", 44)
    aside = _x(2) + width + 6
    pen.rectangle((aside, top, WIDTH - 6, top + len(told) * LINE + 4), fill=BOX)
    for row, line in enumerate(told):
        pen.text((aside + 6, top + 3 + row * LINE), line, INK, _font())
    y = image.height - 3 * LINE - 8
    pen.text((LEFT, y), f"hover over {lines[HOVERED[0]].split(':')[0].strip()!r}:", DIM, _font())
    for row, line in enumerate(_wrapped(hover, 70)[:2]):
        pen.text((LEFT, y + (row + 1) * LINE), line, INK, _font())
    return image


def _problems(client: Client) -> Image.Image:
    uri = client.open("wrong.yaml", WRONG)
    lines = WRONG.rstrip("\n").split("\n")
    image, pen = _page("wrong.yaml: what is wrong, underlined", lines, len(lines) + 1)
    told: dict[int, list[str]] = {}
    for problem in client.problems(uri):
        start, end = problem["range"]["start"], problem["range"]["end"]
        row = start["line"]
        last = end["character"] if end["line"] == row else len(lines[row])
        y = TOP + row * LINE + SIZE + 4
        for x in range(round(_x(start["character"])), round(_x(last)), 4):
            pen.line([(x, y), (x + 2, y + 2), (x + 4, y)], RED, 1)
        told.setdefault(row, []).append(problem["message"].splitlines()[0])
    for row, messages in told.items():
        room = 72 - len(lines[row]) - 3
        text = "; ".join(messages)
        shown = text if len(text) <= room else text[: room - 1] + "…"
        pen.text((_x(len(lines[row]) + 2), TOP + row * LINE), shown, RED, _font())
    return image


def _said(item: dict[str, Any]) -> str:
    """Return the text beside an item of a completion."""
    text = item.get("documentation") or item.get("detail") or ""
    return str(text["value"] if isinstance(text, dict) else text)


def _wrapped(text: str, width: int) -> list[str]:
    words, lines = text.split(), [""]
    for word in words:
        if len(lines[-1]) + len(word) + 1 > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
