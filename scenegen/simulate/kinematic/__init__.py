"""Scenes without rigid bodies: kinematic vehicles and walkers, many scenes stepped together.

`Batch` steps E scenes at once; `KinematicWorld` is one of them, seen as a `World`.
"""

from scenegen.simulate.kinematic.batch import Batch
from scenegen.simulate.kinematic.world import KinematicWorld

__all__ = ["Batch", "KinematicWorld"]
