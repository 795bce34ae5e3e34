"""Facts of made-up data sets for tests of audits: what is in them is known exactly."""

from __future__ import annotations

import math
from collections.abc import Sequence

from scenegen.records import Light, Weather
from scenegen.records.looks import Garment, PersonLook, SkinTone
from scenegen.records.odd import conditions
from scenegen.report.facts import Encounter, Facts, FrameFact, ObjectFact, SceneFact

SUN_DEG = {"day": 30.0, "low sun": 5.0, "twilight": -3.0, "night": -20.0}


def scene(number: int, light: str = "day", log_weight: float = 0.0, rain: float = 0.0) -> SceneFact:
    """Return a scene in some light."""
    sun = Light(sun_elevation_rad=math.radians(SUN_DEG[light]), street_lights=light == "night")
    weather = Weather(rain_mmph=rain)
    return SceneFact(
        id=f"s-{number:06d}",
        scenario="s",
        parameters={},
        log_weight=log_weight,
        duration_s=1.0,
        weather=weather,
        light=sun,
        conditions=conditions(weather, sun),
        odd=(),
        termination="completed",
        encounter=Encounter(math.inf, None, 0.5, None),
    )


def look(tone: SkinTone = "tan", lightness: float = 20.0) -> PersonLook:
    """Return a look of a skin tone, in clothes of a lightness."""
    garment = Garment(kind="jacket", color="black", lightness=lightness)
    return PersonLook(
        skin_ita_deg=0.0,
        skin_tone=tone,
        skin_monk=6,
        top=garment,
        bottom=garment,
        clothing_lightness=lightness,
    )


def person(
    number: int = 2, tone: SkinTone = "tan", distance_m: float = 15.0, lightness: float = 20.0
) -> ObjectFact:
    """Return somebody in a frame."""
    return ObjectFact(
        instance_id=number,
        name=f"walker_{number}",
        category="person",
        height_px=60.0,
        visible_px=900,
        occlusion=0.0,
        truncation=0.0,
        distance_m=distance_m,
        closing_mps=0.0,
        look=look(tone, lightness),
    )


def car(number: int = 9, distance_m: float = 25.0) -> ObjectFact:
    """Return a car in a frame."""
    return ObjectFact(number, "car", "car", 40.0, 500, 0.1, 0.0, distance_m, 0.0)


def facts(scenes: Sequence[tuple[SceneFact, Sequence[Sequence[ObjectFact]]]]) -> Facts:
    """Return the facts of scenes with the objects of each of their frames."""
    frames = [
        FrameFact(fact.id, "front", index, 0.1 * index, tuple(objects), math.inf, None)
        for fact, shown in scenes
        for index, objects in enumerate(shown)
    ]
    return Facts(tuple(fact for fact, _ in scenes), tuple(frames), 1)
