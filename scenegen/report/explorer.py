"""What the page's filters work on: a row of numbers for each frame that was looked at."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from heapq import nsmallest
from typing import Any

from markupsafe import Markup

from scenegen.records.odd import CONDITIONS
from scenegen.report.facts import Facts, FrameFact

_SIZEABLE_PX = 40


def explorer_json(facts: Facts, pictures: Mapping[str, str]) -> Markup:
    """Return the JSON that page.js reads, safe within a script element.

    ``frames`` has rows of scene, sensor, frame, time_s, bits of the classes in sight, objects,
    greatest occlusion (of what shows at least 40 px), fewest visible px, time to collision,
    brightness and greatest approach in m/s; null where there is none.

    Parameters
    ----------
    facts : Facts
    pictures : mapping of str to str
        Data URIs of frames that no card shows, by ``scene/sensor/number``.
    """
    classes = sorted({o.category for frame in facts.frames for o in frame.objects})
    sensors = sorted({frame.sensor for frame in facts.frames})
    scenarios = sorted({scene.scenario for scene in facts.scenes})
    varying = _varying(facts)
    number = {scene.id: i for i, scene in enumerate(facts.scenes)}
    bits = {name: 1 << i for i, name in enumerate(classes)}
    content: dict[str, Any] = {
        "classes": classes,
        "sensors": sensors,
        "scenarios": scenarios,
        "conditions": {
            name: [w for w in words if any(s.conditions[name] == w for s in facts.scenes)]
            for name, words in CONDITIONS.items()
        },
        "parameters": varying,
        "pictures": dict(pictures),
        "scenes": [
            {
                "id": scene.id,
                "scenario": scenarios.index(scene.scenario),
                "weight": round(scene.log_weight, 6),
                "conditions": scene.conditions,
                "values": [scene.parameters.get(name) for name in varying],
            }
            for scene in facts.scenes
        ],
        "frames": [
            [number[f.scene], sensors.index(f.sensor), f.index, round(f.time_s, 4), *_row(f, bits)]
            for f in facts.frames
        ],
    }
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return Markup(text.replace("<", "\\u003c"))  # nothing can end the script element


def extremes(facts: Facts, count: int) -> list[FrameFact]:
    """Return the `count` first frames of every order that filters.js has but those of time."""
    weights = {scene.id: scene.log_weight for scene in facts.scenes}
    orders: list[Callable[[FrameFact], float | None]] = [
        lambda f: max(
            (o.occlusion for o in f.objects if o.visible_px >= _SIZEABLE_PX), default=None
        ),
        lambda f: -min(o.visible_px for o in f.objects) if f.objects else None,
        lambda f: None if f.ttc_s == float("inf") else -f.ttc_s,
        lambda f: -weights[f.scene],
        lambda f: None if f.luma is None else -f.luma,
        lambda f: len(f.objects),
        lambda f: max((o.closing_mps for o in f.objects), default=None),
    ]
    found: dict[tuple[str, str, int], FrameFact] = {}
    for order in orders:
        ranked = [(value, f) for f in facts.frames if (value := order(f)) is not None]
        for _, frame in nsmallest(count, ranked, key=lambda pair: -pair[0]):
            found[frame.scene, frame.sensor, frame.index] = frame
    return [found[key] for key in sorted(found)]


def _varying(facts: Facts) -> list[str]:
    """Return the parameters that aren't the same in all scenes."""
    names = sorted({name for scene in facts.scenes for name in scene.parameters})
    return [n for n in names if len({scene.parameters.get(n) for scene in facts.scenes}) > 1]


def _row(frame: FrameFact, bits: dict[str, int]) -> list[float | None]:
    objects = frame.objects
    classes = {o.category for o in objects}
    return [
        sum(bits[name] for name in classes),
        len(objects),
        _rounded(_most_hidden(frame)),
        min((o.visible_px for o in objects), default=None),
        _rounded(frame.ttc_s),
        None if frame.luma is None else round(frame.luma, 1),
        _rounded(max((o.closing_mps for o in objects), default=None)),
    ]


def _most_hidden(frame: FrameFact) -> float | None:
    """Return the greatest occlusion of what is large enough to be recognised."""
    sizeable = [o.occlusion for o in frame.objects if o.visible_px >= _SIZEABLE_PX]
    return max(sizeable, default=None)


def _rounded(value: float | None) -> float | None:
    return None if value is None or value == float("inf") else round(value, 3)
