"""One self-contained HTML page on a data set: no network, no scripts from elsewhere."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import numpy as np
from markupsafe import Markup

from scenegen.dataset import Dataset, FrameReader
from scenegen.dataset.digest import recorded_digest
from scenegen.dataset.schema import Search
from scenegen.dataset.storage import storage_errors, write_atomic
from scenegen.errors import DatasetError, StorageError
from scenegen.report.audit.record import Audit
from scenegen.report.audit.view import balance_view
from scenegen.report.charts import bars, histogram, number, strip
from scenegen.report.coverage import CoverageFact, OddFact
from scenegen.report.explorer import explorer_json, extremes
from scenegen.report.facts import Facts, SceneFact, effective_sample_size, gather
from scenegen.report.highlights import Highlight, choose_highlights, key_frame
from scenegen.report.marks import MARKS, marks_svg
from scenegen.report.pictures import (
    LAYER_NAMES,
    VIEW_NAMES,
    film_strip,
    frame_layers,
    highlight_picture,
    thumbnail,
)

SCENE_LIMIT = 24
"""Scenes shown with pictures, at most; every scenario gets its share."""
EXTREME_LIMIT = 8
"""Frames of each order that have a picture in any case."""


@dataclass(frozen=True)
class Chart:
    """A titled chart."""

    title: str
    svg: Markup
    note: str = ""


@dataclass(frozen=True)
class SceneCard:
    """A scene in the contact sheet: layers as data URIs, marks over them, and a film strip.

    `key` names a frame in the page: scene, sensor and number.
    """

    fact: SceneFact
    frame: int
    time_s: float
    key: str
    layers: dict[str, str]
    marks: Markup
    strip: list[tuple[str, str, str]]


@dataclass(frozen=True)
class HighlightCard:
    """A highlight with its picture."""

    highlight: Highlight
    key: str
    picture: str


@dataclass(frozen=True)
class ScenarioSection:
    """A scenario: its scenes' numbers, parameter charts and contact sheet.

    Attributes
    ----------
    charts, more_charts : list of Chart
        Of the parameters that the YAML names, and of those that it draws in passing.
    constants : dict
        Parameters that are the same in every scene.
    coverage : CoverageFact or None
        What the scenes cover, where somebody has counted.
    search : Search or None
        How the scenes were found among the draws, where not every draw became one.
    """

    name: str
    description: str
    digest: str
    scenes: tuple[SceneFact, ...]
    frames: int
    objects: int
    contacts: int
    smallest_ttc_s: float
    effective_scenes: float
    weighted: bool
    charts: list[Chart]
    more_charts: list[Chart]
    constants: dict[str, str]
    cards: list[SceneCard]
    coverage: CoverageFact | None
    search: Search | None


def write_report(
    dataset: Dataset,
    out_html: str | os.PathLike[str],
    coverage: Mapping[str, CoverageFact] | None = None,
    odd: Sequence[OddFact] = (),
    facts: Facts | None = None,
    audit: Audit | None = None,
) -> Path:
    """Write the page and return its path.

    Parameters
    ----------
    dataset : Dataset
    out_html : path
    coverage : mapping of str to CoverageFact, optional
        By scenario, what its scenes cover.
    odd : sequence of OddFact
        Conditions of all scenes, and then of those that share a tag.
    facts : Facts, optional
        Of the data set, where somebody has gathered them.
    audit : Audit, optional
        What the section on balance shows; there is none without.

    Raises
    ------
    DatasetError
        The data set has no whole scene, or a file of it is missing or damaged.
    StorageError
        The page can't be written there.
    """
    facts = facts or gather(dataset)
    if not facts.scenes:
        raise DatasetError(f"{dataset.path}: holds no whole scene yet")
    content = _content(dataset, facts, coverage or {}, odd)
    content["view"] = None if audit is None else balance_view(audit)
    return write_page(Path(out_html), page_template("page.html").render(**content))


def write_audit_page(audit: Audit, out_html: str | os.PathLike[str]) -> Path:
    """Write the section on balance as a page of its own and return its path.

    Raises
    ------
    StorageError
        The page can't be written there.
    """
    name = ", ".join(audit.datasets)
    html = page_template("audit.html").render(view=balance_view(audit), name=name)
    return write_page(Path(out_html), html)


def write_page(path: Path, html: str) -> Path:
    """Write a page as a whole and return its path; StorageError if it can't be written there."""
    try:
        with storage_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(path, html.encode())
    except OSError as error:
        raise StorageError(f"{path}: cannot write the report ({error.strerror})") from error
    return path


def page_template(name: str) -> jinja2.Template:
    """Return a page's template, with the charts and numbers that all pages share."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("scenegen.report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["number"] = number
    environment.filters["value"] = _value
    environment.filters["strip"] = strip
    return environment.get_template(name)


def _content(
    dataset: Dataset,
    facts: Facts,
    coverage: Mapping[str, CoverageFact],
    odd: Sequence[OddFact],
) -> dict[str, Any]:
    sections = [
        _section(dataset, facts, name, coverage.get(name))
        for name in sorted({s.scenario for s in facts.scenes})
    ]
    shown = {layer for section in sections for card in section.cards for layer in card.layers}
    return {
        "info": dataset.info,
        "name": dataset.path.resolve().name,
        "digest": recorded_digest(dataset),
        "scenes": len(facts.scenes),
        "frames": sum(len(scene.entries) for scene in dataset),
        "looked_at": len(facts.frames),
        "objects": sum(len(frame.objects) for frame in facts.frames),
        "every": facts.every,
        "highlights": [_highlight_card(dataset, h) for h in choose_highlights(facts)],
        "layers": {layer: title for layer, title in LAYER_NAMES.items() if layer in shown},
        "views": {view: title for view, title in VIEW_NAMES.items() if view in shown},
        "marks": MARKS,
        "explorer": explorer_json(facts, _extreme_pictures(dataset, facts)),
        "sections": sections,
        "odd": odd,
        "odd_charts": [
            Chart(name, bars(counts)) for name, counts in (odd[0].conditions if odd else {}).items()
        ],
        "object_charts": _object_charts(facts),
        "shown": sum(len(section.cards) for section in sections),
    }


def _extreme_pictures(dataset: Dataset, facts: Facts) -> dict[str, str]:
    """Return pictures of the frames that any order of the page's list begins with."""
    pictures = {}
    for fact in extremes(facts, EXTREME_LIMIT):
        frames = dataset.scene(fact.scene).frames(fact.sensor)
        frame = next(f for f in frames if f.index == fact.index)
        pictures[_key(frame)] = thumbnail(frame)
    return pictures


def _section(
    dataset: Dataset, facts: Facts, name: str, coverage: CoverageFact | None
) -> ScenarioSection:
    scenes = tuple(s for s in facts.scenes if s.scenario == name)
    entry = next((e for e in dataset.info.scenarios if e.name == name), None)
    ids = {s.id for s in scenes}
    frames = [f for f in facts.frames if f.scene in ids]
    weights = [s.log_weight for s in scenes]
    scenario_count = len({s.scenario for s in facts.scenes})
    share = max(1, SCENE_LIMIT // scenario_count)
    picked = np.unique(np.linspace(0, len(scenes) - 1, share).round().astype(int)).tolist()
    cards = [_scene_card(dataset, facts, scenes[i]) for i in picked]
    constants = _constants(scenes)
    charts = _parameter_charts(scenes, constants, coverage.units if coverage else {})
    return ScenarioSection(
        name=name,
        description=entry.description if entry else "",
        digest=entry.digest if entry else "",
        scenes=scenes,
        frames=len(frames),
        objects=sum(len(f.objects) for f in frames),
        contacts=sum(s.encounter.contact_mps is not None for s in scenes),
        smallest_ttc_s=min(s.encounter.ttc_s for s in scenes),
        effective_scenes=effective_sample_size(weights),
        weighted=max(weights) - min(weights) > 1e-9,
        charts=[c for c in charts if "." not in c.title],
        more_charts=[c for c in charts if "." in c.title],
        constants=constants,
        cards=[card for card in cards if card is not None],
        coverage=coverage,
        search=entry.search if entry else None,
    )


def _scene_card(dataset: Dataset, facts: Facts, fact: SceneFact) -> SceneCard | None:
    key = key_frame(facts, fact)
    if key is None:
        return None
    scene = dataset.scene(fact.id)
    frame = next(f for f in scene.frames(key.sensor) if f.index == key.index)
    strip = [(_key(f), caption, uri) for f, caption, uri in film_strip(scene, key.sensor)]
    marks = marks_svg(frame.labels, scene.trajectory)
    layers = frame_layers(scene, frame)
    return SceneCard(fact, key.index, key.time_s, _key(frame), layers, marks, strip)


def _key(frame: FrameReader) -> str:
    return f"{frame.scene_path.name}/{frame.sensor}/{frame.index}"


def _highlight_card(dataset: Dataset, found: Highlight) -> HighlightCard:
    frames = dataset.scene(found.scene).frames(found.sensor)
    frame = next(f for f in frames if f.index == found.frame)
    return HighlightCard(found, _key(frame), highlight_picture(frame, found.instance_id))


def _constants(scenes: tuple[SceneFact, ...]) -> dict[str, str]:
    """Return the parameters that have one value in all scenes."""
    names = sorted({name for s in scenes for name in s.parameters})
    values = {name: {s.parameters.get(name) for s in scenes} for name in names}
    return {
        name: _value(only)
        for name, found in values.items()
        if len(found) == 1 and (only := next(iter(found))) is not None
    }


def _parameter_charts(
    scenes: tuple[SceneFact, ...],
    constants: dict[str, str],
    units: Mapping[str, tuple[float, str]],
) -> list[Chart]:
    """Return a chart for each parameter that varies; an outline is the nominal distribution.

    What is derived from others has no unit of its own, so it is in SI units.
    """
    log_weights = np.array([s.log_weight for s in scenes])
    weights = np.exp(log_weights - log_weights.max())
    weighted = bool(np.ptp(log_weights) > 1e-9)
    charts = []
    for name in sorted({name for s in scenes for name in s.parameters} - constants.keys()):
        pairs = zip(scenes, weights.tolist(), strict=True)
        rows = [(s.parameters[name], w) for s, w in pairs if name in s.parameters]
        values = [value for value, _ in rows]
        if all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in values):
            size, unit = units.get(name, (1.0, ""))
            numbers = [float(v) / size for v in values]
            svg = histogram(numbers, [w for _, w in rows] if weighted else None)
            charts.append(Chart(name, svg, unit))
        else:
            svg = bars(dict(sorted(Counter(_value(v) for v in values).items())))
            charts.append(Chart(name, svg))
    return charts


def _object_charts(facts: Facts) -> list[Chart]:
    objects = [label for frame in facts.frames for label in frame.objects]
    if not objects:
        return []
    classes = Counter(label.category for label in objects)
    heights = [label.height_px for label in objects]
    lumas = [frame.luma for frame in facts.frames if frame.luma is not None]
    return [
        Chart("Objects by class", bars(dict(classes.most_common()))),
        Chart("Box height", histogram(np.log2(heights).tolist()), "log2 of px"),
        Chart("Distance", histogram([label.distance_m for label in objects]), "m"),
        Chart("Occlusion", histogram([label.occlusion for label in objects]), "hidden share"),
        Chart("Truncation", histogram([label.truncation for label in objects]), "share outside"),
        Chart(
            "Brightness",
            histogram(lumas),
            "mean of a frame, 0 to 255",
        ),
    ]


def _value(value: float | str | bool) -> str:
    """Return a parameter as a person writes it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else number(float(value))
