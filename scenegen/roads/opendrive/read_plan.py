"""Plan view and profiles of OpenDRIVE roads."""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq

from scenegen.records.road_map import Arc, Cubic, Geometry, Line, ParamPoly3, Shape, Spiral
from scenegen.roads.opendrive.element import Element

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(48)


def read_cubics(parent: Element | None, tag: str, start: str = "s") -> tuple[Cubic, ...]:
    """Return all cubics of a tag below an element, in the order of their stations."""
    if parent is None:
        return ()
    return tuple(read_cubic(element, start) for element in ascending(parent.all(tag), start))


def read_cubic(element: Element, start: str = "s") -> Cubic:
    """Return the cubic that an element's attributes a, b, c and d hold."""
    return Cubic(
        s_m=element.number(start, 0.0),
        a=element.number("a", 0.0),
        b=element.number("b", 0.0),
        c=element.number("c", 0.0),
        d=element.number("d", 0.0),
    )


def ascending(elements: list[Element], start: str) -> list[Element]:
    """Return elements whose stations must not fall; MapError where they do."""
    before = -np.inf
    for element in elements:
        at = element.number(start, 0.0)
        if at < before:
            raise element.error(
                f"{start} of <{element.tag}> falls from {before:g} to {at:g}; sort them by it"
            )
        before = at
    return elements


def read_plan(road: Element) -> tuple[Geometry, ...]:
    """Return the geometries of a road's reference line; those without length are left out."""
    plan = road.need("planView")
    geometries = []
    for element in ascending(plan.all("geometry"), "s"):
        length = element.at_least("length", 0.0)
        if length == 0.0:
            element.seen = False
            continue
        geometries.append(
            Geometry(
                s_m=element.at_least("s", 0.0),
                x_m=element.number("x"),
                y_m=element.number("y"),
                heading_rad=element.number("hdg"),
                length_m=length,
                shape=_shape(element, length),
            )
        )
    if not geometries:
        raise plan.error("<planView> has no <geometry> of any length; add one")
    return tuple(geometries)


def _shape(element: Element, length_m: float) -> Shape:
    if arc := element.child("arc"):
        return Arc(curvature_1pm=arc.number("curvature"))
    if spiral := element.child("spiral"):
        start, end = spiral.number("curvStart"), spiral.number("curvEnd")
        return Spiral(start_1pm=start, end_1pm=end)
    if cubics := element.child("paramPoly3"):
        u, v = (tuple(cubics.number(f"{k}{axis}") for k in "abcd") for axis in "UV")
        words = ("normalized", "arcLength")
        by_share = cubics.choice("pRange", words, "normalized") == "normalized"
        return ParamPoly3.model_validate({"u": u, "v": v, "normalized": by_share})
    if cubic := element.child("poly3"):
        return _poly3(cubic, length_m)
    if element.child("line"):
        return Line()
    known = "line, arc, spiral, poly3 or paramPoly3"
    raise element.error(f"<geometry> holds none of {known}; add the one that it is")


def _poly3(element: Element, length_m: float) -> ParamPoly3:
    """Return a cubic v(u) as a parametric one over the u at which it has its length."""
    a, b, c, d = (element.number(k) for k in "abcd")

    def too_long(u: float) -> float:
        x = 0.5 * u * (_NODES + 1.0)
        return float(0.5 * u * (np.hypot(1.0, b + x * (2 * c + 3 * x * d)) @ _WEIGHTS) - length_m)

    end = float(brentq(too_long, 0.0, length_m * (1 + 1e-9), xtol=1e-12))
    return ParamPoly3(u=(0.0, end, 0.0, 0.0), v=(a, b * end, c * end**2, d * end**3))
