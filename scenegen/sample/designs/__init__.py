"""Designs: which points of the space of parameters scenes are made from.

`points_of` gives a scene its candidates, best first; it depends on the scenario, the seed
and the scene's index only.
"""

from scenegen.sample.designs.choose import (
    Part,
    cell_points,
    empty_cells,
    part_of,
    points_of,
    size_of,
    with_design,
)
from scenegen.sample.designs.scenes import scene_draws

__all__ = [
    "Part",
    "cell_points",
    "empty_cells",
    "part_of",
    "points_of",
    "scene_draws",
    "size_of",
    "with_design",
]
