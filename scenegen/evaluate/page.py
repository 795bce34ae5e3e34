"""One self-contained HTML page on an evaluation: no network, no scripts."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2

from scenegen.evaluate.embedding import embed
from scenegen.evaluate.evaluation import Evaluation
from scenegen.evaluate.headline import flag_counts, panels, placed_flags
from scenegen.evaluate.page_cells import columns_of, shown
from scenegen.evaluate.page_plots import shared_plots
from scenegen.evaluate.page_rows import Row, footnotes, overview, rows_about_all, rows_of, span_of
from scenegen.evaluate.plots import color, legend, line_plot
from scenegen.evaluate.results import Plot, Section
from scenegen.evaluate.strips import scale, strip
from scenegen.report.page import write_page

ROLES = {
    "synthetic": "judged",
    "test": "reported on",
    "train": "trained on",
    "val": "chosen by",
}
HOLES = {"holds several judged classes": " hot", "not judged": ""}
"""What a mapping's table says where a class is lost, and how much it stands out."""


@dataclass(frozen=True)
class Part:
    """What one step says about one data set, or about all of them (no name)."""

    dataset: str
    section: Section


@dataclass(frozen=True)
class Chapter:
    """A section of the page: one step of the evaluation, all data sets together.

    Attributes
    ----------
    rows, sliced : tuple of Row
        Figures over everything, and over slices.
    plots : tuple of (str, Plot)
        With the data set each is about; no name for those that show all.
    """

    name: str
    title: str
    about: str
    rows: tuple[Row, ...]
    sliced: tuple[Row, ...]
    parts: tuple[Part, ...]
    plots: tuple[tuple[str, Plot], ...]


def write_evaluation_page(evaluation: Evaluation, folder: Path, out_html: Path) -> Path:
    """Write the page and return its path.

    Parameters
    ----------
    folder : Path
        The evaluation's own, to which the paths of its pictures are relative.

    Raises
    ------
    DatasetError
        A picture is missing or damaged.
    StorageError
        The page can't be written there.
    """
    return write_page(out_html, _template().render(**_content(evaluation, folder)))


def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.ChoiceLoader(
            [
                jinja2.PackageLoader("scenegen.evaluate"),
                jinja2.PrefixLoader({"report": jinja2.PackageLoader("scenegen.report")}),
            ]
        ),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["number"] = shown
    environment.globals |= {
        "legend": legend,
        "line_plot": line_plot,
        "scale": scale,
        "span_of": span_of,
        "columns_of": columns_of,
        "strip": strip,
        "color": color,
        "footnotes": footnotes,
        "holes": HOLES,
        "roles": ROLES,
    }
    return environment.get_template("evaluation.html")


def _content(evaluation: Evaluation, folder: Path) -> dict[str, Any]:
    names = [dataset.name for dataset in evaluation.datasets]
    grids = [grid for _, section in _sections(evaluation) for grid in section.grids]
    return {
        "it": evaluation,
        "names": names,
        "test": [facts.name for facts in evaluation.sets if facts.role == "test"],
        "colors": _colors(evaluation),
        "panels": panels(evaluation),
        "flags": placed_flags(evaluation),
        "counts": flag_counts(evaluation),
        "overview": overview(evaluation),
        "chapters": _chapters(evaluation),
        "pictures": embed(folder, (p.path for grid in grids for p in grid.pictures)),
        "methods": _methods(evaluation),
        "command": _command(evaluation.config),
        "settings": {key: _written(value) for key, value in _flat(evaluation.config)},
    }


def _colors(evaluation: Evaluation) -> dict[str, int]:
    """Return the colour of each data set; real sets have none, which are numbers below zero."""
    real = [facts.name for facts in evaluation.sets if facts.role != "synthetic"]
    numbered = {name: -1 - i for i, name in enumerate(dict.fromkeys(real))}
    return numbered | {dataset.name: i for i, dataset in enumerate(evaluation.datasets)}


def _sections(evaluation: Evaluation) -> Iterator[tuple[str, Section]]:
    """Yield every section with its data set's name; those about all come last."""
    for dataset in evaluation.datasets:
        for section in dataset.sections:
            yield dataset.name, section
    for section in evaluation.shared:
        yield "", section


def _chapters(evaluation: Evaluation) -> list[Chapter]:
    found: dict[str, list[Part]] = {}
    for dataset, section in _sections(evaluation):
        found.setdefault(section.name, []).append(Part(dataset, section))
    return [_chapter(name, tuple(parts), evaluation) for name, parts in found.items()]


def _chapter(name: str, parts: tuple[Part, ...], evaluation: Evaluation) -> Chapter:
    rows = [*rows_of(evaluation, name)]
    for part in parts:
        if not part.dataset:
            rows += rows_about_all(part.section.results)
    first = parts[0].section
    return Chapter(
        name,
        first.title,
        first.about,
        tuple(row for row in rows if row.slice == "all"),
        tuple(row for row in rows if row.slice != "all"),
        parts,
        shared_plots([(part.dataset, part.section.plots) for part in parts]),
    )


def _methods(evaluation: Evaluation) -> dict[str, list[str]]:
    """Return the figures that each way of making intervals was used for."""
    found: dict[str, list[str]] = {}
    for _, section in _sections(evaluation):
        for result in section.results:
            if result.method and result.name not in found.setdefault(result.method, []):
                found[result.method].append(result.name)
    return found


def _command(config: Mapping[str, Any]) -> str:
    """Return a command with every key, so that later defaults can't change what it does."""
    rules = [f"gate.{rule.removeprefix('gate.')}" for rule in config.get("gate", ())]
    settings = [
        f"{key}={_written(value)}"
        for key, value in _flat(config)
        if key != "gate" and value not in (None, "")
    ]
    return " ".join(["scenegen evaluate", *map(shlex.quote, settings + rules)])


def _written(value: Any) -> str:
    """Return a setting as the command line takes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return f"[{','.join(map(_written, value))}]"
    return str(value)


def _flat(config: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in config.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value
