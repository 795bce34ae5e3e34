"""Turns the behaviours of the language into manoeuvres with world paths."""

from __future__ import annotations

from typing import Any

import numpy as np

from scenegen.errors import ScenarioError
from scenegen.records import Brake, Drive, Fall, Manoeuvre, Release, Stand, Walk
from scenegen.records.behaviour import Action
from scenegen.records.taxonomy import BIPED_JOINTS
from scenegen.roads import lane_length, onward, path_along, project_to_lane
from scenegen.sample import paths
from scenegen.sample.carried import is_roller
from scenegen.sample.expect import expected_time
from scenegen.sample.limits import limited
from scenegen.sample.placed import Placed
from scenegen.sample.placement import Stage
from scenegen.sample.triggers import trigger_of
from scenegen.sample.ways_ahead import way_ahead
from scenegen.scenario.behaviours import (
    Behaviour,
    Cross,
    CutIn,
    DartOut,
    Driving,
    FallEntry,
    FollowLane,
    HardBrake,
    ReleaseEntry,
    RideAcross,
    RunTheLight,
    StandEntry,
    Swerve,
    WalkAlong,
)

CHANGE_S = 2.5
"""A brisk lane change."""
DART_MPS2 = 4.0
"""Acceleration of a child that starts to run."""
HARD_MPS2 = 9.0


def behaviour_of(body: Placed, stage: Stage, duration_s: float) -> tuple[Manoeuvre, ...]:
    """Return a body's manoeuvres.

    A vehicle that moves and has no behaviour follows its lane; whatever stands without
    one stays; a load and a rider are carried.
    """
    entries = body.entry.behaviour
    if not entries:
        return _default(body, stage)
    state = _Course(body, stage, duration_s)
    return tuple(
        Manoeuvre(trigger=trigger_of(entry.when, body, stage), action=state.action(entry))
        for entry in entries
    )


def _default(body: Placed, stage: Stage) -> tuple[Manoeuvre, ...]:
    if body.carrier is not None:
        return ()
    if body.asset.wheels and body.speed_mps > 0 and not is_roller(body.asset):
        action = _Course(body, stage, 0.0).action(FollowLane(do="follow_lane"))
        return (Manoeuvre(action=action),)
    return (Manoeuvre(action=Stand()),)


class _Course:
    """Follows a body through its behaviours: which lane and side it is in by then."""

    def __init__(self, body: Placed, stage: Stage, duration_s: float) -> None:
        self.body = body
        self.stage = stage
        self.values = stage.values
        self.duration_s = duration_s
        self.lane = body.lane
        self.lateral = body.lateral_m
        self.speed = body.speed_mps

    def action(self, entry: Behaviour) -> Action:  # noqa: PLR0911 - one for each behaviour
        match entry:
            case FollowLane() | RunTheLight():
                return self._follow(entry)
            case CutIn() | Swerve():
                return self._change(entry)
            case RideAcross():
                return self._ride(entry)
            case HardBrake():
                self._needs_drive()
                deceleration = self._positive(entry.deceleration, HARD_MPS2)
                speed = self.values.number(entry.speed)
                locks = not self.values.flag(entry.anti_lock, True)
                return Brake(deceleration_mps2=deceleration, speed_mps=speed, locks=locks)
            case Cross() | DartOut() | WalkAlong():
                return self._walk(entry)
            case StandEntry():
                return Stand(
                    hazard_lights=self.values.flag(entry.hazard_lights, False),
                    gait=self._gait(entry),
                )
            case FallEntry():
                self._needs_legs()
                way: Any = self.values.text(entry.way, "forward")
                return Fall(way=way)
            case ReleaseEntry():
                return self._release(entry)
        raise AssertionError(f"no action for {type(entry).__name__}")

    def _positive(self, value: Any, default: float = 0.0) -> float:
        number = self.values.number(value, default)
        if value is not None and not number > 0:
            raise ScenarioError(f"{value.name!r} comes to {number:g}; it is above 0", value.place)
        return number

    def _drive(self, entry: Driving, path: paths.Path, **defaults: Any) -> Drive:
        self._needs_drive()
        speed = self.values.number(entry.speed, self.speed)
        if speed < 0 and entry.speed is not None:
            raise ScenarioError(f"{entry.speed.name!r} is below 0", entry.speed.place)
        self.speed = limited(speed, self.body.asset, entry.speed)
        return Drive(
            path=path,
            speed_mps=speed,
            acceleration_mps2=self._positive(entry.acceleration, 2.0),
            deceleration_mps2=self._positive(entry.deceleration, 3.0),
            follow=self.values.flag(entry.react, defaults.get("react", True)),
            obey_signals=self.values.flag(entry.obey_signals, defaults.get("obey", True)),
            indicator=self.values.text(entry.indicator, defaults.get("indicator", "none")),
        )

    def _needs(self, given: bool, what: str) -> None:
        if not given:
            raise ScenarioError(
                f"{self.body.name!r} ({self.body.asset.id}) has no {what} to do this with",
                self.body.entry.asset.place,
            )

    def _needs_drive(self) -> None:
        asset = self.body.asset
        self._needs(bool(asset.wheels) and not is_roller(asset), "wheels that drive")

    def _needs_legs(self) -> None:
        self._needs(not self.body.asset.wheels and bool(self.body.asset.joints), "legs")

    def _needs_legs_or_rims(self) -> None:
        """Make sure that a body walks, or is a wheelchair that who sits in it propels."""
        body = self.body
        if not is_roller(body.asset):
            self._needs_legs()
            if body.carrier is not None:
                raise ScenarioError(
                    f"{body.name!r} ({body.asset.id}) doesn't walk: {body.carrier.name!r} takes "
                    "them along; say there how it goes",
                    body.entry.asset.place,
                )
            return
        seated = any(other.carrier is body for other in self.stage.bodies)
        self._needs(body.carrier is None and seated, "legs, and no one attached to propel it")

    def _follow(self, entry: FollowLane | RunTheLight) -> Drive:
        if isinstance(entry, FollowLane) and entry.lane is not None:
            self.lane = self.stage.lane(entry.lane)
        self._needs(self.lane is not None, "lane")
        assert self.lane is not None
        lane = way_ahead(self.stage.network, self.lane, self._station(), entry, self.values)
        path = paths.follow_path(lane, self._station(), self.lateral)
        side = self.values.text(entry.turn, "none")
        indicator = side if side in ("left", "right") else "none"
        if isinstance(entry, RunTheLight):
            return self._drive(entry, path, react=False, obey=False, indicator=indicator)
        return self._drive(entry, path, indicator=indicator)

    def _station(self) -> float:
        """Return where in its present lane the body is at the start, along traffic."""
        assert self.lane is not None
        return float(project_to_lane(self.lane, self.body.position_m[:2])[0])

    def _change(self, entry: CutIn | Swerve) -> Drive:
        self._needs(self.lane is not None, "lane")
        lane = self.lane
        assert lane is not None
        begins = expected_time(self.body, entry.when, self.stage, self.duration_s)
        speed = self.values.number(entry.speed, self.speed)
        over = self._positive(entry.over, CHANGE_S) * max(speed, 3.0)
        station = self._station()
        before = self.lateral
        if isinstance(entry, CutIn):
            target, after = self.stage.lane(entry.lane), 0.0
        else:
            target, after = lane, before + self.values.number(entry.lateral)
        path = paths.change_path(
            onward(self.stage.network, lane),
            onward(self.stage.network, target),
            start_m=station,
            begin_m=station + self.speed * begins,
            over_m=over,
            lateral_m=(before, after),
        )
        side = _side(path)
        self.lane, self.lateral = target, after
        indicator = side if isinstance(entry, CutIn) else "none"
        return self._drive(entry, path, react=isinstance(entry, CutIn), indicator=indicator)

    def _ride(self, entry: RideAcross) -> Drive:
        distance = self._positive(entry.distance, 100.0)
        path = paths.straight_path(self.body.position_m, self.body.yaw_rad, distance)
        return self._drive(entry, path, react=False, obey=False)

    def _walk(self, entry: Cross | DartOut | WalkAlong) -> Walk:
        self._needs_legs_or_rims()
        body = self.body
        if isinstance(entry, WalkAlong):
            self._needs(body.lane is not None, "lane")
            assert body.lane is not None
            distance = self._positive(entry.distance, lane_length(body.lane))
            sense = body.facing or 1
            path = path_along(
                body.lane, body.s_m, body.s_m + sense * distance, paths.STEP_M, body.lateral_m
            )
        else:
            default = 0.0
            if entry.distance is None:
                default = paths.distance_across(self.stage.network, body.position_m, body.yaw_rad)
            distance = self._positive(entry.distance, default)
            path = paths.straight_path(body.position_m, body.yaw_rad, distance)
        speed = self._positive(entry.speed) * self._pace(entry)
        usual = DART_MPS2 if isinstance(entry, DartOut) else 2.5
        along = isinstance(entry, WalkAlong)
        avoids = self.values.flag(entry.avoid, False)
        return Walk(
            path=path,
            speed_mps=limited(speed, body.asset, entry.speed),
            acceleration_mps2=self._positive(entry.acceleration, usual),
            crossing=not along,
            gait=self._gait(entry),
            avoid=avoids,
            room_m=self._room() if avoids and along else None,
        )

    def _gait(self, entry: Cross | DartOut | WalkAlong | StandEntry) -> Any:
        """Return how the body goes; only people have a choice."""
        gait = self.values.text(entry.gait, "auto")
        if gait != "auto" and self.body.asset.category != "person" and entry.gait is not None:
            raise ScenarioError(
                f"{self.body.name!r} ({self.body.asset.id}) is no person; only people have a gait",
                entry.gait.place,
            )
        return gait

    def _pace(self, entry: Cross | DartOut | WalkAlong) -> float:
        """Return the speed of this body of a row over that of the entry."""
        if entry.spread is None:
            return 1.0
        spread = self.values.number(entry.spread)
        if not 0.0 <= spread < 1.0:
            raise ScenarioError(
                f"{entry.spread.name!r} comes to {spread:g}; it is from 0 to below 1",
                entry.spread.place,
            )
        return 1.0 + spread * float(self.stage.generator.uniform(-1.0, 1.0))

    def _room(self) -> tuple[float, float] | None:
        """Return how far the lane reaches to the left and right of the way the body walks."""
        body = self.body
        if body.lane is None:
            return None
        left = 0.5 * body.lane.width_m - body.lateral_m
        right = 0.5 * body.lane.width_m + body.lateral_m
        return (left, right) if (body.facing or 1) > 0 else (right, left)

    def _release(self, entry: ReleaseEntry) -> Release:
        body = self.body
        self._needs(body.carrier is not None and "kingpin" not in body.asset.anchors, "carrier")
        if body.asset.joints == BIPED_JOINTS:
            raise ScenarioError(
                f"{body.name!r} ({body.asset.id}) rides and is no load: let them 'fall'",
                body.entry.asset.place,
            )
        return Release()


def _side(path: paths.Path) -> str:
    """Return the side that a change of lanes goes to."""
    points = np.array(path)
    chord = points[1] - points[0]
    across = np.array([-chord[1], chord[0]])
    middle = points[len(points) // 2 :] - points[0]
    return "left" if float((middle @ across).mean()) > 0 else "right"
