"""Rigid-body simulation: a concrete scenario becomes a trajectory.

`simulate` runs a whole scene, `simulate_told` says what held drivers back as well; `World` is the
explicit stepping form below them, and a `Recorder` writes down what happens there.
"""

from scenegen.simulate.recorder import Recorder
from scenegen.simulate.run import check_undirected, simulate, simulate_told
from scenegen.simulate.world import Command, World

__all__ = ["Command", "Recorder", "World", "check_undirected", "simulate", "simulate_told"]
