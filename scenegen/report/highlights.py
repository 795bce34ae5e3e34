"""What to look at first: the frames in which a data set is most extreme."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scenegen.report.facts import Facts, FrameFact, ObjectFact, SceneFact

_SIZEABLE_PX = 40


@dataclass(frozen=True)
class Highlight:
    """A frame worth a look, and why.

    Attributes
    ----------
    instance_id : int or None
        The object that it is about.
    """

    title: str
    value: str
    scene: str
    sensor: str
    frame: int
    instance_id: int | None = None


def choose_highlights(facts: Facts) -> list[Highlight]:
    """Return the extremes of a data set; those that it has no candidate for are left out."""
    found = [
        _hardest_contact(facts),
        _closest_call(facts),
        _object(facts, "Most occluded", lambda o: o.occlusion, _occluded),
        _object(facts, "Smallest in sight", lambda o: -o.visible_px, _small, 1),
        _object(facts, "Fastest approach", lambda o: o.closing_mps, _approach),
        _object(facts, "Farthest", lambda o: o.distance_m, _far, 1),
        _darkest(facts),
        _busiest(facts),
    ]
    return [highlight for highlight in found if highlight is not None]


def key_frame(facts: Facts, scene: SceneFact) -> FrameFact | None:
    """Return the frame that tells most about a scene.

    That of its encounter, if the other actor is in sight around then (the frame of the
    last second before it in which it is largest); else that with most of all actors.
    """
    frames = [frame for frame in facts.frames if frame.scene == scene.id]
    encounter = scene.encounter
    near = [f for f in frames if -1.0 <= f.time_s - encounter.time_s <= 0.05]
    if encounter.actor is not None and near:
        best = max(near, key=lambda f: (_visible(f, encounter.actor), f.time_s))
        if _visible(best, encounter.actor) >= _SIZEABLE_PX:
            return best
    return max(frames, key=lambda f: sum(o.visible_px for o in f.objects), default=None)


def _visible(frame: FrameFact, instance_id: int | None) -> int:
    return sum(o.visible_px for o in frame.objects if o.instance_id == instance_id)


def _hardest_contact(facts: Facts) -> Highlight | None:
    hit = [s for s in facts.scenes if s.encounter.contact_mps is not None]
    if not hit:
        return None
    scene = max(hit, key=lambda s: s.encounter.contact_mps or 0.0)
    value = f"contact at {(scene.encounter.contact_mps or 0.0) * 3.6:.0f} km/h"
    return _of_encounter(facts, scene, "Hardest contact", value)


def _closest_call(facts: Facts) -> Highlight | None:
    """Return the most critical moment without contact: the smallest time to collision."""
    met = [s for s in facts.scenes if s.encounter.actor and s.encounter.contact_mps is None]
    if not met:
        return None
    scene = min(met, key=lambda s: s.encounter.ttc_s)
    ttc_s = scene.encounter.ttc_s
    value = f"{ttc_s:.2f} s to collision" if ttc_s > 0 else "bounds touch"
    return _of_encounter(facts, scene, "Closest call", value)


def _of_encounter(facts: Facts, scene: SceneFact, title: str, value: str) -> Highlight | None:
    frame = key_frame(facts, scene)
    if frame is None:
        return None
    actor = scene.encounter.actor if _visible(frame, scene.encounter.actor) else None
    return Highlight(title, value, scene.id, frame.sensor, frame.index, actor)


def _object(
    facts: Facts,
    title: str,
    score: Callable[[ObjectFact], float],
    describe: Callable[[ObjectFact], str],
    at_least_px: int = _SIZEABLE_PX,
) -> Highlight | None:
    """Return the object of the highest score among those that are large enough."""
    best: tuple[float, Highlight] | None = None
    for frame in facts.frames:
        for label in frame.objects:
            reached = score(label)
            if label.visible_px >= at_least_px and (best is None or reached > best[0]):
                at = (frame.scene, frame.sensor, frame.index, label.instance_id)
                best = (reached, Highlight(title, describe(label), *at))
    return best[1] if best else None


def _occluded(label: ObjectFact) -> str:
    return f"{label.category}, {label.occlusion:.0%} hidden"


def _small(label: ObjectFact) -> str:
    return f"{label.category}, {label.visible_px} px at {label.distance_m:.0f} m"


def _approach(label: ObjectFact) -> str:
    return f"{label.category}, closing at {label.closing_mps * 3.6:.0f} km/h"


def _far(label: ObjectFact) -> str:
    return f"{label.category} at {label.distance_m:.0f} m"


def _darkest(facts: Facts) -> Highlight | None:
    looked_at = [(f.luma, f) for f in facts.frames if f.luma is not None]
    if not looked_at:
        return None
    luma, frame = min(looked_at, key=lambda pair: pair[0])
    value = f"mean brightness {luma:.0f} of 255"
    return Highlight("Darkest frame", value, frame.scene, frame.sensor, frame.index)


def _busiest(facts: Facts) -> Highlight | None:
    frame = max(facts.frames, key=lambda f: len(f.objects), default=None)
    if frame is None or not frame.objects:
        return None
    value = f"objects in sight: {len(frame.objects)}"
    return Highlight("Busiest frame", value, frame.scene, frame.sensor, frame.index)
