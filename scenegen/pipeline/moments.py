"""Which moments of a scene a preview shows: those asked for, or those that tell what happens."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scenegen.errors import InputError, nearest
from scenegen.monitor import Beginning, beginnings, nearest_of, times_begun
from scenegen.pipeline.story import Event
from scenegen.records import ConcreteScenario, Trajectory
from scenegen.report.facts import find_encounter
from scenegen.scenario import LogicalScenario
from scenegen.scenario.syntax import Call, parts
from scenegen.scenario.units import TIME, parse_quantity

LEAD_FRAMES = 8
"""How far before the moment of most danger the picture before it is taken."""
PICTURES = 7
DECIDED = 2
SIGHTS = 2
"""How many pictures are for what decides monitors, and for who comes in sight, at the most."""
NEAR_FRAMES = 3
"""What happens so closely together is shown by one picture."""
_SIGHT = frozenset({"occluded", "visible_from"})
"""What constraints ask that a picture of the start shows."""
_EVENT = re.compile(r"closest|nearest|(?P<turn>begin|end)\((?P<who>\w+)\.(?P<does>\w+)\)")
_SHIFTED = re.compile(
    r"(?P<event>closest|nearest|(?:begin|end)\([^()]*\))\s*(?:(?P<sign>[+-])\s*(?P<by>\S.*))?"
)


@dataclass(frozen=True)
class Moment:
    """A frame to show, and why."""

    frame: int
    why: str = ""


@dataclass(frozen=True)
class Story:
    """What happens in a run.

    Attributes
    ----------
    required : str
        What is asked of sight at the start, as `sight_required` tells it.
    decided, sights, turns : tuple of Event
        As `pipeline.story` finds them.
    """

    required: str = ""
    decided: tuple[Event, ...] = ()
    sights: tuple[Event, ...] = ()
    turns: tuple[Event, ...] = ()


NOTHING = Story()


def sight_required(logical: LogicalScenario) -> str:
    """Return what is asked of sight at the start, for the caption of its picture; or nothing."""
    asked = (
        constraint.text
        for constraint in logical.constraints
        if any(isinstance(n, Call) and n.operation in _SIGHT for n in parts(constraint.node))
    )
    return "; ".join(asked)


def moments_of(
    concrete: ConcreteScenario, trajectory: Trajectory, asked: str | None, story: Story = NOTHING
) -> tuple[Moment, ...]:
    """Return the moments that show a scene, in order of time if none are asked for.

    Without `asked`, `PICTURES` of them: the start, the ego's contact or closest call, what decides
    monitors, who comes in sight, where behaviours begin and end; and where less than that happens,
    shortly before the call, early or late ones.

    Parameters
    ----------
    asked : str or None
        Such as ``1.5 s, begin(child.dart_out) + 0.5 s, end(van.cut_in), closest``.
    story : Story
        What happens beside the ego's contact or closest call.

    Raises
    ------
    InputError
        A moment is none, beyond the scene's end, or of a behaviour that nobody has.
    """
    if asked is not None:
        return tuple(_asked(text.strip(), concrete, trajectory, story) for text in asked.split(","))
    climax = danger_frame(concrete, trajectory)
    last = concrete.frame_count - 1
    chosen = _Chosen(last)
    chosen.add(Moment(0, f"required: {story.required}" if story.required else ""))
    chosen.add(Moment(climax, _call(concrete, trajectory)))
    for events, most in ((story.decided, DECIDED), (story.sights, SIGHTS)):
        chosen.add_some([_moment(concrete, event) for event in events], most, spread=False)
    chosen.add_some([_moment(concrete, event) for event in story.turns], PICTURES, spread=True)
    before = (climax - LEAD_FRAMES, climax // 4) if climax >= 2 * LEAD_FRAMES else ()
    after = (last, (climax + last) // 2, (3 * climax + last) // 4)
    chosen.fill((*before, *after, *range(last + 1)))
    return chosen.in_time


class _Chosen:
    """Moments chosen so far, the most important first; near ones are told together."""

    def __init__(self, last: int) -> None:
        self._last = last
        self._moments: list[Moment] = []

    @property
    def in_time(self) -> tuple[Moment, ...]:
        return tuple(sorted(self._moments, key=lambda moment: moment.frame))

    def add(self, moment: Moment) -> bool:
        """Add a moment, or what there is to tell of it to one that is near; say which."""
        for k, one in enumerate(self._moments):
            if abs(one.frame - moment.frame) < NEAR_FRAMES:
                why = "; ".join(filter(None, (one.why, moment.why)))
                self._moments[k] = Moment(one.frame, why)
                return False
        if len(self._moments) < PICTURES:
            self._moments.append(moment)
        return True

    def add_some(self, moments: list[Moment], most: int, *, spread: bool) -> None:
        """Add so many moments at the most, the first ones or spread evenly over those there are."""
        apart: list[Moment] = []
        for moment in moments:
            if apart and spread and moment.frame - apart[-1].frame < NEAR_FRAMES:
                apart[-1] = Moment(apart[-1].frame, f"{apart[-1].why}; {moment.why}")
            elif all(abs(one.frame - moment.frame) >= NEAR_FRAMES for one in self._moments):
                apart.append(moment)
            else:
                self.add(moment)
        room = min(most, PICTURES - len(self._moments))
        if spread and len(apart) > room:
            at = np.rint(np.linspace(0, len(apart) - 1, room)).astype(int)
            apart = [apart[k] for k in at]
        added = 0
        for moment in apart:
            added += self.add(moment) if added < room else 0

    def fill(self, spare: Sequence[int]) -> None:
        """Add frames that tell nothing of their own, as far as there is room."""
        for apart in (NEAR_FRAMES, 1, 0):
            for frame in spare:
                taken = any(abs(frame - one.frame) < apart for one in self._moments)
                if len(self._moments) < PICTURES and 0 <= frame <= self._last and not taken:
                    self._moments.append(Moment(frame))


def _moment(concrete: ConcreteScenario, event: Event) -> Moment:
    return Moment(_frame_of(concrete, event.row), event.why)


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


def _nearest(concrete: ConcreteScenario, trajectory: Trajectory) -> tuple[int, str]:
    """Return the frame at which somebody is nearest to the ego, and who; the last of nobody."""
    near = nearest_of(concrete, trajectory)
    if near is None:
        return concrete.frame_count - 1, "nobody else is there"
    return _frame_of(concrete, near.row), f"nearest: {near.name}, {near.gap_m:.1f} m"


def _frame_of(concrete: ConcreteScenario, row: int) -> int:
    """Return the first frame that shows a row of the trajectory, or the last one there is."""
    frame = int(np.searchsorted(concrete.frame_rows, row))
    return min(frame, concrete.frame_count - 1)


def _asked(text: str, concrete: ConcreteScenario, trajectory: Trajectory, story: Story) -> Moment:
    """Return the frame at a moment such as ``1.5 s`` or ``begin(child.dart_out) + 0.5 s``."""
    hz = concrete.rates.camera_hz
    found = _SHIFTED.fullmatch(text)
    if found is None:
        return Moment(_within(round(_seconds(text) * hz), text, concrete))
    shift = _seconds(found["by"]) * (-1 if found["sign"] == "-" else 1) if found["by"] else 0.0
    event = _EVENT.fullmatch(found["event"])
    if event is None:
        raise InputError(
            f"moments: {text!r}: a beginning is written begin(NAME.BEHAVIOUR), an end "
            "end(NAME.BEHAVIOUR)"
        )
    if found["event"] == "closest":
        frame, why = danger_frame(concrete, trajectory), _call(concrete, trajectory)
    elif found["event"] == "nearest":
        frame, why = _nearest(concrete, trajectory)
    else:
        one = _named(event["who"], event["does"], concrete, trajectory)
        if one.row is None:
            return Moment(concrete.frame_count - 1, f"{one} never began")
        row, why = one.row, f"begin({one})"
        if event["turn"] == "end":
            why = f"end({one})"
            ends = [other.row for other in story.turns if other.why == why]
            if not ends:
                return Moment(concrete.frame_count - 1, f"{one} never ended")
            row = ends[0]
        frame = _frame_of(concrete, row)
        times = times_begun(concrete, trajectory)[one.actor, one.does]
        why += f", the first of {times}" if times > 1 and event["turn"] == "begin" else ""
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
            f"moments: {error}; a moment is such as '1.5 s', 'begin(child.cross) + 0.5 s', "
            "'closest' or 'nearest'"
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
