"""The roads of many draws, and which of them can't be built."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, get_args

import numpy as np
import numpy.typing as npt
from annotated_types import Ge, Gt, Le, Lt

from scenegen.errors import InputError, MapError, ScenarioError
from scenegen.records import RoadSpec
from scenegen.records.base import F64
from scenegen.roads import LaneLines, build_lanes, distinct, lane_lines, strip_widths
from scenegen.roads.section import KERB_WIDTH_M
from scenegen.sample.columns import ColumnValues, Texts
from scenegen.sample.conditions import road_fields, road_of
from scenegen.sample.road_errors import road_error
from scenegen.scenario import LogicalScenario
from scenegen.scenario.document import RoadEntry
from scenegen.scenario.syntax import BOOLEAN, TEXT, Constant

_COMPARE = {Ge: ("ge", np.less), Gt: ("gt", np.less_equal), Le: ("le", np.greater)}
_COMPARE[Lt] = ("lt", np.greater_equal)


class Roads:
    """The roads of n draws.

    Attributes
    ----------
    columns : mapping of str to ndarray, shape (n,)
        Every field of `RoadSpec` but the signals and the map.
    spec : callable
        Gives the `RoadSpec` of a draw.
    entry : RoadEntry
        What says so in the YAML.
    """

    def __init__(
        self,
        columns: Mapping[str, npt.NDArray[Any]],
        spec: Callable[[int], RoadSpec],
        entry: RoadEntry,
    ) -> None:
        self.columns = columns
        self.spec = spec
        self.entry = entry
        self._known: dict[str, LaneLines] = {}

    def __len__(self) -> int:
        return len(self.columns["kind"])

    def lines(self, lane: Texts) -> LaneLines:
        """Return the centre lines of a lane for each draw.

        Raises
        ------
        ScenarioError
            A road that is built as a map can't be, with the place of the key to change.
        """
        names = distinct(lane)
        if len(names) != 1:
            return self._lines(lane)
        name = names[0]
        if name not in self._known:
            self._known[name] = self._lines(lane)
        return self._known[name]

    def _lines(self, lane: Texts) -> LaneLines:
        try:
            return lane_lines(self.columns, lane, self.spec)
        except (ScenarioError, MapError):
            raise
        except InputError as error:
            raise road_error(self.entry, error) from error

    def take(self, rows: npt.NDArray[np.int64]) -> Roads:
        """Return some of the draws."""
        columns = {name: column[rows] for name, column in self.columns.items()}
        return Roads(columns, lambda row: self.spec(int(rows[row])), self.entry)


def roads_of(logical: LogicalScenario, values: ColumnValues) -> Roads:
    """Return the roads of many draws.

    Draws with a road that can't be are at fault, with the message of the record or of who
    builds it; they get one that can be.
    """
    columns: dict[str, npt.NDArray[Any]] = {}
    wrong = np.zeros(values.n, dtype=bool)
    for name, value in road_fields(logical.road).items():
        field = RoadSpec.model_fields[name]
        if value is None:
            columns[name] = np.full(values.n, field.default)
        elif value.expects.type is TEXT:
            columns[name] = values.text(value)
        elif value.expects.type is BOOLEAN:
            columns[name] = values.flag(value, False)
        else:
            columns[name] = values.number(value)
            wrong |= _outside(columns[name], field.metadata)
    wrong |= ~np.isin(columns["kind"], get_args(RoadSpec.model_fields["kind"].annotation))
    values.verdicts.note(wrong, lambda row: _error(logical, values, row))
    wrong |= _misfit(columns)
    values.verdicts.note(wrong, lambda row: _error(logical, values, row))
    sound = RoadSpec(kind="straight")
    if wrong.any():
        columns = {k: np.where(wrong, getattr(sound, k), v) for k, v in columns.items()}

    @cache
    def same() -> RoadSpec:
        return road_of(logical, values.row(0))

    steady = is_steady(logical.road)

    def spec(row: int) -> RoadSpec:
        if wrong[row]:
            return sound
        return same() if steady else road_of(logical, values.row(row))

    return Roads(columns, spec, logical.road)


def is_steady(road: RoadEntry) -> bool:
    """Say whether a road is the same in every draw."""
    signals = () if road.signals is None else vars(road.signals).values()
    fields = (*road_fields(road).values(), *signals)
    return all(isinstance(value.expression, Constant) for value in fields if value is not None)


def _outside(column: F64, metadata: list[Any]) -> npt.NDArray[np.bool_]:
    """Say which numbers (n,) are outside of the range that a record's field has."""
    wrong = np.zeros(len(column), dtype=bool)
    for bound in metadata:
        if type(bound) in _COMPARE:
            key, breaks = _COMPARE[type(bound)]
            wrong |= breaks(column, getattr(bound, key))
    return wrong


_SLACK_M = 1e-9
"""What rounding may make of a limit: roads that near to it are left to who builds them."""


def _misfit(road: Mapping[str, npt.NDArray[Any]]) -> npt.NDArray[np.bool_]:
    """Say which bends and crests (n,) don't fit their road; as `alignment.main_alignment` does."""
    radius, length = np.abs(road["radius_m"]), road["length_m"]
    least = np.zeros(len(radius))
    for right in (True, False):
        lanes, shoulder, parking, sidewalk, verge = strip_widths(road, right)
        edge = np.where(sidewalk > 0, KERB_WIDTH_M + sidewalk, 0.0) + np.maximum(verge, 0.5)
        reach = lanes * road["lane_width_m"] + shoulder + parking + edge + 5.0
        least = np.where((road["radius_m"] > 0) != right, reach, least)
    tight = (radius < least - _SLACK_M) | (radius * road["arc_rad"] > length + _SLACK_M)
    high = (road["kind"] == "hill") & (road["crest_length_m"] > length + _SLACK_M)
    return np.asarray((road["kind"] == "curve") & tight | high)


def _error(logical: LogicalScenario, values: ColumnValues, row: int) -> ScenarioError:
    """Return what is wrong with a draw's road."""
    try:
        build_lanes(road_of(logical, values.row(row)))
    except ScenarioError as error:
        return error
    except InputError as error:
        return road_error(logical.road, error)
    raise AssertionError("nothing is wrong with the road")
