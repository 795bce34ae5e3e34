"""Checks that people's labelled looks are those of the materials that they are drawn with."""

from __future__ import annotations

import math
from collections.abc import Iterator

import cv2
import numpy as np

from scenegen import assets
from scenegen.annotate.checks.case import FrameCase
from scenegen.annotate.objects import SKELETAL
from scenegen.records.base import Vec3
from scenegen.records.labels import ObjectLabel
from scenegen.records.looks import ITA_EDGES_DEG, SKIN_TONES, PersonLook
from scenegen.records.mesh import Asset, Material

_LIGHTNESS_OFF = 0.5
_ANGLE_OFF_DEG = 2.0


def looks(case: FrameCase) -> Iterator[str]:
    """People have the skin and clothes of their asset, by OpenCV's CIELAB; nobody else has any."""
    labels = case.labels.objects
    if all(label.look is None for label in labels):
        return  # an older set, or nobody in sight
    actors = {actor.instance_id: actor for actor in case.truth.scenario.actors}
    for label in labels:
        asset = assets.whole(actors[label.instance_id])
        for problem in _problems(label, asset):
            yield f"instance {label.instance_id}: {problem}"


def _problems(label: ObjectLabel, asset: Asset) -> Iterator[str]:
    materials = {s.material.name: s.material for part in asset.parts for s in part.surfaces}
    look = label.look
    if look is None:
        if label.category in SKELETAL and "skin" in materials:
            yield "has skin, but no look"
        return
    if label.category not in SKELETAL or "skin" not in materials:
        yield f"a {label.category} without skin has a look"
        return
    yield from _skin_problems(look, materials["skin"])
    for garment in (look.top, look.bottom):
        if garment.kind not in materials:
            yield f"wears no {garment.kind}"
            continue
        lightness = _lab(materials[garment.kind].base_color)[0]
        if abs(lightness - garment.lightness) > _LIGHTNESS_OFF:
            yield f"{garment.kind} has a lightness of {lightness:.1f}, not {garment.lightness}"
    least, most = sorted((look.top.lightness, look.bottom.lightness))
    if not least - _LIGHTNESS_OFF <= look.clothing_lightness <= most + _LIGHTNESS_OFF:
        yield f"clothing lightness {look.clothing_lightness} is not between those of its pieces"


def _skin_problems(look: PersonLook, skin: Material) -> Iterator[str]:
    lightness, _, yellow = _lab(skin.base_color)
    angle = math.degrees(math.atan2(lightness - 50.0, yellow))
    if abs(angle - look.skin_ita_deg) > _ANGLE_OFF_DEG:
        yield f"skin has an angle of {angle:.1f} deg, not {look.skin_ita_deg}"
    at = SKIN_TONES.index(look.skin_tone)
    edges = (180.0, *ITA_EDGES_DEG, -180.0)
    if not edges[at + 1] < look.skin_ita_deg <= edges[at]:
        yield f"skin of {look.skin_ita_deg} deg is not {look.skin_tone}"


def _lab(rgb: Vec3) -> tuple[float, float, float]:
    """Return CIE L*, a*, b* of a linear RGB reflectance as OpenCV works it out."""
    pixel = np.array([[rgb]], dtype=np.float32)
    lightness, a, b = cv2.cvtColor(pixel, cv2.COLOR_LRGB2Lab)[0, 0].tolist()
    return (lightness, a, b)
