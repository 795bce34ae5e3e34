"""Pictograms of signs, drawn by hand in a box that reaches from -1 to 1 both ways."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from scenegen.assets.ink import arc, arrow, disc, fill, lettering, patch, ring, stroke
from scenegen.assets.triangles import Geometry, join

_UP = np.pi / 2


def walker() -> Geometry:
    """Return somebody who walks to the left."""
    return join(
        [
            disc(0.17, (0.04, 0.82), 16),
            stroke([(0.06, 0.52), (0.02, -0.02)], 0.32, True),
            stroke([(-0.02, -0.05), (-0.2, -0.45), (-0.42, -0.92)], 0.17, True),
            stroke([(0.08, -0.05), (0.2, -0.5), (0.42, -0.9)], 0.17, True),
            stroke([(0.0, 0.5), (-0.3, 0.2), (-0.48, 0.12)], 0.12, True),
            stroke([(0.14, 0.5), (0.36, 0.15), (0.44, -0.1)], 0.12, True),
        ]
    )


def standing() -> Geometry:
    """Return somebody who stands and waits."""
    return join(
        [
            disc(0.17, (0.0, 0.82), 16),
            stroke([(0.0, 0.5), (0.0, 0.0)], 0.4, True),
            *(stroke([(s * 0.11, 0.0), (s * 0.12, -0.92)], 0.18, True) for s in (-1, 1)),
            *(stroke([(s * 0.24, 0.52), (s * 0.32, -0.05)], 0.11, True) for s in (-1, 1)),
        ]
    )


def children() -> Geometry:
    """Return two children, one smaller, hand in hand."""
    one = walker()
    return join([one.moved(y=0.35), one.scaled(1, 0.78, 0.78).moved(0, -0.45, -0.2)])


def zebra_walker() -> Geometry:
    """Return a walker on the bars of a crossing."""
    bars = [patch(x, -1.0, x + 0.2, -0.78) for x in (-0.95, -0.55, -0.15, 0.25, 0.65)]
    return join([walker().scaled(1, 0.85, 0.85).moved(z=0.14), *bars])


def parent_and_child() -> Geometry:
    """Return a grown-up leading a child."""
    return join(
        [
            standing().scaled(1, 0.9, 0.95).moved(0, -0.25, 0.05),
            standing().scaled(1, 0.6, 0.6).moved(0, 0.4, -0.33),
            stroke([(0.03, 0.0), (0.22, -0.1)], 0.1, True),
        ]
    )


def bicycle() -> Geometry:
    """Return a bicycle from its side."""
    frame = [(-0.55, -0.3), (-0.3, 0.28), (0.3, 0.28), (0.0, -0.3), (-0.55, -0.3)]
    return join(
        [
            ring(0.4, 0.1, (-0.56, -0.3)),
            ring(0.4, 0.1, (0.56, -0.3)),
            stroke([(x, y) for x, y in frame], 0.1),
            stroke([(0.0, -0.3), (-0.34, 0.42)], 0.1),
            stroke([(-0.5, 0.45), (-0.2, 0.45)], 0.12, True),
            stroke([(0.56, -0.3), (0.28, 0.5), (0.5, 0.55)], 0.1, True),
        ]
    )


def car(x: float = 0.0, z: float = 0.0, size: float = 1.0) -> Geometry:
    """Return a car from its side."""
    body = [
        (-0.95, -0.25),
        (0.95, -0.25),
        (0.92, 0.05),
        (0.55, 0.12),
        (0.25, 0.45),
        (-0.45, 0.45),
        (-0.72, 0.12),
        (-0.95, 0.06),
    ]
    shape = join([fill(body), disc(0.21, (-0.52, -0.27), 16), disc(0.21, (0.52, -0.27), 16)])
    return shape.scaled(1, size, size).moved(0, x, z)


def car_behind(x: float, size: float) -> Geometry:
    """Return a car from behind."""
    body = [(-0.5, -0.35), (0.5, -0.35), (0.5, 0.1), (0.33, 0.45), (-0.33, 0.45), (-0.5, 0.1)]
    wheels = [patch(s - 0.1, -0.55, s + 0.1, -0.3) for s in (-0.36, 0.36)]
    return join([fill(body), *wheels]).scaled(1, size, size).moved(0, x, 0)


def lorry() -> Geometry:
    """Return a lorry from its side."""
    cab = [(0.3, -0.3), (0.98, -0.3), (0.98, 0.05), (0.8, 0.35), (0.3, 0.35)]
    wheels = [disc(0.19, (x, -0.36), 16) for x in (-0.7, -0.25, 0.65)]
    return join([patch(-0.98, -0.3, 0.22, 0.6), fill(cab), *wheels])


def bus() -> Geometry:
    """Return a bus from its side; its windows are gaps between posts."""
    posts = [patch(x, -0.1, x + 0.1, 0.5) for x in (-1.0, -0.55, -0.1, 0.35, 0.9)]
    wheels = [disc(0.19, (x, -0.5), 16) for x in (-0.6, 0.6)]
    return join([patch(-1.0, -0.5, 1.0, -0.08), patch(-1.0, 0.42, 1.0, 0.62), *posts, *wheels])


def tram() -> Geometry:
    """Return a tram from its front, with its wire."""
    face = [(-0.42, -0.65), (0.42, -0.65), (0.48, 0.5), (0.3, 0.65), (-0.3, 0.65), (-0.48, 0.5)]
    window = [(-0.32, 0.0), (0.32, 0.0), (0.32, 0.45), (-0.32, 0.45)]
    return join(
        [
            fill(face, window),
            stroke([(0.0, 0.65), (0.0, 0.95)], 0.08),
            stroke([(-0.5, 0.95), (0.5, 0.95)], 0.08),
            *(stroke([(s * 0.3, -0.7), (s * 0.55, -1.0)], 0.12) for s in (-1, 1)),
        ]
    )


def deer() -> Geometry:
    """Return a leaping deer."""
    trunk = [(-0.75, -0.05), (-0.6, 0.3), (0.2, 0.42), (0.45, 0.2), (0.2, -0.05), (-0.4, -0.1)]
    return join(
        [
            fill(trunk),
            stroke([(0.3, 0.3), (0.55, 0.68)], 0.22, True),
            stroke([(0.52, 0.7), (0.85, 0.62)], 0.17, True),
            stroke([(0.5, 0.75), (0.35, 1.0), (0.5, 0.95)], 0.07, True),
            stroke([(0.2, 0.1), (0.6, 0.05), (0.75, -0.25)], 0.12, True),
            stroke([(0.1, 0.05), (0.45, -0.2), (0.5, -0.5)], 0.12, True),
            stroke([(-0.6, 0.05), (-0.75, -0.4), (-0.98, -0.7)], 0.14, True),
            stroke([(-0.45, 0.0), (-0.4, -0.45), (-0.65, -0.85)], 0.14, True),
        ]
    )


def digger() -> Geometry:
    """Return a man at a heap with a shovel."""
    heap = [(0.25, -0.95), (1.0, -0.95), (0.7, -0.5), (0.5, -0.48)]
    return join(
        [
            disc(0.17, (-0.25, 0.72), 16),
            stroke([(-0.38, 0.4), (-0.55, -0.05)], 0.3, True),
            stroke([(-0.6, -0.1), (-0.35, -0.45), (-0.5, -0.92)], 0.16, True),
            stroke([(-0.62, -0.1), (-0.8, -0.5), (-0.95, -0.92)], 0.16, True),
            stroke([(-0.35, 0.42), (-0.02, 0.0)], 0.12, True),
            stroke([(-0.4, 0.1), (0.45, -0.5)], 0.08, True),
            fill(heap),
        ]
    )


def exclamation() -> Geometry:
    """Return an exclamation mark."""
    mark = [(-0.2, 0.95), (-0.12, -0.35), (0.12, -0.35), (0.2, 0.95)]
    return join([fill(mark), disc(0.17, (0.0, -0.75), 16)])


def bend() -> Geometry:
    """Return an arrow round a bend to the right."""
    path = [(-0.35, -0.95), (-0.35, -0.2), *arc(0.45, np.pi, 0.6 * np.pi, (0.1, -0.2))]
    return arrow([*path, (0.62, 0.6)], 0.26, 0.62)


def double_bend() -> Geometry:
    """Return an arrow round two bends, right first."""
    path = [(-0.3, -1.0), (-0.3, -0.45), (0.3, -0.05), (0.3, 0.25), (-0.15, 0.85)]
    return arrow(path, 0.22, 0.55)


def descent() -> Geometry:
    """Return a slope going down to the right, and its steepness."""
    wedge = [(-1.0, 0.15), (-1.0, -0.75), (1.0, -0.75)]
    return join([fill(wedge), lettering("10", 0.5, (0.3, 0.25)).turned((1, 0, 0), -0.2)])


def narrows() -> Geometry:
    """Return two lines that come closer."""
    one = [(-0.75, -0.95), (-0.75, -0.35), (-0.28, 0.25), (-0.28, 0.95)]
    line = stroke(one, 0.26)
    return join([line, line.scaled(1, -1, 1)])


def bumps() -> Geometry:
    """Return a road with two humps."""
    top = [*arc(0.42, np.pi, 0.0, (-0.46, -0.35)), *arc(0.42, np.pi, 0.0, (0.46, -0.35))]
    return fill([(-1.0, -0.7), (-1.0, -0.35), *top, (1.0, -0.35), (1.0, -0.7)])


def slippery() -> Geometry:
    """Return a car with wavering tracks."""
    track = [(0.0, -1.0), (0.22, -0.75), (-0.1, -0.45), (0.12, -0.2)]
    lines = [stroke([(x + dx, z) for x, z in track], 0.1) for dx in (-0.38, 0.25)]
    return join([car_behind(0.0, 0.95).turned((1, 0, 0), -0.25).moved(z=0.5), *lines])


def rocks() -> Geometry:
    """Return a cliff and falling stones."""
    cliff = [(-1.0, -0.9), (-1.0, 0.6), (-0.75, 0.35), (-0.6, 0.4), (-0.45, 0.0), (-0.25, -0.9)]
    stones = ((0.0, 0.35, 0.15), (0.3, -0.05, 0.17), (0.15, -0.5, 0.14), (0.65, -0.45, 0.16))
    return join([fill(cliff), *(disc(r, (x, z), 6) for x, z, r in stones)])


def two_way() -> Geometry:
    """Return an arrow up and an arrow down."""
    return join(
        [
            arrow([(0.42, -0.9), (0.42, 0.9)], 0.24, 0.62),
            arrow([(-0.42, 0.9), (-0.42, -0.9)], 0.24, 0.62),
        ]
    )


def roundabout() -> Geometry:
    """Return three arrows that chase each other anticlockwise."""
    one = arrow(arc(0.68, 0.15, 0.15 + 1.75), 0.24, 0.6)
    return join([one.turned((1, 0, 0), k * 2 * np.pi / 3) for k in range(3)])


def queue() -> Geometry:
    """Return three cars behind each other."""
    places = ((-0.1, -0.62, 0.62), (0.06, 0.08, 0.48), (0.2, 0.62, 0.36))
    return join([car(x, z, size) for x, z, size in places])


def gate() -> Geometry:
    """Return the gate of a level crossing."""
    pales = [patch(x, -0.7, x + 0.18, 0.6) for x in (-0.85, -0.42, 0.01, 0.44)]
    return join([*pales, patch(-1.0, 0.15, 0.8, 0.33), patch(-1.0, -0.45, 0.8, -0.27)])


def crosswind() -> Geometry:
    """Return a windsock on its mast."""
    sock = [(-0.6, 0.75), (0.95, 0.35), (0.9, 0.1), (-0.6, 0.2)]
    return join([stroke([(-0.7, 0.95), (-0.7, -0.95)], 0.14), fill(sock)])


def crossing_x() -> Geometry:
    """Return a diagonal cross: a crossing where the right has priority."""
    return join([stroke([(-0.7, s * 0.75), (0.7, -s * 0.75)], 0.34) for s in (-1, 1)])


def priority_crossing() -> Geometry:
    """Return a broad arrow over a thin line: a crossing with a minor road."""
    return join([arrow([(0.0, -0.95), (0.0, 0.95)], 0.3, 0.62), patch(-0.75, -0.2, 0.75, -0.02)])


def ahead() -> Geometry:
    """Return an arrow straight up."""
    return arrow([(0.0, -0.95), (0.0, 0.95)], 0.3, 0.85)


def turn_right() -> Geometry:
    """Return an arrow that turns right."""
    return arrow([(-0.45, -0.9), (-0.45, 0.2), (0.92, 0.2)], 0.28, 0.8)


def u_turn() -> Geometry:
    """Return an arrow that turns back to the left."""
    path = [(0.45, -0.9), *arc(0.45, 0.0, np.pi, (0.0, 0.3)), (-0.45, -0.75)]
    return arrow(path, 0.26, 0.72)


def pass_right() -> Geometry:
    """Return an arrow down to the right."""
    return arrow([(-0.65, 0.65), (0.72, -0.72)], 0.3, 0.85)


def pump() -> Geometry:
    """Return a petrol pump."""
    body = [(-0.6, -0.9), (0.25, -0.9), (0.25, 0.9), (-0.6, 0.9)]
    dial = [(-0.42, 0.3), (0.07, 0.3), (0.07, 0.7), (-0.42, 0.7)]
    hose = [(0.25, 0.1), (0.45, 0.1), (0.45, -0.55), (0.62, -0.6), (0.7, -0.4), (0.7, 0.4)]
    return join([fill(body, dial), stroke([*hose, (0.45, 0.75)], 0.11, True)])


def motorway() -> Geometry:
    """Return two carriageways that run to the horizon, with a bridge across."""
    lane = [(0.1, -0.95), (0.85, -0.95), (0.3, 0.85), (0.08, 0.85)]
    bridge = [patch(-1.0, 0.2, 1.0, 0.38), patch(-0.85, 0.38, -0.72, 0.5)]
    return join([fill(lane), fill(lane).scaled(1, -1, 1), *bridge, patch(0.72, 0.38, 0.85, 0.5)])


def town() -> Geometry:
    """Return the outline of a town: houses and a church."""
    roofs = [(-1.0, -0.8), (-1.0, 0.0), (-0.7, 0.35), (-0.4, 0.0), (-0.4, 0.2), (-0.15, 0.45)]
    church = [(0.1, 0.2), (0.1, 0.35), (0.28, 1.0), (0.46, 0.35), (0.46, 0.1), (0.75, 0.35)]
    return fill([*roofs, *church, (1.0, 0.05), (1.0, -0.8)])


def dead_end() -> Geometry:
    """Return a road that comes from below and stops."""
    return patch(-0.16, -0.95, 0.16, 0.42)


def cross() -> Geometry:
    """Return an upright cross."""
    return join([patch(-0.28, -0.85, 0.28, 0.85), patch(-0.85, -0.28, 0.85, 0.28)])


def letters(text: str) -> Callable[[], Geometry]:
    """Return what draws a text that fills the box."""
    height = (1.7, 1.25, 0.95)[min(len(text), 3) - 1]
    return lambda: lettering(text, height)


def left(drawing: Callable[[], Geometry]) -> Callable[[], Geometry]:
    """Return what draws the mirror image."""
    return lambda: drawing().scaled(1, -1, 1)
