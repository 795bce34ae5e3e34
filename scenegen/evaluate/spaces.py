"""Named label spaces, a user's own, and what a mapping onto one leaves out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scenegen.errors import InputError, ScenarioError, nearest
from scenegen.evaluate.classes import (
    COMMON,
    ClassMapping,
    ClassTable,
    Color,
    LabelSpace,
    SpaceClass,
    extent,
    native_space,
)
from scenegen.evaluate.results import Flag, Table
from scenegen.records.taxonomy import CLASS_BY_NAME
from scenegen.scenario.files import read_text
from scenegen.scenario.source import Source, read_source

NATIVE = "native"
_TRAIN = (
    *("road", "sidewalk", "building", "wall", "fence", "pole", "traffic light", "traffic sign"),
    *("vegetation", "terrain", "sky", "person", "rider", "car", "truck", "bus", "train"),
    *("motorcycle", "bicycle"),
)
_COLORS: dict[str, Color] = {name: c.color for name, c in CLASS_BY_NAME.items()}
_COLORS["train"] = (0, 80, 100)


def _train_class(name: str) -> SpaceClass:
    held = "road,lane marking" if name == "road" else name
    return SpaceClass(name, extent(held), _COLORS[name])


CITYSCAPES_19 = LabelSpace("cityscapes19", tuple(_train_class(name) for name in _TRAIN))
"""The classes that Cityscapes' benchmark judges, in the order of their train ids."""

CATEGORIES_7 = LabelSpace(
    "categories7",
    (
        SpaceClass("flat", extent("road,lane marking,sidewalk,parking,rail track"), (128, 64, 128)),
        SpaceClass(
            "construction",
            extent("building,wall,fence,guard rail,bridge,tunnel"),
            (70, 70, 70),
        ),
        SpaceClass("object", extent("pole,traffic light,traffic sign"), (220, 220, 0)),
        SpaceClass("nature", extent("vegetation,terrain"), (107, 142, 35)),
        SpaceClass("sky", extent("sky"), (70, 130, 180)),
        SpaceClass("human", extent("person,rider"), (220, 20, 60)),
        SpaceClass(
            "vehicle",
            extent("car,truck,bus,caravan,trailer,train,motorcycle,bicycle,other vehicle"),
            (0, 0, 142),
        ),
    ),
)
"""Cityscapes' categories, whole: its benchmark leaves the rarer members out of them."""

SPACES = {space.name: space for space in (CITYSCAPES_19, CATEGORIES_7)}
"""Spaces by name, besides ``native``."""


def label_space(name: str, table: ClassTable) -> LabelSpace:
    """Return the classes that an evaluation tells apart.

    Parameters
    ----------
    name : str
        ``native``: what `table` tells apart; a name in `SPACES`; or the path of a YAML
        file, as `read_space` describes it.
    table : ClassTable
        The classes of the real set.
    """
    if name == NATIVE:
        return native_space(table)
    if name in SPACES:
        return SPACES[name]
    if "/" in name or name.endswith((".yaml", ".yml")):
        return read_space(Path(name))
    raise InputError(
        f"no label space {name!r}{nearest(name, (NATIVE, *SPACES))}; "
        "the path of a YAML file names your own"
    )


def read_space(path: Path) -> LabelSpace:
    """Return the space that a YAML file describes.

    ::

        space: people_and_cars
        classes:
          - {name: person, extent: [person, rider]}
          - {name: car, extent: "car, truck, bus", color: [0, 0, 142]}

    Raises
    ------
    InputError
        Naming the line, and what would be right.
    """
    source = read_source(read_text(path, "label space"), str(path), "label space")
    check_keys(source, (), {"space", "classes"})
    name = source.data.get("space", path.stem)
    entries = source.data.get("classes")
    if not isinstance(entries, list) or not entries:
        raise ScenarioError("classes: needs a list of classes", source.place(("classes",)))
    judged = tuple(_space_class(source, i, entry) for i, entry in enumerate(entries))
    repeated = sorted({c.name for c in judged if [d.name for d in judged].count(c.name) > 1})
    if repeated:
        raise ScenarioError(f"two classes are called {repeated[0]!r}", source.place(("classes",)))
    try:
        return LabelSpace(str(name), judged)
    except InputError as error:
        raise ScenarioError(str(error), source.place(("classes",))) from error


def _space_class(source: Source, index: int, entry: Any) -> SpaceClass:
    path: tuple[str | int, ...] = ("classes", index)
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        raise ScenarioError("a class is {name: …, extent: […]}", source.place(path))
    check_keys(source, path, {"name", "extent", "color"})
    held = read_extent(source, path, entry)
    if not held:
        raise ScenarioError("extent: names no common class", source.place(path))
    color = read_color(source, (*path, "color"), entry.get("color", [128, 128, 128]))
    return SpaceClass(entry["name"], held, color)


def check_keys(source: Source, path: tuple[str | int, ...], known: set[str]) -> None:
    """Raise ScenarioError at the first key of a mapping that has no meaning."""
    entry: Any = source.data
    for step in path:
        entry = entry[step]
    for key in entry:
        if key not in known:
            hint = nearest(key, known)
            raise ScenarioError(f"{key!r} means nothing here{hint}", source.key_place((*path, key)))


def read_extent(
    source: Source, path: tuple[str | int, ...], entry: dict[str, Any]
) -> frozenset[str]:
    """Return the extent of a class at `path`; one without is the common class of its name."""
    name = entry["name"]
    if "extent" not in entry and name not in COMMON:
        raise ScenarioError(
            f"{name} needs an extent, the common classes that it holds, or [] for none"
            + nearest(name, COMMON),
            source.place(path),
        )
    value = entry.get("extent", [name])
    place = source.place((*path, "extent"))
    words = value.split(",") if isinstance(value, str) else value
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise ScenarioError("extent: is a list of common classes", place)
    held = extent(words)
    for word in sorted(held - set(COMMON)):
        raise ScenarioError(f"{word!r} is no common class{nearest(word, COMMON)}", place)
    return held


def read_color(source: Source, path: tuple[str | int, ...], value: Any) -> Color:
    """Return a colour from a list of three 8-bit numbers."""
    good = isinstance(value, list) and len(value) == 3
    if not good or not all(isinstance(v, int) and 0 <= v <= 255 for v in value):
        raise ScenarioError("color: is [red, green, blue], 0 to 255", source.place(path))
    return (value[0], value[1], value[2])


def read_overrides(path: str | Path) -> dict[str, dict[str, str | None]]:
    """Return what a mapping file says, by set and native class.

    ::

        camvid:
          building: building
          sign_symbol: null  # ignored

    Sets are called as their class table is. That the classes exist is checked where the
    mapping is made, by `scenegen.evaluate.classes.map_classes`.
    """
    source = read_source(read_text(Path(path), "mapping"), str(path), "mapping")
    for name, rows in source.data.items():
        if not isinstance(rows, dict):
            raise ScenarioError(
                f"{name}: is a mapping of native class to judged class", source.place((name,))
            )
        for native, target in rows.items():
            if not isinstance(target, str | None):
                place = source.place((name, native))
                raise ScenarioError(f"{native}: name a judged class, or null to ignore it", place)
    return source.data


_REASONS = {
    "extent": "by what it holds",
    "override": "as asked",
    "void": "the set ignores it",
    "outside": "not judged",
    "straddles": "holds several judged classes",
}


def mapping_table(mapping: ClassMapping) -> Table:
    """Return what becomes of each native class, as a table for readers."""
    rows = tuple(
        (
            row.native.id,
            row.native.name,
            row.target if row.target is not None else "ignored",
            _REASONS[row.reason],
        )
        for row in mapping.rows
    )
    title = f"Classes of {mapping.table.name} as {mapping.space.name}"
    return Table(title=title, columns=("id", "class", "judged as", "why"), rows=rows)


def mapping_flags(mapping: ClassMapping, name: str) -> tuple[Flag, ...]:
    """Return warnings for the holes of a set's mapping.

    Parameters
    ----------
    name : str
        What reports call the set.
    """
    flags = []
    if mapping.straddling:
        flags.append(
            f"{name}: {_list(mapping.straddling)} ignored, since each holds several classes of "
            f"{mapping.space.name}; choose one in a mapping file, or a coarser space"
        )
    if mapping.unfed:
        flags.append(
            f"{name}: nothing in it counts as {_list(mapping.unfed)}; figures of these classes "
            "say nothing about the set"
        )
    return tuple(Flag(severity="warning", kind="mapping", message=text) for text in flags)


def _list(names: tuple[str, ...]) -> str:
    return ", ".join(repr(name) for name in names)
