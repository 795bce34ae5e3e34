"""Rigid-body simulation: a concrete scenario becomes a trajectory.

`simulate` runs a whole scene; `World` is the explicit stepping form below it.
"""

from scenegen.simulate.run import simulate
from scenegen.simulate.world import Command, World

__all__ = ["Command", "World", "simulate"]
