"""Places kinds of scenery along the sides of a road."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from scenegen.records import Lamp, Light, RoadSpec
from scenegen.roads import Roadside, roadsides
from scenegen.roads.layouts.motorway import RAMP_RADIUS_M
from scenegen.sample.site import MOST_PROPS, Site

DUSK_RAD = 0.05
"""Sun elevation below which windows are lit."""
LIT_SHARE = 0.6
BUILDING_STEP_M = 2.0
"""Buildings come in sizes this far apart."""
_DEEP_M = 12.0
"""From the front of a building to its back."""
FULL_LENGTH_M = 450.0
"""Roads longer than this get wider spacings instead of more props."""


RAIL_M, SHORTEST_RAIL_M = 24.0, 4.0
SAGITTA_M = 0.1
"""How far a straight piece may stray from a bend."""
TIGHT_M = 220.0
"""Radius of bends whose inside is overgrown."""
HEDGE_STEP_M = 6.0
HEDGE_M = (0.8, 1.9)
"""Thickness and height: too high to look over."""

_STRAIGHT = frozenset({"work_zone", "parking_street", "level_crossing", "tunnel"})
"""Kinds of maps whose roads are straight and level."""


def _piece_m(spec: RoadSpec) -> float:
    """Return how long straight pieces of rail may be: the chord of a sagitta in a bend."""
    if spec.kind in _STRAIGHT:
        return RAIL_M
    if spec.kind == "motorway":
        return float(np.sqrt(8.0 * RAMP_RADIUS_M * SAGITTA_M))
    if spec.kind == "hill" or spec.is_map:
        return SHORTEST_RAIL_M
    if spec.kind == "curve":
        chord = float(np.sqrt(8.0 * abs(spec.radius_m) * SAGITTA_M))
        return min(max(chord, SHORTEST_RAIL_M), RAIL_M)
    return RAIL_M


def _in_steps(size_m: float) -> float:
    return BUILDING_STEP_M * round(size_m / BUILDING_STEP_M)


class Planter:
    """Places kinds of scenery along the sides of a road."""

    def __init__(self, site: Site, spec: RoadSpec, light: Light, rng: np.random.Generator) -> None:
        self.site = site
        self.spec = spec
        self.rng = rng
        self.dusk = light.sun_elevation_rad < DUSK_RAD
        self.street = int(Lamp.STREET) if light.street_lights else 0
        self.stretch = max(1.0, spec.length_m / FULL_LENGTH_M)
        self.step_m = _piece_m(spec)

    def sides(self, most: int = MOST_PROPS) -> Iterator[tuple[int, Roadside]]:
        """Yield the sides of all roads, each with an equal share of so many more props."""
        sides = roadsides(self.site.network)
        before = len(self.site.props)
        for number, side in enumerate(sides):
            self.site.limit = before + most * (number + 1) // len(sides)
            yield number, side

    def stations(
        self, side: Roadside, spacing_m: float, jitter: float = 0.0, phase: float = 0.5
    ) -> Iterator[float]:
        """Yield stations at a spacing, moved by up to `jitter` spacings."""
        spacing = spacing_m * self.stretch
        for s0, s1 in side.runs:
            for k in range(int((s1 - s0) / spacing)):
                yield s0 + (k + phase + jitter * float(self.rng.uniform(-0.5, 0.5))) * spacing

    def window_lamps(self) -> int:
        """Return the lamp bits of one more building."""
        lit = bool(self.rng.random() < LIT_SHARE)
        return int(Lamp.WINDOW) if lit and self.dusk else 0

    def buildings(
        self,
        side: Roadside,
        *,
        setback_m: tuple[float, float],
        width_m: tuple[int, int],
        heights_m: Sequence[int],
        gap_m: tuple[float, float],
    ) -> list[tuple[float, float, float]]:
        """Place a row of buildings that face the road; return (s, d, width) of each."""
        placed = []
        for s0, s1 in side.runs:
            s = s0
            while s < s1:
                # In steps, so that scenes share the buildings they are made of.
                width = _in_steps(float(self.rng.integers(*width_m)) * min(self.stretch, 1.5))
                height = float(self.rng.choice(heights_m))
                setback = float(self.rng.uniform(*setback_m))
                gap = float(self.rng.uniform(*gap_m)) * self.stretch
                lamps, variant = self.window_lamps(), int(self.rng.integers(0, 6))
                d = max(side.verge_m, 1.0) + setback + 0.5 * _DEEP_M
                middle = s + 0.5 * width
                fits = middle + 0.5 * width <= s1 and d + 0.5 * _DEEP_M <= side.depth_m
                if fits and self.site.add(
                    "prop.building",
                    side.place(middle, d),
                    side.inward(middle),
                    variant=variant,
                    size_m=(_DEEP_M, width, height),
                    lamps=lamps,
                    clear_m=side.walk_m + 0.3,
                ):
                    placed.append((middle, d - 0.5 * _DEEP_M, width))
                s += width + gap
        return placed

    def lamps(self, side: Roadside, spacing_m: float, phase: float) -> None:
        """Place street lamps by the kerb, or on the verge where there is no sidewalk."""
        d = side.side.kerb_m + 0.35 if side.side.sidewalk_m > 0 else 0.8
        for s in self.stations(side, spacing_m, phase=phase):
            self.site.add_overhanging(
                "prop.street_lamp", side.place(s, d), side.inward(s), lamps=self.street
            )

    def plants(
        self,
        side: Roadside,
        spacing_m: float,
        reach_m: tuple[float, float],
        kinds: tuple[str, ...],
        room: float = 1.0,
    ) -> None:
        """Scatter trees or bushes between two distances from the carriageway."""
        for s in self.stations(side, spacing_m, jitter=0.9):
            d = float(self.rng.uniform(*reach_m))
            kind = kinds[int(self.rng.integers(len(kinds)))]
            yaw, variant = float(self.rng.uniform(-np.pi, np.pi)), int(self.rng.integers(0, 6))
            if d < side.depth_m:
                self.site.add(kind, side.place(s, d), yaw, variant=variant, clear_m=0.3, room=room)

    def furniture(
        self, side: Roadside, asset_id: str, spacing_m: float, d: float, turn_rad: float = 0.0
    ) -> None:
        """Place bins, benches and poles at about a spacing, turned from facing the road."""
        for s in self.stations(side, spacing_m, jitter=0.6):
            variant = int(self.rng.integers(0, 4))
            self.site.add(asset_id, side.place(s, d), side.inward(s) + turn_rad, variant=variant)

    def posts(
        self, side: Roadside, asset_id: str, spacing_m: float, d: float, variant: int = 0
    ) -> None:
        """Place delineators or signs that face the traffic of this side."""
        for s in self.stations(side, spacing_m):
            self.site.add(asset_id, side.place(s, d), side.along(s) + np.pi, variant=variant)

    def rail(self, side: Roadside, d: float, asset_id: str = "prop.guardrail") -> None:
        """Place a rail or barrier without gaps, in pieces short enough for bends."""
        straight = self.spec.kind == "straight"
        piece = self.step_m
        if self.spec.is_map and self.site.network.flat:
            chord = float(np.sqrt(8.0 * side.tightest_m * SAGITTA_M))
            piece, straight = min(max(chord, SHORTEST_RAIL_M), RAIL_M), chord > RAIL_M
        piece *= self.stretch if straight else 1.0
        for s0, s1 in side.runs:
            for k in range(int((s1 - s0) / piece)):
                s = s0 + (k + 0.5) * piece
                self.site.add(
                    asset_id,
                    side.place(s, d),
                    # Rails face -y: the road lies to their right.
                    side.inward(s) + 0.5 * np.pi,
                    size_m=(piece, 0.3, 0.75),
                )

    def overgrown(self, side: Roadside) -> None:
        """Plant a hedge along the inside of a tight bend: it hides what comes."""
        spec = self.spec
        inside = side.sign * spec.radius_m > 0
        if spec.kind != "curve" or abs(spec.radius_m) > TIGHT_M or not inside:
            return
        thick, height = HEDGE_M
        reach = 0.5 * abs(spec.radius_m) * spec.arc_rad + HEDGE_STEP_M
        d = side.verge_m + 0.5 * thick + 0.3
        steps = int(2 * reach / HEDGE_STEP_M)
        for k in range(steps):
            s = 0.5 * spec.length_m + (k + 0.5 - 0.5 * steps) * HEDGE_STEP_M
            # Along the carriageway's own line a step is longer than inside of it.
            length = HEDGE_STEP_M * (1.0 - (side.side.carriageway_m + d) / abs(spec.radius_m))
            self.site.add(
                "prop.hedge",
                side.place(s, d),
                side.along(s),
                size_m=(round(length, 2), thick, height),
                clear_m=0.1,
            )
