"""Half barriers of a level crossing: actors that belong to the road."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scenegen.assets import barrier_variant, get, posed_bounds
from scenegen.geometry import Boxes, boxes_of, boxes_overlap, quaternion_from_yaw, yaw_of
from scenegen.records import MAX_JOINTS, Actor, Asset, RoadNetwork, RoadSpec
from scenegen.records.base import F64
from scenegen.records.taxonomy import BARRIER_JOINTS
from scenegen.roads import barrier_lift, height_at
from scenegen.roads.layouts import map_of
from scenegen.roads.reference_line import frames, place
from scenegen.sample.placed import as_quaternion

ASSET = "prop.crossing_barrier"
AHEAD_M = 1.2
"""So much nearer to the railway than the lights beside it."""
ARM_GAP_M = 0.4
"""Between the end of a half barrier and the middle of the road."""
_LIFT = BARRIER_JOINTS.index("lift")


@dataclass(frozen=True)
class Stand:
    """Where a barrier stands.

    Attributes
    ----------
    direction : str
        Whose way it closes: ``forward`` or ``backward``.
    foot_m : (2,)
        Of its post.
    yaw_rad : float
        Heading of those that it stops; the arm points to their left.
    variant : int
        Says how long the arm is.
    """

    direction: str
    foot_m: tuple[float, float]
    yaw_rad: float
    variant: int

    @property
    def asset(self) -> Asset:
        """What stands there."""
        return get(ASSET, self.variant)

    @property
    def middle_m(self) -> F64:
        """Its body's origin (2,)."""
        c, s = np.cos(self.yaw_rad), np.sin(self.yaw_rad)
        x, y, _ = self.asset.anchors["foot"]
        return np.array([self.foot_m[0] - c * x + s * y, self.foot_m[1] - s * x - c * y])


def barrier_stands(spec: RoadSpec) -> list[Stand]:
    """Return where the barriers of a level crossing stand, one beside the lights of each way."""
    if spec.kind != "level_crossing" or spec.barriers == "none":
        return []
    street = map_of(spec).roads[0]
    stands = []
    for signal in street.signals:
        ahead = signal.orientation == "+"
        s = signal.s_m + (AHEAD_M if ahead else -AHEAD_M)
        x, y = place(street, s, signal.t_m).tolist()
        yaw = float(frames(street, signal.s_m).heading_rad) + (0.0 if ahead else np.pi)
        variant = barrier_variant(abs(signal.t_m) - ARM_GAP_M)
        stands.append(Stand("forward" if ahead else "backward", (x, y), yaw, variant))
    return stands


def barriers_of(network: RoadNetwork, actors: Sequence[Actor]) -> tuple[Actor, ...]:
    """Return a road's barriers as actors, numbered after the given ones.

    One that would stand in an actor's body at the start is left out, as props are.
    """
    taken = [_box(get(a.asset_id, a.variant).bounds_m, a.position_m, _yaw(a)) for a in actors]
    lift = np.zeros((1, MAX_JOINTS))
    lift[0, _LIFT] = barrier_lift(network.spec, 0.0)
    found: list[Actor] = []
    for stand in barrier_stands(network.spec):
        x, y = stand.middle_m.tolist()
        at = np.array([x, y, float(height_at(network, np.array(stand.foot_m)))])
        body = _box(posed_bounds(stand.asset, lift), at.tolist(), stand.yaw_rad)
        if any(boxes_overlap(body, other) for other in taken):
            continue
        found.append(
            Actor(
                instance_id=len(actors) + len(found) + 1,
                name=f"barrier_{stand.direction}",
                asset_id=ASSET,
                variant=stand.variant,
                category=stand.asset.category,
                size_m=stand.asset.size_m,
                position_m=(x, y, float(at[2])),
                quaternion_wxyz=as_quaternion(quaternion_from_yaw(stand.yaw_rad)),
                mass_kg=stand.asset.mass_kg,
            )
        )
    return tuple(found)


def _box(bounds_m: F64, at_m: Sequence[float], yaw_rad: float) -> Boxes:
    x, y, z = np.array(at_m)
    return boxes_of(bounds_m, x, y, z, np.array(yaw_rad))


def _yaw(actor: Actor) -> float:
    return float(yaw_of(np.array(actor.quaternion_wxyz)))
