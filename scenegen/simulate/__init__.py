"""Rigid-body simulation: a concrete scenario becomes a trajectory.

`simulate` runs a whole scene; `World` is the explicit stepping form below it, and a `Recorder`
writes down what happens there.
"""

from scenegen.simulate.recorder import Recorder
from scenegen.simulate.run import simulate
from scenegen.simulate.world import Command, World

__all__ = ["Command", "Recorder", "World", "simulate"]
