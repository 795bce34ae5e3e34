"""How near kinematic physics stays to rigid bodies over the library: ``python -m bench.nearness``.

Every scenario's first scenes, 5 s with its own drivers or up to the first contact of either: how
far apart each actor is then, in m.
"""

from __future__ import annotations

import sys

import numpy as np

from scenegen.errors import InputError
from scenegen.sample import draw
from scenegen.scenario import load_scenario
from scenegen.scenario.library import library_files
from scenegen.simulate import World
from scenegen.simulate.kinematic import KinematicWorld

SECONDS, SCENES = 5.0, 2


def apart(name: str, index: int) -> np.ndarray:
    """Return how far apart the actors (A,) of a scene are.

    Raises
    ------
    InputError
        It needs rigid bodies.
    """
    scene = draw(load_scenario(name), 0, index)
    kinematic = KinematicWorld.alone(scene)
    rigid = World(scene)
    try:
        for _ in range(round(SECONDS * scene.rates.control_hz)):
            rigid.step({})
            kinematic.step({})
            if len(rigid.collisions.ledger.records()) or len(kinematic.collisions.ledger.records()):
                break
        return np.hypot(*(kinematic.position_m - rigid.position_m)[:, :2].T)
    finally:
        rigid.close()
        kinematic.close()


def main() -> None:
    """Print a line for each scenario, and one for all."""
    everything = []
    for name in sys.argv[1:] or library_files():
        try:
            away = np.concatenate([apart(name, index) for index in range(SCENES)])
        except InputError as error:
            print(f"{name:<26} {error}")
            continue
        everything.append(away)
        print(f"{name:<26} median {np.median(away):.2f}  95 % {np.quantile(away, 0.95):.2f}")
    away = np.concatenate(everything)
    print(f"{len(everything)} scenarios, {len(away)} actors: ", end="")
    print(f"median {np.median(away):.3f} m, 95 % {np.quantile(away, 0.95):.2f} m")


if __name__ == "__main__":
    main()
