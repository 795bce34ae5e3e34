"""The lanes of a scenario's road: what places may name, and how far each goes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenegen.roads import build_lanes, build_network
from scenegen.roads.waiting_lines import waiting_lines
from scenegen.sample.candidates import draw_candidates
from scenegen.sample.columns import ColumnValues
from scenegen.sample.points import UniformPoints
from scenegen.sample.road_columns import roads_of
from scenegen.sample.validate import validate
from scenegen.sample.verdicts import Verdicts
from scenegen.scenario import LogicalScenario
from scenegen.seeds import named_generator


@dataclass(frozen=True)
class LaneRow:
    """What a lane is to who places somebody in it.

    Attributes
    ----------
    kind : str
        Such as ``driving`` or ``parking``.
    length_m : float
        ``s`` goes from 0 to this.
    start_m, end_m : tuple of float
        x and y, world, where ``s`` is 0 and where it ends.
    with_s : bool
        Whether traffic drives the way that ``s`` counts.
    leads_to : tuple of str
        The lanes that traffic can go on into.
    lines : tuple of (str, float)
        Where one waits: what is there, such as ``major signal``, and its ``s``.
    """

    name: str
    kind: str
    width_m: float
    length_m: float
    start_m: tuple[float, float]
    end_m: tuple[float, float]
    with_s: bool
    leads_to: tuple[str, ...]
    lines: tuple[tuple[str, float], ...]


def road_lanes(logical: LogicalScenario, seed: int = 0) -> tuple[LaneRow, ...]:
    """Return the lanes of the road of one draw, whether its bodies find room there or not.

    Raises
    ------
    ScenarioError
        The road can't be built.
    """
    validate(logical)
    generator = named_generator(logical.digest, seed, "lanes")
    points = UniformPoints(generator, len(logical.parameters)).take(1)
    verdicts = Verdicts(1)
    values = ColumnValues(draw_candidates(logical, points).columns, 1, verdicts)
    roads = roads_of(logical, values)
    if verdicts.fault_rows().size:
        raise verdicts.error(0)
    rows = []
    lanes = build_lanes(roads.spec(0))
    lines = waiting_lines(build_network(roads.spec(0)), lanes)
    for lane in lanes.values():
        ends = [tuple(np.round(point[:2], 1).tolist()) for point in lane.centre[[0, -1]]]
        start, end = ends if lane.direction > 0 else ends[::-1]
        rows.append(
            LaneRow(
                name=lane.id,
                kind=lane.kind,
                width_m=lane.width_m,
                length_m=float(lane.stations_m[-1]),
                start_m=start,
                end_m=end,
                with_s=lane.direction > 0,
                leads_to=lane.successors,
                lines=lines.get(lane.id, ()),
            )
        )
    return tuple(sorted(rows, key=lambda row: row.kind != "driving"))
