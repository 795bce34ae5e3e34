"""Scenery beside the road: what stands there belongs to the surroundings.

All draws are made whether or not there is room and whether or not it is night, so that
the light changes no position.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from scenegen.assets import in_season
from scenegen.records import Light, Prop, RoadNetwork, RoadSpec, Season
from scenegen.sample.backdrop import place_backdrop
from scenegen.sample.furnish import furnish
from scenegen.sample.growth import place_growth
from scenegen.sample.map_signs import place_map_signs
from scenegen.sample.planter import Planter
from scenegen.sample.railway import place_railway
from scenegen.sample.signposts import speed_variant, warning_variant
from scenegen.sample.site import Site
from scenegen.sample.tunnels import place_tunnel
from scenegen.sample.works import place_works


def _urban(planter: Planter) -> None:
    for number, side in planter.sides():
        planter.lamps(side, 28.0, 0.25 + 0.5 * (number % 2))
        limit = speed_variant(planter.spec)
        planter.posts(side, "prop.sign_speed", 180.0, side.side.kerb_m + 0.4, limit)
        planter.furniture(side, "prop.bin", 70.0, side.side.kerb_m + 0.5)
        if side.side.sidewalk_m >= 2.5:
            planter.furniture(side, "prop.bench", 110.0, side.walk_m - 0.4)
        planter.buildings(
            side,
            setback_m=(1.5, 3.5),
            width_m=(12, 26),
            heights_m=range(9, 25, 3),
            gap_m=(0.3, 3.0),
        )
        if side.side.verge_m >= 1.0:
            row = (max(side.walk_m + 0.5, 2.7), max(side.walk_m + 0.6, 2.8))
            planter.plants(side, 17.0, row, ("prop.tree_broadleaf",), _TRUNK)
        if side.side.verge_m >= 1.2:
            planter.plants(side, 45.0, (side.walk_m + 1.2, side.verge_m), ("prop.bush",))


def _suburban(planter: Planter) -> None:
    for number, side in planter.sides():
        planter.lamps(side, 36.0, 0.25 + 0.5 * (number % 2))
        planter.furniture(side, "prop.bin", 110.0, side.walk_m + 0.4)
        houses = planter.buildings(
            side,
            setback_m=(4.0, 9.0),
            width_m=(9, 14),
            heights_m=range(5, 9),
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
        planter.overgrown(side)
        planter.posts(side, "prop.delineator", 50.0, 0.6)
        planter.posts(side, "prop.sign_warning", 300.0, 1.4, warning_variant(planter.spec, side))
        if number % 2 == 0 and planter.spec.kind not in _NO_CABLES:
            # Their arms lie across the line they carry.
            planter.furniture(side, "prop.utility_pole", 45.0, side.verge_m + 3.0, 0.5 * np.pi)
        near = side.verge_m + 2.5
        planter.plants(side, 34.0, (near, near + 8.0), ("prop.bush", "prop.tree_broadleaf"))
        planter.plants(side, 34.0, (near + 8.0, 60.0), (*_TREES, "prop.bush"))
        planter.plants(side, 34.0, (60.0, 140.0), _TREES)


def _forest(planter: Planter) -> None:
    for _, side in planter.sides():
        planter.overgrown(side)
        planter.posts(side, "prop.delineator", 50.0, 0.6)
        planter.posts(side, "prop.sign_warning", 300.0, 1.4, warning_variant(planter.spec, side))
        near = side.verge_m + 1.5
        conifers = ("prop.tree_conifer", "prop.tree_conifer", "prop.tree_broadleaf")
        planter.plants(side, 17.0, (near, near + 6.0), (*conifers, "prop.bush"))
        planter.plants(side, 23.0, (near + 5.0, near + 16.0), conifers)
        planter.plants(side, 32.0, (near + 14.0, near + 34.0), conifers[:1])


def _motorway(planter: Planter) -> None:
    for _, side in planter.sides():
        # A median is often walled, the outer side hardly ever.
        walled = side.side.lanes == 0 and planter.spec.lanes_forward >= 3
        planter.rail(side, 0.9, "prop.concrete_barrier" if walled else "prop.guardrail")
        planter.posts(side, "prop.delineator", 50.0, 0.5)
        planter.posts(side, "prop.sign_speed", 400.0, 1.8, speed_variant(planter.spec))
        near = side.verge_m + 4.0
        planter.plants(side, 26.0, (near, near + 12.0), ("prop.bush", "prop.tree_broadleaf"))
        planter.plants(
            side, 24.0, (near + 14.0, 90.0), ("prop.tree_conifer", "prop.tree_broadleaf")
        )


_NO_CABLES = frozenset({"bridge", "tunnel"})
"""Roads above which there is something that cables would run into."""
_TRUNK = 0.4
"""Share of a street tree's width that stands in the way of other things."""
_TREES = ("prop.tree_conifer", "prop.tree_broadleaf")

_STYLES: dict[str, Callable[[Planter], None]] = {
    "urban": _urban,
    "suburban": _suburban,
    "rural": _rural,
    "forest": _forest,
    "motorway": _motorway,
}

_BUILT: dict[str, Callable[[Planter], None]] = {
    "level_crossing": place_railway,
    "tunnel": place_tunnel,
    "work_zone": place_works,
}
"""What belongs to a kind of road wherever it lies; it comes before everything else."""


def place_scenery(
    network: RoadNetwork,
    spec: RoadSpec,
    light: Light,
    generator: np.random.Generator,
    furniture: np.random.Generator,
    growth: np.random.Generator,
    season: Season = "summer",
    stand_ins: Mapping[str, str] | None = None,
) -> tuple[Prop, ...]:
    """Return the scenery of a road: what, where, how large and which lamps are lit.

    Nothing stands on a carriageway, on a crossing for walkers, around a signal's post
    or within another prop; only the arms of street lamps, gantries and cables reach over
    the road, and covers lie flush in it.

    Parameters
    ----------
    network : RoadNetwork
    spec : RoadSpec
    light : Light
        Says whether street lamps burn and windows are lit; moves nothing.
    generator : numpy.random.Generator
        Of buildings, plants, lamps and rails, which are placed first, and of what closes the view.
    furniture : numpy.random.Generator
        Of signs and street furniture, which take the room that is left.
    growth : numpy.random.Generator
        Of grass and hedgerows, which come last.
    season : str
        Says what leaves look like; moves nothing either.
    stand_ins : mapping, optional
        Assets that are placed in place of others, as `conditions.stand_ins_of` says.
    """
    site = Site(network, stand_ins=stand_ins or {})
    planter = Planter(site, spec, light, generator)
    place_map_signs(planter)
    if spec.kind in _BUILT:
        _BUILT[spec.kind](planter)
    _STYLES[spec.surroundings](planter)
    furnish(Planter(site, spec, light, furniture))
    place_backdrop(planter)
    place_growth(Planter(site, spec, light, growth))
    return tuple(_in_season(prop, season) for prop in site.props)


def _in_season(prop: Prop, season: Season) -> Prop:
    shown = in_season(prop.asset_id, prop.variant, season)
    return prop.model_copy(update={"variant": shown})
