"""One draw's bodies on its road: heights and slopes added to their places in plan."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from scenegen.assets import get
from scenegen.errors import ScenarioError
from scenegen.records import Lane, RoadNetwork
from scenegen.roads import lane_point
from scenegen.sample.carried import held_pose
from scenegen.sample.layout import Layout
from scenegen.sample.placed import Placed, on_ground
from scenegen.sample.values import Values
from scenegen.scenario.lane_names import no_lane
from scenegen.scenario.values import Value


class Stage:
    """The bodies of one draw, on its road.

    Parameters
    ----------
    network : RoadNetwork
    values : Values
        Of this draw.
    layout : Layout
        Of this draw alone.
    generator : numpy.random.Generator
        Draws what of a behaviour differs from body to body.

    Attributes
    ----------
    bodies : list of Placed
        In the order of their instance ids.
    groups : dict of str to list of Placed
        The bodies of each actor.
    """

    def __init__(
        self,
        network: RoadNetwork,
        values: Values,
        layout: Layout,
        generator: np.random.Generator,
    ) -> None:
        self.network = network
        self.values = values
        self.generator = generator
        self.bodies: list[Placed] = []
        self.groups: dict[str, list[Placed]] = {body.actor: [] for body in layout.bodies}
        placed: dict[int, Placed] = {}
        for number in range(len(layout.bodies)):
            if layout.bodies[number].present[0]:
                placed[number] = self._place(layout, number, placed)
                self.bodies.append(placed[number])
                self.groups[layout.bodies[number].actor].append(placed[number])

    def _place(self, layout: Layout, number: int, placed: Mapping[int, Placed]) -> Placed:
        body = layout.bodies[number]
        model = layout.models[int(body.model[0])]
        asset = get(model.asset_id, model.variant)
        carrier = None if body.carrier is None else placed[body.carrier]
        if carrier is None:
            xy = np.array([body.x_m[0], body.y_m[0]])
            yaw, near = float(body.yaw_rad[0]), self._level(layout, number)
            position, quaternion = on_ground(self.network, asset, xy, yaw, near)
        else:
            position, quaternion = held_pose(
                self.network, carrier, asset, body.offset_m[0], float(body.turn_rad[0])
            )
        lane = str(body.lane[0])
        return Placed(
            instance_id=len(self.bodies) + 1,
            name=body.name,
            entry=body.entry,
            asset=asset,
            variant=model.variant,
            position_m=position,
            quaternion_wxyz=quaternion,
            speed_mps=float(body.speed_mps[0]),
            lane=self.network.lanes[lane] if lane else None,
            s_m=float(body.s_m[0]),
            lateral_m=float(body.lateral_m[0]),
            facing=int(body.facing[0]),
            carrier=carrier,
        )

    def _level(self, layout: Layout, number: int) -> float:
        """Return the height of a body's lane where it is, without end for who is in none."""
        body = layout.bodies[number]
        lane = self.network.lanes.get(str(body.lane[0]))
        if lane is None:
            return np.inf
        return float(lane_point(lane, float(body.s_m[0]), float(body.lateral_m[0]))[0][2])

    def lane(self, value: Value) -> Lane:
        """Return a lane by what a field says.

        Raises
        ------
        ScenarioError
            This draw's road has no such lane.
        """
        name = self.values.text(value)
        lane = self.network.lanes.get(name)
        if lane is None:
            raise ScenarioError(no_lane(name, self.network.lanes), value.place)
        return lane
