"""Open scenarios in yaml-language-server and hold what it says against what it should say."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from editing.client import Client
from editing.picture import draw_editor
from scenegen.scenario.library import library_files

BROKEN = """\
scenario: small
description: A car.
duration: 50 m
road: {kind: straight, length: 200 s, lnes: 3}
weather:
  rain: 3 mm/h
  \n\
ego:
  asset: vehicle.sedan
  place: {lane: forward_0, s: 20 m}
  behaviour:
    - when: {time: 2 s}
      \n\
actors:
  child:
    asset: \n\
    place: {lane: forward_0, s: 30 m}
parameters:
  gap: \n\
require:
  - {that: gap > 3 m, chance: 0.5}
"""
PROBLEMS = {
    (2, 10): "It needs a time such as '1.2 s'",
    (3, 31): "It needs a length such as '3 m'",
    (3, 38): "lnes is not allowed",
    (11, 6): 'Missing property "do"',
    (20, 22): "chance is not allowed",
}
OFFERS = {
    (6, 2): {"snow", "visibility", "lens_dirt"},
    (12, 6): {"do", "lane", "hard_brake"},
    (15, 11): {"vehicle.sedan", "person.child"},
    (18, 7): {"uniform", "truncated_normal", "uniform with nominal"},
}
VARIANT = "scenario: wet\nextends: \nwith:\n  - \n"


def main() -> int:
    parser = argparse.ArgumentParser(prog="tools/try_editor", description=__doc__)
    parser.add_argument("server", help="yaml-language-server's program")
    parser.add_argument("--picture", help="JPG to draw of what the server says and offers")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        schema = Path(folder, "scenario.schema.json")
        made = subprocess.run(
            [sys.executable, "-m", "scenegen", "schema"], capture_output=True, check=True
        )
        schema.write_bytes(made.stdout)
        client = Client([options.server, "--stdio"], schema)
        try:
            if options.picture:
                draw_editor(client, Path(options.picture))
            wrong = [*_broken(client), *_variant(client), *_library(client)]
        finally:
            client.close()
    for line in wrong:
        print(line, file=sys.stderr)
    print("the editor says what it should" if not wrong else f"{len(wrong)} things are wrong")
    return 1 if wrong else 0


def _broken(client: Client) -> list[str]:
    uri = client.open("broken.yaml", BROKEN)
    told = {
        (p["range"]["start"]["line"], p["range"]["start"]["character"]): p["message"]
        for p in client.problems(uri)
    }
    for (line, column), message in sorted(told.items()):
        print(f"broken.yaml:{line + 1}:{column + 1}: {message.splitlines()[0]}")
    wrong = [
        f"broken.yaml: not told at {place}: {text}"
        for place, text in PROBLEMS.items()
        if text not in told.get(place, "")
    ]
    for (line, column), expected in OFFERS.items():
        offered = {item["label"] for item in client.complete(uri, line, column)}
        wrong += [f"broken.yaml: not offered at {(line, column)}: {x}" for x in expected - offered]
    if "Rain rate" not in (text := client.hover(uri, 5, 3)):
        wrong.append(f"broken.yaml: the hover over 'rain' is {text!r}")
    return wrong


def _variant(client: Client) -> list[str]:
    uri = client.open("variant.yaml", VARIANT)
    offered = {item["label"] for item in client.complete(uri, 1, 9)}
    mixins = {item["label"] for item in client.complete(uri, 3, 4)}
    wrong = ["variant.yaml: no scenario of the library is offered"] * (
        "night_jaywalk" not in offered
    )
    return wrong + ["variant.yaml: no mix-in is offered"] * ("rain_heavy" not in mixins)


def _library(client: Client) -> list[str]:
    paths = [*library_files().values(), *library_files(what="mix-in").values()]
    wrong = []
    for path in paths:
        uri = client.open(f"library/{path.name}", path.read_text(encoding="utf-8"))
        wrong += [f"{path.name}: {problem['message']}" for problem in client.problems(uri)]
    print(f"{len(paths)} documents of the library opened")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
