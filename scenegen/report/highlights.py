"""What to look at first: the frames in which a data set is most extreme."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scenegen.records import ObjectLabel
from scenegen.report.facts import Facts, FrameFact, SceneFact

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
        _closest_call(facts),
        _object(facts, "Most occluded", lambda o, _: o.occlusion, _occluded),
        _object(facts, "Smallest in sight", lambda o, _: -o.visible_px, _small, 1),
        _object(facts, "Fastest approach", lambda _, closing: closing, _approach),
        _object(facts, "Farthest", lambda o, _: o.distance_m, _far, 1),
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


def _closest_call(facts: Facts) -> Highlight | None:
    met = [s for s in facts.scenes if s.encounter.actor is not None]
    hit = [s for s in met if s.encounter.contact_mps is not None]
    if hit:
        scene = max(hit, key=lambda s: s.encounter.contact_mps or 0.0)
        value = f"contact at {(scene.encounter.contact_mps or 0.0) * 3.6:.0f} km/h"
        title = "Hardest contact"
    elif met:
        scene = min(met, key=lambda s: s.encounter.ttc_s)
        ttc_s = scene.encounter.ttc_s
        value = f"{ttc_s:.2f} s to collision" if ttc_s > 0 else "bounds touch"
        title = "Closest call"
    else:
        return None
    frame = key_frame(facts, scene)
    if frame is None:
        return None
    actor = scene.encounter.actor if _visible(frame, scene.encounter.actor) else None
    return Highlight(title, value, scene.id, frame.sensor, frame.index, actor)


def _object(
    facts: Facts,
    title: str,
    score: Callable[[ObjectLabel, float], float],
    describe: Callable[[ObjectLabel, float], str],
    at_least_px: int = _SIZEABLE_PX,
) -> Highlight | None:
    """Return the object of the highest score among those that are large enough."""
    best: tuple[float, Highlight] | None = None
    for frame in facts.frames:
        for label, closing in zip(frame.objects, frame.closing_mps, strict=True):
            reached = score(label, closing)
            if label.visible_px >= at_least_px and (best is None or reached > best[0]):
                at = (frame.scene, frame.sensor, frame.index, label.instance_id)
                best = (reached, Highlight(title, describe(label, closing), *at))
    return best[1] if best else None


def _occluded(label: ObjectLabel, _: float) -> str:
    return f"{label.category}, {label.occlusion:.0%} hidden"


def _small(label: ObjectLabel, _: float) -> str:
    return f"{label.category}, {label.visible_px} px at {label.distance_m:.0f} m"


def _approach(label: ObjectLabel, closing_mps: float) -> str:
    return f"{label.category}, closing at {closing_mps * 3.6:.0f} km/h"


def _far(label: ObjectLabel, _: float) -> str:
    return f"{label.category} at {label.distance_m:.0f} m"


def _darkest(facts: Facts) -> Highlight | None:
    if not facts.frames:
        return None
    frame = min(facts.frames, key=lambda f: f.luma)
    value = f"mean brightness {frame.luma:.0f} of 255"
    return Highlight("Darkest frame", value, frame.scene, frame.sensor, frame.index)


def _busiest(facts: Facts) -> Highlight | None:
    frame = max(facts.frames, key=lambda f: len(f.objects), default=None)
    if frame is None or not frame.objects:
        return None
    value = f"objects in sight: {len(frame.objects)}"
    return Highlight("Busiest frame", value, frame.scene, frame.sensor, frame.index)
