"""Height and normal of the surface under points of the plane.

The same chords and profiles as the mesh's, so both agree to rounding; of road maps the mesh itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from scenegen.records import RoadNetwork, RoadSpec
from scenegen.records.base import F64
from scenegen.roads.alignment import Alignment, main_alignment
from scenegen.roads.junction import Junction, junction_of
from scenegen.roads.map.network import map_shape
from scenegen.roads.section import Section, cross_section


@dataclass(frozen=True)
class _Relief:
    alignment: Alignment
    section: Section
    junction: Junction | None


@lru_cache(maxsize=16)
def _relief(spec: RoadSpec) -> _Relief:
    junction = junction_of(spec) if spec.kind == "crossing" else None
    return _Relief(main_alignment(spec), cross_section(spec), junction)


def height_at(network: RoadNetwork, xy: npt.ArrayLike, below_m: npt.ArrayLike = np.inf) -> F64:
    """Return the surface's height (...,) m at points (..., 2) of the world's plane.

    Includes kerbs, sidewalks, verges and the profile; the ground goes on for ever.

    Parameters
    ----------
    below_m : array_like, shape (...,)
        Where roads lie above each other, the one on or below such a height is meant; the
        topmost unless told.
    """
    if network.spec.is_map:
        return map_shape(network.spec).locator.height(xy, below_m)
    relief = _relief(network.spec)
    p = np.asarray(xy, dtype=np.float64)
    if relief.junction is not None:
        return relief.junction.height(p)
    if relief.alignment.profile_s_m.size == 0:
        return relief.section.height(relief.alignment.offset(p))
    s, t = relief.alignment.project(p)
    return np.asarray(relief.section.height(t) + relief.alignment.height(s))


def normal_at(network: RoadNetwork, xy: npt.ArrayLike) -> F64:
    """Return the surface's unit normals (..., 3), upward, at points (..., 2).

    Smooth along crests, as the drawn normals are; flat across each strip.
    """
    if network.spec.is_map:
        return map_shape(network.spec).locator.normal(xy)
    relief = _relief(network.spec)
    p = np.asarray(xy, dtype=np.float64)
    if relief.junction is not None:
        gradient = relief.junction.gradient(p)
    else:
        s, t = relief.alignment.project(p)
        left = relief.alignment.left(s)
        ahead = np.stack([left[..., 1], -left[..., 0]], axis=-1)
        gradient = (
            relief.alignment.slope(s)[..., None] * ahead + relief.section.slope(t)[..., None] * left
        )
    normal = np.concatenate([-gradient, np.ones_like(gradient[..., :1])], axis=-1)
    return np.asarray(normal / np.linalg.norm(normal, axis=-1, keepdims=True))
