"""Which moments of a scene a preview shows: those asked for, or those that tell what happens."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from scenegen.errors import InputError, nearest
from scenegen.monitor import Beginning, beginnings, times_begun
from scenegen.records import ConcreteScenario, Trajectory
from scenegen.report.facts import find_encounter
from scenegen.scenario import LogicalScenario
from scenegen.scenario.syntax import Call, parts
from scenegen.scenario.units import TIME, parse_quantity

LEAD_FRAMES = 8
"""How far before the moment of most danger the picture before it is taken."""
PICTURES = 4
NEAR_FRAMES = 3
"""Behaviours that begin so closely one after the other are shown by one picture."""
_SIGHT = frozenset({"occluded", "visible_from"})
"""What constraints ask that a picture of the start shows."""
_QUIET = frozenset({"follow_lane", "cruise", "stand", "indicate"})
"""What is nothing to see when it begins."""
_EVENT = re.compile(r"(?P<what>closest|begin\((?P<who>\w+)\.(?P<does>\w+)\))")
_SHIFTED = re.compile(r"(?P<event>closest|begin\([^()]*\))\s*(?:(?P<sign>[+-])\s*(?P<by>\S.*))?")


@dataclass(frozen=True)
class Moment:
    """A frame to show, and why."""

    frame: int
    why: str = ""


def sight_required(logical: LogicalScenario) -> str:
    """Return what is asked of sight at the start, for the caption of its picture; or nothing."""
    asked = (
        constraint.text
        for constraint in logical.constraints
        if any(isinstance(n, Call) and n.operation in _SIGHT for n in parts(constraint.node))
    )
    return "; ".join(asked)


def moments_of(
    concrete: ConcreteScenario, trajectory: Trajectory, asked: str | None, start: str = ""
) -> tuple[Moment, ...]:
    """Return the moments that show a scene, in order of time if none are asked for.

    Without `asked`, `PICTURES` of them: where behaviours begin, the ego's contact or closest call,
    shortly before that, and early or late ones where less than that happens; and the start if
    there is something to tell of it.

    Parameters
    ----------
    asked : str or None
        Such as ``1.5 s, begin(child.dart_out) + 0.5 s, closest``.
    start : str
        What the picture of the start is to show, if one is wanted.

    Raises
    ------
    InputError
        A moment is none, beyond the scene's end, or of a behaviour that nobody has.
    """
    if asked is not None:
        return tuple(_asked(text.strip(), concrete, trajectory) for text in asked.split(","))
    climax = danger_frame(concrete, trajectory)
    found = [Moment(climax, _call(concrete, trajectory))]
    found += _chosen(_merged(concrete, trajectory, climax), PICTURES - 1)
    most = PICTURES
    if start:
        why = [f"required: {start}", *(one.why for one in found if one.frame == 0 and one.why)]
        found = [Moment(0, "; ".join(why)), *(one for one in found if one.frame)]
        most = PICTURES + 1
    last = concrete.frame_count - 1
    before = (climax - LEAD_FRAMES, climax // 4) if climax >= 2 * LEAD_FRAMES else ()
    after = (last, (climax + last) // 2, (3 * climax + last) // 4)
    spare = (*before, *after, *range(last + 1))
    for apart in (NEAR_FRAMES, 1, 0):
        for frame in spare:
            taken = any(abs(frame - one.frame) < apart for one in found)
            if len(found) < most and 0 <= frame <= last and not taken:
                found.append(Moment(frame))
    return tuple(sorted(found, key=lambda moment: moment.frame))


def danger_frame(concrete: ConcreteScenario, trajectory: Trajectory) -> int:
    """Return the last frame before the ego's contact, or that of its smallest time to collision."""
    encounter = find_encounter(concrete, trajectory)
    frame = int(encounter.time_s * concrete.rates.camera_hz)
    return min(frame, concrete.frame_count - 1)


def _call(concrete: ConcreteScenario, trajectory: Trajectory) -> str:
    """Return with whom the ego's contact or closest call is."""
    encounter = find_encounter(concrete, trajectory)
    if encounter.actor is None:
        return ""
    names = {actor.instance_id: actor.name for actor in concrete.actors}
    word = "closest call with" if encounter.contact_mps is None else "contact with"
    return f"{word} {names[encounter.actor]}"


def _merged(concrete: ConcreteScenario, trajectory: Trajectory, climax: int) -> list[Moment]:
    """Return where behaviours begin, after the start and not right before the climax."""
    moments: list[Moment] = []
    begun = [b for b in beginnings(concrete, trajectory) if b.row and b.does not in _QUIET]
    for one in sorted(begun, key=lambda beginning: beginning.row or 0):
        frame, why = _frame_of(concrete, one.row or 0), f"begin({one})"
        if moments and frame - moments[-1].frame < NEAR_FRAMES:
            moments[-1] = Moment(moments[-1].frame, f"{moments[-1].why} {why}")
        elif frame != climax:
            moments.append(Moment(frame, why))
    return moments


def _chosen(moments: list[Moment], most: int) -> list[Moment]:
    """Return so many moments at the most, spread evenly over those there are."""
    if len(moments) <= most:
        return moments
    return [moments[k] for k in np.rint(np.linspace(0, len(moments) - 1, most)).astype(int)]


def _frame_of(concrete: ConcreteScenario, row: int) -> int:
    """Return the first frame that shows a row of the trajectory, or the last one there is."""
    frame = int(np.searchsorted(concrete.frame_rows, row))
    return min(frame, concrete.frame_count - 1)


def _asked(text: str, concrete: ConcreteScenario, trajectory: Trajectory) -> Moment:
    """Return the frame at a moment such as ``1.5 s`` or ``begin(child.dart_out) + 0.5 s``."""
    hz = concrete.rates.camera_hz
    found = _SHIFTED.fullmatch(text)
    if found is None:
        return Moment(_within(round(_seconds(text) * hz), text, concrete))
    shift = _seconds(found["by"]) * (-1 if found["sign"] == "-" else 1) if found["by"] else 0.0
    event = _EVENT.fullmatch(found["event"])
    if event is None:
        raise InputError(f"moments: {text!r}: a beginning is written begin(NAME.BEHAVIOUR)")
    if event["who"] is None:
        frame, why = danger_frame(concrete, trajectory), _call(concrete, trajectory)
    else:
        one = _named(event["who"], event["does"], concrete, trajectory)
        if one.row is None:
            return Moment(concrete.frame_count - 1, f"{one} never began")
        frame, why = _frame_of(concrete, one.row), f"begin({one})"
        times = times_begun(concrete, trajectory)[one.actor, one.does]
        why += f", the first of {times}" if times > 1 else ""
    last = concrete.frame_count - 1
    if shift:
        why += f" {found['sign']} {found['by']}"
    return Moment(min(max(frame + round(shift * hz), 0), last), why)


def _named(who: str, does: str, concrete: ConcreteScenario, trajectory: Trajectory) -> Beginning:
    """Return the first beginning of a behaviour by its word; of a row, that of its first body."""
    found = beginnings(concrete, trajectory)
    mine = [b for b in found if b.does == does and b.actor in (who, f"{who}_0")]
    if not mine:
        known = sorted({str(one) for one in found})
        raise InputError(
            f"moments: nobody has the behaviour {who}.{does}{nearest(f'{who}.{does}', known)}"
        )
    return min(mine, key=lambda one: np.inf if one.row is None else one.row)


def _seconds(text: str) -> float:
    try:
        moment = parse_quantity(text)
    except ValueError as error:
        raise InputError(
            f"moments: {error}; a moment is such as '1.5 s', 'begin(child.cross) + 0.5 s' "
            "or 'closest'"
        ) from error
    if moment.dimension != TIME:
        raise InputError(f"moments: {text!r} is no time such as '1.5 s'")
    return moment.value


def _within(frame: int, text: str, concrete: ConcreteScenario) -> int:
    last = concrete.frame_count - 1
    if not 0 <= frame <= last:
        raise InputError(
            f"moments: {text} is no moment of {concrete.scene_id}, whose pictures go from"
            f" 0 s to {last / concrete.rates.camera_hz:g} s"
        )
    return frame
