"""What each key means, for editors: from docstrings of sections and of what they become."""

from __future__ import annotations

import inspect
import re

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel

from scenegen.records import (
    CameraSpec,
    ImagerSpec,
    LensSpec,
    LidarSpec,
    Light,
    RadarSpec,
    RoadSpec,
    SignalPlan,
    Weather,
)
from scenegen.scenario.cameras import CameraEntry, ImagerEntry, LensEntry
from scenegen.scenario.document import (
    LightEntry,
    RoadEntry,
    Section,
    SignalsEntry,
    WeatherEntry,
)
from scenegen.scenario.sensors import LidarEntry, RadarEntry

_RECORDS: dict[type[Section], type[BaseModel]] = {
    RoadEntry: RoadSpec,
    SignalsEntry: SignalPlan,
    WeatherEntry: Weather,
    LightEntry: Light,
    CameraEntry: CameraSpec,
    LensEntry: LensSpec,
    ImagerEntry: ImagerSpec,
    LidarEntry: LidarSpec,
    RadarEntry: RadarSpec,
}
_SUFFIXES = {
    "m": "m",
    "s": "s",
    "mps": "m/s",
    "rad": "rad",
    "mmph": "mm/h",
    "hz": "Hz",
    "db": "dB",
    "dbm": "dBm",
    "e": "electrons",
}
_HEADING = re.compile(r"^Attributes\n-+\n(.*?)(?=^\w+\n-+\n|\Z)", re.MULTILINE | re.DOTALL)
_ENTRY = re.compile(r"^(\w[\w, ]*?)(?: :[^\n]*)?\n((?:[ ]+[^\n]*\n?|\n)*)", re.MULTILINE)

EVERYWHERE = {
    "when": "What starts it: 'start' (at once, or after the entry before), a time, a distance, a "
    "time to collision, a gap in time.",
    "to": "The actor that the trigger watches; the ego if not given.",
    "do": "What is done until the next entry starts.",
    "lane": "A lane: forward_0 (next to the middle), forward_1, …, backward_0, sidewalk_right, …",
    "speed": "How fast, along the way it goes.",
    "over": "How long it takes.",
    "distance": "How far.",
    "acceleration": "How quickly it gets faster.",
    "deceleration": "How hard it brakes.",
    "react": "Whether the driver keeps off what is ahead.",
    "slow_for_bends": "Whether the driver slows down for bends: yes, if not given.",
    "obey_signals": "Whether red stops it.",
    "indicator": "Which indicator blinks.",
    "lateral": "To the side, positive to the left.",
    "avoid": "Whether they keep clear of others and of obstacles.",
    "spread": "By how much, at most, each body of a row is faster or slower.",
    "gait": "How people go: auto, walk, run, phone or push.",
    "hazard_lights": "Whether all indicators blink.",
    "way": "Where to, seen from themselves.",
    "anti_lock": "Whether the brakes keep wheels from locking.",
    "kind": "Which kind it is.",
    "position": "[forward, left, up] in the ego's body frame, up from the ground.",
    "yaw": "To the left.",
    "pitch": "Downwards.",
    "near": "Nothing nearer is seen.",
    "far": "Nothing farther is seen.",
    "width": "Of the picture, in pixels.",
    "height": "Of the picture, in pixels.",
    "hfov": "Horizontal field of view.",
    "vfov": "Vertical field of view.",
    "rate": "How often a second; divides the rate of the physics.",
    "arc": "The angle that a curve turns by.",
    "crest": "Height of a hill.",
    "radius": "Of a curve; positive to the left.",
    "physics": "Steps of the physics a second.",
    "control": "Decisions of drivers a second; divides the rate of the physics.",
    "camera": "Frames a second; divides the rate of control.",
    "bench": "The asset that stands for a bench.",
    "bin": "The asset that stands for a litter bin.",
    "hydrant": "The asset that stands for a hydrant.",
    "post_box": "The asset that stands for a post box.",
    "cabinet": "The asset that stands for a cabinet.",
    "elevation": "Of the lowest and the highest channel.",
    "place": "Where it is at the start.",
    "gap": "Free distance between the two bodies, or in a trigger the time until it is abreast.",
    "rubbish": "The asset that stands for rubbish.",
}
"""Keys whose class doesn't say what they mean."""

AT_THE_TOP = {
    "scenario": "The scenario's name: letters, digits and _.",
    "mixin": "The name of a mix-in, a fragment that scenarios take in with 'with'.",
    "extends": "The scenario that this one is a variant of: a name of the library, or a path.",
    "with": "Mix-ins: names of the library, or paths. Later ones win over earlier ones.",
    "description": "What happens, in a sentence or two.",
    "source": "What the scenario is drawn from, such as a typology or a test protocol.",
    "odd": "Tags of the operational design domain; '-tag' takes one of a base away.",
    "duration": "Length of the scene, up to 120 s.",
    "rates": "Steps a second of the physics, of drivers and of cameras.",
    "parameters": "What varies, by name: quantities, distributions, expressions.",
    "correlations": "Parameters that go together.",
    "held": "One draw, held: the values of its parameters and the streams it was made from.",
    "road": "What is driven on.",
    "weather": "State of the air, the road and the lenses.",
    "scenery": "Which assets stand for the street furniture.",
    "light": "Sun, moon and lamps.",
    "sensors": "What the ego sees with, by name: cameras, LiDARs, radars.",
    "cameras": "Of a mix-in: what holds for every camera.",
    "ego": "The vehicle that the sensors are on.",
    "actors": "Everybody else and everything that moves, by name; they may refer to those above.",
    "require": "Conditions that draws meet, always or with a probability.",
    "disturbances": "What differs from step to step, by name, and how it is distributed.",
    "monitors": "Conditions over the run of a scene: always(…), eventually(…), until(…).",
    "nominal": "How it is distributed in the real world, where that is something else.",
}
"""Keys of the document."""


def meaning_of(section: type[BaseModel]) -> str:
    """Return the first paragraph of a section's docstring."""
    text = inspect.cleandoc(section.__doc__ or "")
    return " ".join(re.sub(r"; see `[^`]*`", "", text.split("\n\n", 1)[0]).split())


def meanings_of(section: type[Section]) -> dict[str, str]:
    """Return the meaning of each key of a section, as far as anything says it."""
    keys = sorted(section.known_keys())
    found = {key: EVERYWHERE[key] for key in keys if key in EVERYWHERE}
    for base in reversed(section.__mro__):
        if issubclass(base, Section):
            found |= _attributes(base)
    record = _RECORDS.get(section)
    for key in keys if record is not None else ():
        found |= {key: text} if (text := _of_record(record, key)) else {}
    for name, info in section.model_fields.items():
        if info.description:
            found[info.alias or name] = f"{info.description[:1].upper()}{info.description[1:]}."
    return {key: found[key] for key in keys if key in found}


def _attributes(owner: type) -> dict[str, str]:
    """Return the entries of the ``Attributes`` of a class's own docstring."""
    heading = _HEADING.search(inspect.cleandoc(owner.__dict__.get("__doc__") or "") + "\n")
    if heading is None:
        return {}
    found: dict[str, str] = {}
    for names, text in _ENTRY.findall(heading[1]):
        for name in names.split(","):
            found[name.strip()] = " ".join(text.replace("``", "").replace("`", "").split())
    return {name: text for name, text in found.items() if text}


def _of_record(record: type[BaseModel] | None, key: str) -> str:
    """Return what a record says of the field that a key becomes, with its range and default."""
    if record is None:
        return ""
    for name, info in record.model_fields.items():
        stem, _, suffix = name.rpartition("_")
        if name != key and not (stem == key and suffix in _SUFFIXES):
            continue
        parts = [_attributes(record).get(name, EVERYWHERE.get(key, ""))]
        unit = _SUFFIXES.get(suffix, "") if stem == key else ""
        limits = [_limit(limit, unit) for limit in info.metadata]
        if any(limits):
            parts.append(f"Range: {', '.join(text for text in limits if text)}.")
        if info.default is not None and isinstance(info.default, int | float | str | bool):
            parts.append(f"Default: {_shown(info.default)} {unit}".rstrip() + ".")
        return " ".join(part for part in parts if part)
    return ""


def _shown(default: float | str | bool) -> str:
    if isinstance(default, bool):
        return str(default).lower()
    return default if isinstance(default, str) else f"{default:g}"


def _limit(limit: object, unit: str) -> str:
    match limit:
        case Ge(ge=value):
            return f"from {value} {unit}".rstrip()
        case Gt(gt=value):
            return f"above {value} {unit}".rstrip()
        case Le(le=value):
            return f"to {value} {unit}".rstrip()
        case Lt(lt=value):
            return f"below {value} {unit}".rstrip()
    return ""
