"""SemanticKITTI's labels, and those that this project's classes become."""

from __future__ import annotations

from scenegen.records.taxonomy import CLASSES

LABELS: dict[int, tuple[str, tuple[int, int, int], int]] = {
    0: ("unlabeled", (0, 0, 0), 0),
    1: ("outlier", (0, 0, 255), 0),
    10: ("car", (245, 150, 100), 1),
    11: ("bicycle", (245, 230, 100), 2),
    13: ("bus", (250, 80, 100), 5),
    15: ("motorcycle", (150, 60, 30), 3),
    16: ("on-rails", (255, 0, 0), 5),
    18: ("truck", (180, 30, 80), 4),
    20: ("other-vehicle", (255, 0, 0), 5),
    30: ("person", (30, 30, 255), 6),
    31: ("bicyclist", (200, 40, 255), 7),
    32: ("motorcyclist", (90, 30, 150), 8),
    40: ("road", (255, 0, 255), 9),
    44: ("parking", (255, 150, 255), 10),
    48: ("sidewalk", (75, 0, 75), 11),
    49: ("other-ground", (75, 0, 175), 12),
    50: ("building", (0, 200, 255), 13),
    51: ("fence", (50, 120, 255), 14),
    52: ("other-structure", (0, 150, 255), 0),
    60: ("lane-marking", (170, 255, 150), 9),
    70: ("vegetation", (0, 175, 0), 15),
    71: ("trunk", (0, 60, 135), 16),
    72: ("terrain", (80, 240, 150), 17),
    80: ("pole", (150, 240, 255), 18),
    81: ("traffic-sign", (0, 0, 255), 19),
    99: ("other-object", (255, 255, 50), 0),
    252: ("moving-car", (245, 150, 100), 1),
    253: ("moving-bicyclist", (200, 40, 255), 7),
    254: ("moving-person", (30, 30, 255), 6),
    255: ("moving-motorcyclist", (90, 30, 150), 8),
    256: ("moving-on-rails", (255, 0, 0), 5),
    257: ("moving-bus", (250, 80, 100), 5),
    258: ("moving-truck", (180, 30, 80), 4),
    259: ("moving-other-vehicle", (255, 0, 0), 5),
}
"""Name, colour (blue, green, red) and number in the benchmark's 19 classes, by label."""

BICYCLIST, MOTORCYCLIST = 31, 32
MOVING = {10: 252, 31: 253, 30: 254, 32: 255, 16: 256, 13: 257, 18: 258, 20: 259}
"""Label of what moves, by that of what stands."""
_BENCHMARK = (0, 10, 11, 15, 18, 20, 30, 31, 32, 40, 44, 48, 49, 50, 51, 70, 71, 72, 80, 81)
"""Label by number in the benchmark."""
_OF_CLASS = {
    "unlabeled": 0,
    "static": 99,
    "dynamic": 99,
    "ground": 49,
    "road": 40,
    "sidewalk": 48,
    "parking": 44,
    "building": 50,
    "wall": 52,
    "fence": 51,
    "guard rail": 51,
    "pole": 80,
    "traffic light": 99,
    "traffic sign": 81,
    "vegetation": 70,
    "terrain": 72,
    "sky": 0,
    "person": 30,
    "rider": 30,
    "car": 10,
    "truck": 18,
    "bus": 13,
    "train": 16,
    "motorcycle": 15,
    "bicycle": 11,
    "lane marking": 60,
    "debris": 99,
    "animal": 99,
    "cone": 99,
}
_BY_ID = {c.id: _OF_CLASS[c.name] for c in CLASSES}


def label_id(class_id: int) -> int:
    """Return the label of one of the project's classes, of what stands and nobody rides."""
    return _BY_ID.get(class_id, 0)


def config_text(train: list[int], valid: list[int]) -> bytes:
    """Return the data config that SemanticKITTI's own programs take by ``--datacfg``."""
    lines = ["labels:", *(f'  {id_}: "{name}"' for id_, (name, _, _) in LABELS.items())]
    lines += ["color_map: # blue, green, red"]
    lines += [f"  {id_}: [{b}, {g}, {r}]" for id_, (_, (b, g, r), _) in LABELS.items()]
    lines += ["learning_map:", *(f"  {id_}: {number}" for id_, (_, _, number) in LABELS.items())]
    lines += ["learning_map_inv:", *(f"  {n}: {id_}" for n, id_ in enumerate(_BENCHMARK))]
    ignored = (f"  {n}: {'true' if n == 0 else 'false'}" for n in range(len(_BENCHMARK)))
    lines += ["learning_ignore:", *ignored]
    lines += ["split:", f"  train: {train}", f"  valid: {valid}", "  test: []"]
    return ("\n".join(lines) + "\n").encode()
