"""Turns the behaviours of the language into manoeuvres with world paths."""

from __future__ import annotations

from typing import Any

from scenegen.errors import ScenarioError
from scenegen.records import Alongside, Interrupt, Lights, Manoeuvre, Stand
from scenegen.sample import backing, cargo, doors, meeting, on_legs, on_wheels
from scenegen.sample.carried import is_roller
from scenegen.sample.course import Course, Step
from scenegen.sample.placed import Placed
from scenegen.sample.placement import Stage
from scenegen.sample.triggers import condition_of
from scenegen.scenario.behaviours import (
    Behaviour,
    ChangeSpeed,
    CloseDoor,
    Cross,
    Cruise,
    CutIn,
    DartOut,
    DropCargo,
    FallEntry,
    FollowLane,
    GetOutEntry,
    HardBrake,
    Hesitate,
    Indicate,
    InterruptEntry,
    OpenDoor,
    Overtake,
    Parallel,
    PullOut,
    ReleaseEntry,
    Reverse,
    RideAcross,
    RunTheLight,
    StandEntry,
    Swerve,
    Synchronize,
    UsePhone,
    UTurn,
    WalkAlong,
    Wander,
)


def behaviour_of(
    body: Placed, stage: Stage, duration_s: float
) -> tuple[tuple[Manoeuvre, ...], tuple[Interrupt, ...]]:
    """Return a body's manoeuvres, and what interrupts them.

    A vehicle that moves and has no behaviour follows its lane; whatever stands without
    one stays; a load and a rider are carried.
    """
    course = Course(body, stage, duration_s)
    made: list[Manoeuvre] = []
    interrupts: list[Interrupt] = []
    for number, entry in enumerate(body.entry.behaviour):
        if isinstance(entry, InterruptEntry):
            interrupts.append(_interrupt(course, entry, number))
        else:
            made += _manoeuvres(course, entry, number)
    return tuple(made) or _default(course), tuple(interrupts)


def _default(course: Course) -> tuple[Manoeuvre, ...]:
    body = course.body
    if body.carrier is not None:
        return ()
    if body.asset.wheels and body.speed_mps > 0 and not is_roller(body.asset):
        (step,) = on_wheels.follow(course, FollowLane(do="follow_lane"))
        return (Manoeuvre(action=step.action, does="follow_lane"),)
    return (Manoeuvre(action=Stand(), does="stand"),)


def _manoeuvres(course: Course, entry: Behaviour, number: int) -> list[Manoeuvre]:
    """Return the manoeuvres of one entry; the first one has the entry's condition."""
    if isinstance(entry, Parallel):
        return _side_by_side(course, entry, number)
    steps = steps_of(course, entry)
    begins = condition_of(entry.when, course.body, course.stage, course.speed_mps)
    course.moved = True
    verb = str(getattr(entry, "do", ""))
    lights = on_wheels.waiting_side(steps)
    made = []
    for index, step in enumerate(steps):
        beside = (Alongside(action=lights),) if lights is not None and index == 0 else ()
        trigger = begins if index == 0 else step.trigger
        made.append(
            Manoeuvre(
                trigger=trigger, action=step.action, alongside=beside, does=verb, entry=number
            )
        )
    return made


def _side_by_side(course: Course, entry: Parallel, number: int) -> list[Manoeuvre]:
    """Return one manoeuvre with the others beside it: first what steers, then the rest."""
    begins = condition_of(entry.when, course.body, course.stage, course.speed_mps)
    course.moved = True
    branches: list[tuple[Any, Step]] = []
    for child in entry.parallel:
        (first, *rest) = steps_of(course, child)
        if rest:
            raise _too_many(course, child)
        branches.append((child, first))
    hosts = [b for b in branches if b[0].when.kind == "start" and b[0].when.delay is None]
    if not hosts:
        raise _no_host(course)
    host = next((b for b in hosts if b[1].action.kind in ("drive", "walk")), hosts[0])
    beside = tuple(
        Alongside(
            trigger=condition_of(child.when, course.body, course.stage, course.speed_mps),
            action=step.action,
            does=child.do,
        )
        for child, step in branches
        if child is not host[0]
    )
    return [
        Manoeuvre(
            trigger=begins,
            action=host[1].action,
            alongside=beside,
            does=host[0].do,
            entry=number,
        )
    ]


def _interrupt(course: Course, entry: InterruptEntry, number: int) -> Interrupt:
    """Return what takes over; what it leaves behind is as if it had not been."""
    inner = Course(course.body, course.stage, course.duration_s)
    inner.lane, inner.lateral_m = course.lane, course.lateral_m
    inner.speed_mps, inner.position_m, inner.moved = course.speed_mps, course.position_m, True
    made: list[Manoeuvre] = []
    for step in entry.steps:
        # The entry of each part differs, so that each is seen to end.
        made += _manoeuvres(inner, step, 1000 * (number + 1) + len(made))
    body, stage = course.body, course.stage
    begins = condition_of(entry.interrupt.when, body, stage, inner.speed_mps)
    until = None if entry.until is None else condition_of(entry.until, body, stage)
    gives_back = course.values.flag(entry.give_back, True)
    return Interrupt(trigger=begins, manoeuvres=tuple(made), until=until, gives_back=gives_back)


def steps_of(course: Course, entry: Behaviour) -> list[Step]:  # noqa: PLR0911, PLR0912
    """Return what a plain behaviour is made of."""
    match entry:
        case FollowLane() | Cruise() | RunTheLight():
            return on_wheels.follow(course, entry)
        case CutIn() | Swerve():
            return on_wheels.change(course, entry)
        case Overtake():
            return on_wheels.overtake(course, entry)
        case PullOut():
            return on_wheels.pull_out(course, entry)
        case UTurn():
            return on_wheels.u_turn(course, entry)
        case RideAcross():
            return on_wheels.ride(course, entry)
        case Reverse():
            return backing.reverse(course, entry)
        case HardBrake():
            return on_wheels.brake(course, entry)
        case ChangeSpeed():
            return on_wheels.change_speed(course, entry)
        case Synchronize():
            return meeting.synchronize(course, entry)
        case Indicate():
            course.needs_drive("indicate")
            side: Any = course.values.text(entry.side)
            return [Step(Lights(indicator=side))]
        case OpenDoor() | CloseDoor():
            return doors.swing(course, entry)
        case GetOutEntry():
            return doors.get_out(course, entry)
        case DropCargo():
            return cargo.drop_cargo(course, entry)
        case Cross() | DartOut() | WalkAlong():
            return on_legs.walk(course, entry)
        case Hesitate():
            return on_legs.hesitate(course, entry)
        case Wander():
            return on_legs.wander(course, entry)
        case UsePhone():
            return on_legs.use_phone(course, entry)
        case StandEntry():
            return on_legs.stand(course, entry)
        case FallEntry():
            return on_legs.fall(course, entry)
        case ReleaseEntry():
            return on_legs.release(course)
    raise AssertionError(f"no action for {type(entry).__name__}")


def _too_many(course: Course, child: Any) -> ScenarioError:
    return ScenarioError(
        f"{child.do!r} is several things one after the other and can't run in 'parallel'; give it "
        "an entry of its own",
        course.body.entry.asset.place,
    )


def _no_host(course: Course) -> ScenarioError:
    return ScenarioError(
        "one of what runs in 'parallel' starts at once: leave out its 'when'",
        course.body.entry.asset.place,
    )
