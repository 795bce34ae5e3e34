"""Scenery beside the road: what stands there belongs to the surroundings.

All draws are made whether or not there is room and whether or not it is night, so that
the light changes no position.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from scenegen.records import Lamp, Light, Prop, RoadNetwork, RoadSpec
from scenegen.roads import Roadside, roadsides
from scenegen.sample.site import MOST_PROPS, Site

DUSK_RAD = 0.05
"""Sun elevation below which windows are lit."""
LIT_SHARE = 0.6
BUILDING_STEP_M = 2.0
"""Buildings come in sizes this far apart."""
FULL_LENGTH_M = 450.0
"""Roads longer than this get wider spacings instead of more props."""


def _in_steps(size_m: float) -> float:
    return BUILDING_STEP_M * round(size_m / BUILDING_STEP_M)


class Planter:
    """Places kinds of scenery along the sides of a road."""

    def __init__(
        self, network: RoadNetwork, spec: RoadSpec, light: Light, rng: np.random.Generator
    ) -> None:
        self.site = Site(network)
        self.spec = spec
        self.rng = rng
        self.dusk = light.sun_elevation_rad < DUSK_RAD
        self.street = int(Lamp.STREET) if light.street_lights else 0
        self.stretch = max(1.0, spec.length_m / FULL_LENGTH_M)
        self.step_m = 4.0 if spec.kind in ("curve", "hill") else 24.0

    def sides(self) -> Iterator[tuple[int, Roadside]]:
        """Yield the sides of all roads, each with an equal share of the props."""
        sides = roadsides(self.site.network)
        for number, side in enumerate(sides):
            self.site.limit = MOST_PROPS * (number + 1) // len(sides)
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
        height_m: tuple[int, int],
        gap_m: tuple[float, float],
    ) -> list[tuple[float, float, float]]:
        """Place a row of buildings that face the road; return (s, d, width) of each."""
        placed = []
        for s0, s1 in side.runs:
            s = s0
            while s < s1:
                # In steps, so that scenes share the buildings they are made of.
                width = _in_steps(float(self.rng.integers(*width_m)) * min(self.stretch, 1.5))
                depth = _in_steps(float(self.rng.integers(10, 15)))
                height = float(self.rng.integers(*height_m))
                setback = float(self.rng.uniform(*setback_m))
                gap = float(self.rng.uniform(*gap_m)) * self.stretch
                lamps, variant = self.window_lamps(), int(self.rng.integers(0, 6))
                d = max(side.verge_m, 1.0) + setback + 0.5 * depth
                middle = s + 0.5 * width
                fits = middle + 0.5 * width <= s1 and d + 0.5 * depth <= side.depth_m
                if fits and self.site.add(
                    "prop.building",
                    side.place(middle, d),
                    side.inward(middle),
                    variant=variant,
                    size_m=(depth, width, height),
                    lamps=lamps,
                    clear_m=side.walk_m + 0.3,
                ):
                    placed.append((middle, d - 0.5 * depth, width))
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
    ) -> None:
        """Scatter trees or bushes between two distances from the carriageway."""
        for s in self.stations(side, spacing_m, jitter=0.9):
            d = float(self.rng.uniform(*reach_m))
            kind = kinds[int(self.rng.integers(len(kinds)))]
            yaw, variant = float(self.rng.uniform(-np.pi, np.pi)), int(self.rng.integers(0, 6))
            if d < side.depth_m:
                self.site.add(kind, side.place(s, d), yaw, variant=variant, clear_m=0.3)

    def furniture(self, side: Roadside, asset_id: str, spacing_m: float, d: float) -> None:
        """Place bins, benches and poles at about a spacing, facing the road."""
        for s in self.stations(side, spacing_m, jitter=0.6):
            variant = int(self.rng.integers(0, 4))
            self.site.add(asset_id, side.place(s, d), side.inward(s), variant=variant)

    def posts(self, side: Roadside, asset_id: str, spacing_m: float, d: float) -> None:
        """Place delineators or signs that face the traffic of this side."""
        for s in self.stations(side, spacing_m):
            self.site.add(asset_id, side.place(s, d), side.along(s) + np.pi)

    def rail(self, side: Roadside, d: float) -> None:
        """Place a guard rail without gaps, in pieces short enough for bends."""
        piece = self.step_m * (self.stretch if self.step_m > 10 else 1.0)
        for s0, s1 in side.runs:
            for k in range(int((s1 - s0) / piece)):
                s = s0 + (k + 0.5) * piece
                self.site.add(
                    "prop.guardrail",
                    side.place(s, d),
                    # Rails face -y: the road lies to their right.
                    side.inward(s) + 0.5 * np.pi,
                    size_m=(piece, 0.3, 0.75),
                )


def _urban(planter: Planter) -> None:
    for number, side in planter.sides():
        planter.lamps(side, 28.0, 0.25 + 0.5 * (number % 2))
        planter.posts(side, "prop.sign_speed", 180.0, side.side.kerb_m + 0.4)
        planter.furniture(side, "prop.bin", 70.0, side.side.kerb_m + 0.5)
        if side.side.sidewalk_m >= 2.5:
            planter.furniture(side, "prop.bench", 110.0, side.walk_m - 0.4)
        planter.buildings(
            side,
            setback_m=(1.5, 3.5),
            width_m=(12, 26),
            height_m=(9, 25),
            gap_m=(0.3, 3.0),
        )
        if side.side.verge_m >= 1.0:
            row = (max(side.walk_m + 0.5, 2.7), max(side.walk_m + 0.6, 2.8))
            planter.plants(side, 20.0, row, ("prop.tree_broadleaf",))
            planter.plants(side, 45.0, (side.walk_m + 1.2, side.verge_m), ("prop.bush",))


def _suburban(planter: Planter) -> None:
    for number, side in planter.sides():
        planter.lamps(side, 36.0, 0.25 + 0.5 * (number % 2))
        planter.furniture(side, "prop.bin", 110.0, side.walk_m + 0.4)
        houses = planter.buildings(
            side,
            setback_m=(4.0, 9.0),
            width_m=(9, 14),
            height_m=(5, 9),
            gap_m=(8.0, 18.0),
        )
        for s, front, width in houses:
            kind = ("prop.hedge", "prop.fence")[int(planter.rng.integers(2))]
            height = 1.2 if kind == "prop.fence" else float(planter.rng.choice([1.0, 1.4, 1.8]))
            thick = 0.1 if kind == "prop.fence" else 0.7
            d = side.verge_m + 0.6
            if d + 1.5 < front:
                planter.site.add(
                    kind,
                    side.place(s, d),
                    side.along(s),
                    size_m=(width + 2.0, thick, height),
                    clear_m=side.walk_m + 0.2,
                )
        planter.plants(
            side,
            26.0,
            (side.verge_m + 2.5, side.verge_m + 9.0),
            ("prop.tree_broadleaf", "prop.bush", "prop.bush"),
        )


def _rural(planter: Planter) -> None:
    for number, side in planter.sides():
        planter.posts(side, "prop.delineator", 50.0, 0.6)
        planter.posts(side, "prop.sign_warning", 300.0, 1.4)
        if number % 2 == 0:
            planter.furniture(side, "prop.utility_pole", 45.0, side.verge_m + 3.0)
        near = side.verge_m + 2.5
        planter.plants(side, 34.0, (near, near + 8.0), ("prop.bush", "prop.tree_broadleaf"))
        planter.plants(side, 34.0, (near + 8.0, 60.0), (*_TREES, "prop.bush"))
        planter.plants(side, 34.0, (60.0, 140.0), _TREES)


def _forest(planter: Planter) -> None:
    for _, side in planter.sides():
        planter.posts(side, "prop.delineator", 50.0, 0.6)
        planter.posts(side, "prop.sign_warning", 300.0, 1.4)
        near = side.verge_m + 1.5
        conifers = ("prop.tree_conifer", "prop.tree_conifer", "prop.tree_broadleaf")
        planter.plants(side, 17.0, (near, near + 6.0), (*conifers, "prop.bush"))
        planter.plants(side, 23.0, (near + 5.0, near + 16.0), conifers)
        planter.plants(side, 32.0, (near + 14.0, near + 34.0), conifers[:1])


def _motorway(planter: Planter) -> None:
    for _, side in planter.sides():
        planter.rail(side, 0.9)
        planter.posts(side, "prop.delineator", 50.0, 0.5)
        planter.posts(side, "prop.sign_speed", 400.0, 1.8)
        near = side.verge_m + 4.0
        planter.plants(side, 26.0, (near, near + 12.0), ("prop.bush", "prop.tree_broadleaf"))
        planter.plants(
            side, 24.0, (near + 14.0, 90.0), ("prop.tree_conifer", "prop.tree_broadleaf")
        )


_TREES = ("prop.tree_conifer", "prop.tree_broadleaf")

_STYLES: dict[str, Callable[[Planter], None]] = {
    "urban": _urban,
    "suburban": _suburban,
    "rural": _rural,
    "forest": _forest,
    "motorway": _motorway,
}


def place_scenery(
    network: RoadNetwork, spec: RoadSpec, light: Light, generator: np.random.Generator
) -> tuple[Prop, ...]:
    """Return the scenery of a road: what, where, how large and which lamps are lit.

    Nothing stands on a carriageway, on a crossing for walkers, around a signal's post
    or within another prop; only the arms of street lamps reach over the road.

    Parameters
    ----------
    network : RoadNetwork
    spec : RoadSpec
    light : Light
        Says whether street lamps burn and windows are lit; moves nothing.
    generator : numpy.random.Generator
    """
    planter = Planter(network, spec, light, generator)
    _STYLES[spec.surroundings](planter)
    return tuple(planter.site.props)
