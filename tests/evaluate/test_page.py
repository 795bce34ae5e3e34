"""The page says every number, fetches nothing, trusts no text and reads side by side."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from scenegen.errors import DatasetError, StorageError
from scenegen.evaluate.classes import SCENEGEN, LabelSpace, SpaceClass, map_classes
from scenegen.evaluate.embedding import embed
from scenegen.evaluate.evaluation import DatasetSections, Evaluation, GateLine, SetFacts
from scenegen.evaluate.headline import panels
from scenegen.evaluate.page import write_evaluation_page
from scenegen.evaluate.page_cells import columns_of
from scenegen.evaluate.page_plots import shared_plots
from scenegen.evaluate.page_rows import best_of, footnotes, overview, rows_of
from scenegen.evaluate.results import (
    Curve,
    Flag,
    Grid,
    MetricResult,
    Picture,
    Plot,
    Section,
    Table,
)
from scenegen.evaluate.spaces import mapping_table
from scenegen.evaluate.summary import summary_text
from scenegen.evaluate.thumbnails import write_thumbnail

EVIL = "<script>alert('x')</script>\"&{{ 7 * 7 }}"


class Outline(HTMLParser):
    """Collects tags, attributes and text, and holds that every tag is closed."""

    VOID = frozenset({"meta", "img", "br"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self._open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def result(name: str, value: float | None, width: float = 0.01, **more) -> MetricResult:
    ends = {} if value is None else {"ci_low": value - width, "ci_high": value + width}
    return MetricResult(name=name, value=value, n=100, **(ends | more))


def fidelity(name: str, kid: float, *more: MetricResult) -> Section:
    return Section(
        name="fidelity",
        title="Fidelity",
        about="Distances of clouds.",
        results=(
            result("fidelity.kid", kid, better="lower", dataset=name, method="blocks"),
            result("fidelity.kid_floor", 0.002, 0.001, dataset="test", method="blocks"),
            result("fidelity.kid_floor_train", 0.03, 0.002, dataset="train", method="blocks"),
            result("fidelity.kid", kid / 2, better="lower", dataset=name, slice="class=car"),
            *more,
        ),
    )


def utility(name: str, miou: float, gain: float) -> Section:
    better, task = "higher", "utility.semantic"
    return Section(
        name=task,
        title="Utility",
        results=(
            result(f"{task}.miou", miou, better=better, dataset=name),
            *(
                result(f"{task}.miou", v, better=better, slice=f"arm={arm}", dataset=name)
                for arm, v in (
                    ("rebalanced", 0.21),
                    ("mixture,real=10", 0.31),
                    ("real,real=10", 0.26),
                    ("real-longer,real=10", 0.27),
                    ("mixture,real=50", 0.41),
                    ("mixture,real=367", 0.51),
                    ("real,real=367", 0.5),
                )
            ),
            result(f"{task}.gain", gain, better=better, dataset=name),
            result(
                f"{task}.gain", gain, 0.02, better=better, slice="arm=mixture,real=10", dataset=name
            ),
            result(f"{task}.gain", 9.0, better=better, slice="arm=fine-tune,real=10", dataset=name),
            result(f"{task}.gain", 8.0, better=better, slice="arm=mixture,real=50", dataset=name),
            result(f"{task}.versus", gain, 0.02, better=better, slice="against=old", dataset=name),
            result(f"{task}.iou", 0.99, better=better, slice="class=car", dataset=name),
        ),
    )


def evaluation(*datasets: DatasetSections, **more) -> Evaluation:
    facts = [
        SetFacts(name=n, role=r, adapter="a", pictures=36, groups=6, digest=r * 9, classes=4)
        for n, r in (*((d.name, "synthetic") for d in datasets), ("test", "test"))
    ]
    fields = {
        "scenegen_version": "0.1.0",
        "config": {"dataset": "base", "utility": {"real": [10, "all"], "rebalanced": True}},
        "sets": tuple(facts),
        "models": {"efficientnet_lite0": "abc123"},
        "shared": (),
        "datasets": datasets,
        "gate": (),
        "seconds": {"fidelity": 12.34},
    }
    return Evaluation(**(fields | more))


def two() -> Evaluation:
    return evaluation(
        DatasetSections(name="base", sections=(fidelity("base", 0.3), utility("base", 0.2, 0.05))),
        DatasetSections(name="wet", sections=(fidelity("wet", 0.4), utility("wet", 0.1, -0.05))),
    )


def page(record: Evaluation, folder: Path) -> str:
    return write_evaluation_page(record, folder, folder / "report.html").read_text(encoding="utf-8")


def test_every_number_of_the_record_is_there(tmp_path):
    text = Outline(page(two(), tmp_path)).text
    for number in ("0.300", "0.290 to 0.310", "0.400", "0.150", "0.0020", "0.0300", "0.200"):
        assert number in text
    for word in ("fidelity. kid", "class=car", "100 images", "testtest", "abc123", "12.3 s"):
        assert word in text
    assert "blocks" in text
    assert "Distances of clouds." in text


def test_the_headline_reads_the_intervals(tmp_path):
    text = Outline(page(two(), tmp_path)).text
    assert "base lies further from the test pictures than real training pictures, 10.0" in text
    assert (
        "With base added to 10 real pictures the models do better: 0.050 (0.030 to 0.070)." in text
    )
    assert "With base added to real pictures the models do better on average: 0.050" in text
    assert "Trained on base alone rather than on old alone the models do better: 0.050" in text
    assert (
        "With wet added to 10 real pictures the models do worse: −0.050 (−0.070 to −0.030)." in text
    )
    assert text.count("With base added") == 2
    unsure = evaluation(
        DatasetSections(name="b", sections=(fidelity("b", 0.029), utility("b", 0.2, 0.005)))
    )
    text = Outline(page(unsure, tmp_path)).text
    assert "Whether b lies further from the test pictures than real" in text
    assert "With b added to 10 real pictures the models show no sure" in text


def test_the_headline_holds_synthetic_real_and_both_at_the_fewest_and_most_real_pictures():
    panel = panels(two())[1]
    assert [(line.text, line.span.value) for line in panel.lines if line.span] == [
        ("base, alone", 0.2),
        ("wet, alone", 0.1),
        ("base, with 10 real", 0.31),
        ("wet, with 10 real", 0.31),
        ("10 real alone", 0.26),
        ("10 real, trained longer", 0.27),
        ("base, with 367 real", 0.51),
        ("wet, with 367 real", 0.51),
        ("367 real alone", 0.5),
    ]


def test_data_sets_stand_side_by_side_and_floors_within_their_rows(tmp_path):
    rows = overview(two())
    assert [row.name for row in rows] == [
        "fidelity.kid",
        "utility.semantic.miou",
        "utility.semantic.gain",
    ]
    kid = rows[0]
    assert list(kid.results) == ["base", "wet"]
    assert kid.best == "base"
    assert {words: r.value for words, r in kid.real.items()} == {
        "test": 0.002,
        "train": 0.03,
    }
    assert kid.axis.low <= 0.002
    assert "the same of real pictures" in Outline(page(two(), tmp_path)).text


def test_floors_are_rows_of_the_real_set_and_unlike_ones_are_both_kept():
    rows = {row.name: row for row in rows_of(two(), "fidelity") if row.slice == "all"}
    assert list(rows["fidelity.kid_floor"].results) == ["test"]
    assert rows["fidelity.kid_floor"].axis == rows["fidelity.kid"].axis
    other = fidelity("wet", 0.4).model_copy(
        update={"results": (result("fidelity.kid_floor", 0.005, dataset="test"),)}
    )
    unlike = evaluation(
        DatasetSections(name="base", sections=(fidelity("base", 0.3),)),
        DatasetSections(name="wet", sections=(other,)),
    )
    floor = next(row for row in rows_of(unlike) if row.name == "fidelity.kid_floor")
    assert list(floor.results) == ["test", "test, beside wet"]


def test_a_floor_that_stands_under_the_data_sets_own_name_is_of_real_pictures():
    results = tuple(result(f"p.copies{end}", 0.1, dataset="base") for end in ("", "_floor"))
    section = Section(name="p", title="P", results=results)
    (row,) = overview(evaluation(DatasetSections(name="base", sections=(section,))))
    assert (list(row.results), list(row.real)) == (["base"], ["real"])


def test_only_what_is_clear_of_all_others_is_best():
    def of(*values: float | None, better: str = "higher") -> dict[str, MetricResult]:
        return {str(i): result("a.b", v, better=better) for i, v in enumerate(values)}

    assert best_of(of(0.1, 0.5, 0.3)) == "1"
    assert best_of(of(0.1, 0.5, 0.3, better="lower")) == "0"
    assert best_of(of(0.1, 0.5, 0.49)) is None
    assert best_of(of(0.1, 0.5, better="neither")) is None
    assert best_of(of(0.1, None)) is None
    assert best_of(of(0.1)) is None


def test_what_is_not_defined_shows_as_a_dash_with_its_reason(tmp_path):
    missing = result("fidelity.precision", None, note="too few pictures")
    record = evaluation(DatasetSections(name="base", sections=(fidelity("base", 0.3, missing),)))
    text = Outline(page(record, tmp_path)).text
    assert "– too few pictures" in text


def test_equal_notes_are_said_once_below_the_figures(tmp_path):
    more = [
        result(f"fidelity.{c}", 0.1, note=n)
        for c, n in (("r", "twice"), ("g", "twice"), ("b", "n"))
    ]
    record = evaluation(DatasetSections(name="base", sections=(fidelity("base", 0.3, *more),)))
    assert footnotes(rows_of(record)) == {"twice": 1, "n": 2}
    html = page(record, tmp_path)
    assert html.count("twice") == 1
    assert html.count("<sup>1</sup>") == 3


def test_nothing_is_fetched_from_elsewhere(tmp_path):
    path = write_thumbnail(tmp_path, "one", np.zeros((9, 16, 3), np.uint8))
    grid = Grid(title="Worst", columns=2, pictures=(Picture(path=path, caption="the worst"),))
    section = Section(name="looks", title="Looks", grids=(grid,))
    html = page(evaluation(DatasetSections(name="base", sections=(section,))), tmp_path)
    links = [
        value
        for _, attributes in Outline(html).tags
        for key, value in attributes.items()
        if key in {"src", "href", "srcset", "data", "action"}
    ]
    assert any(link.startswith("data:image/jpeg;base64,") for link in links)
    assert all(link.startswith(("data:image/", "#")) for link in links)
    assert not re.search(r"@import|url\(|https?://|<script", html)
    assert "the worst" in html


def test_links_within_the_page_lead_somewhere(tmp_path):
    flag = Flag(severity="error", kind="copy", message="A copy.")
    section = fidelity("base", 0.3).model_copy(update={"flags": (flag,)})
    line = GateLine(rule="kid<=1", metric="fidelity.kid", dataset="base", value=0.3, passed=True)
    record = evaluation(DatasetSections(name="base", sections=(section,)), gate=(line,))
    tags = Outline(page(record, tmp_path)).tags
    ids = [a["id"] for _, a in tags if "id" in a]
    assert len(set(ids)) == len(ids)
    targets = {a["href"].removeprefix("#") for _, a in tags if "href" in a}
    assert targets <= set(ids)
    assert {"flags", "gate", "part-fidelity"} <= targets


def hostile(folder: Path) -> Evaluation:
    curve = Curve(label=EVIL, x=(1.0,), y=(1.0,), low=(1.0,), high=(1.0,))
    path = write_thumbnail(folder, EVIL, np.zeros((9, 16, 3), np.uint8))
    texts = {"method": EVIL, "model": EVIL, "reference": EVIL, "unit": EVIL, "note": EVIL}
    section = Section(
        name=EVIL,
        title=EVIL,
        about=EVIL,
        results=(result(EVIL, 1.0, slice=EVIL, **texts), result(EVIL, None, **texts)),
        flags=tuple(Flag(severity=s, kind=EVIL, message=EVIL) for s in ("error", "note")),
        tables=(Table(title=EVIL, columns=(EVIL,), rows=((EVIL,),), note=EVIL),),
        plots=(Plot(title=EVIL, x_label=EVIL, y_label=EVIL, curves=(curve,), note=EVIL),),
        grids=(
            Grid(title=EVIL, columns=1, pictures=(Picture(path=path, caption=EVIL),), note=EVIL),
        ),
    )
    facts = SetFacts(
        name=EVIL,
        role="test",
        adapter=EVIL,
        pictures=1,
        groups=1,
        digest=EVIL,
        classes=1,
        note=EVIL,
    )
    return Evaluation(
        scenegen_version=EVIL,
        config={EVIL: EVIL, "gate": [EVIL]},
        sets=(facts,),
        models={EVIL: EVIL},
        shared=(section,),
        datasets=(DatasetSections(name=EVIL, sections=(section,)),),
        gate=(GateLine(rule=EVIL, metric=EVIL, dataset=EVIL, value=None, passed=False),),
        seconds={EVIL: 1.0},
    )


def test_what_others_wrote_is_escaped(tmp_path):
    html = page(hostile(tmp_path), tmp_path)
    outline = Outline(html)
    assert "<script>alert" not in html
    assert "script" not in {tag for tag, _ in outline.tags}
    assert "49" not in outline.text
    assert outline.words.count(EVIL) > 10
    assert EVIL in summary_text(hostile(tmp_path), width=400)


def test_holes_of_the_class_mapping_stand_out(tmp_path):
    space = LabelSpace(
        "tiny",
        (SpaceClass("road", frozenset({"road"})), SpaceClass("car", frozenset({"car"}))),
    )
    table = mapping_table(map_classes(SCENEGEN, space))
    section = Section(name="classes", title="Classes", tables=(table,))
    html = page(evaluation(shared=(section,)), tmp_path)
    assert '<span class="chip">not judged</span>' in html
    wide = LabelSpace("wide", (SpaceClass("one", frozenset({"road"})),))
    holed = mapping_table(map_classes(SCENEGEN, wide))
    rows = tuple((*row[:3], "holds several judged classes") for row in holed.rows[:1])
    section = section.model_copy(update={"tables": (holed.model_copy(update={"rows": rows}),)})
    html = page(evaluation(shared=(section,)), tmp_path)
    assert '<span class="chip hot">holds several judged classes</span>' in html


def test_an_evaluation_without_anything_is_still_a_page(tmp_path):
    text = Outline(page(evaluation(), tmp_path)).text
    assert "no rules" in text
    assert "How it was made" in text
    assert panels(evaluation()) == ()


def test_without_utility_only_fidelity_stands_first(tmp_path):
    record = evaluation(DatasetSections(name="base", sections=(fidelity("base", 0.3),)))
    assert [panel.figure for panel in panels(record)] == ["fidelity.kid"]
    text = Outline(page(record, tmp_path)).text
    assert "Good for a segmenter?" not in text
    assert "Side by side" not in text


def test_the_gate_says_which_rule_fails(tmp_path):
    lines = tuple(
        GateLine(rule=f"kid<={b}", metric="fidelity.kid", dataset="base", value=0.3, passed=b > 0.3)
        for b in (0.5, 0.05)
    )
    record = two().model_copy(update={"gate": lines})
    text = Outline(page(record, tmp_path)).text
    assert "✗ failed 1 of 2 hold" in text
    said = summary_text(record)
    assert "gate holds: kid<=0.5 on base (0.3)" in said
    assert "gate FAILS: kid<=0.05 on base (0.3)" in said


def test_the_command_has_every_setting(tmp_path):
    text = Outline(page(two(), tmp_path)).text
    assert "scenegen evaluate dataset=base 'utility.real=[10,all]' utility.rebalanced=true" in text


def test_equal_records_give_equal_pages(tmp_path):
    assert page(two(), tmp_path) == page(two(), tmp_path)


def test_plots_of_several_sets_share_axes_while_they_can_be_read():
    def plot(*labels: str, y: float = 1.0) -> Plot:
        curves = (Curve(label=s, x=(1.0,), y=(y,), low=(0.0,), high=(2.0,)) for s in labels)
        return Plot(title="t", x_label="x", y_label="y", curves=tuple(curves))

    joined = shared_plots([("a", [plot("a", "test")]), ("b", [plot("b", "test")])])
    assert [(name, [c.label for c in p.curves]) for name, p in joined] == [
        ("", ["a", "test", "b"]),
    ]
    unlike = shared_plots([("a", [plot("mixture")]), ("b", [plot("mixture", y=2.0)])])
    assert [name for name, _ in unlike] == ["a", "b"]
    tangle = shared_plots([("a", [plot(*"abcd")]), ("b", [plot(*"efgh")])])
    assert [name for name, _ in tangle] == ["a", "b"]


def test_shares_of_a_column_line_up_and_other_numbers_keep_their_digits():
    rows = (("a", 0.5134, 91.25, 3), ("b", 2e-5, 0.2, None), ("c", -0.25, 1e-3, 1234))
    columns = columns_of(Table(title="t", columns=tuple("wxyz"), rows=rows))
    assert [column.words for column in columns] == [True, False, False, False]
    written = [[c.text(v) for c, v in zip(columns, row, strict=True)] for row in rows]
    assert written == [
        ["a", "0.513", "91.2", "3"],
        ["b", "0.000", "0.2", "–"],
        ["c", "−0.250", "0.001", "1,234"],
    ]


def test_many_pictures_are_made_smaller_until_they_fit(tmp_path):
    noise = np.random.default_rng(0).integers(0, 255, (120, 400, 3), dtype=np.uint8)
    paths = [write_thumbnail(tmp_path, str(i), noise, 400) for i in range(4)]
    whole = sum(map(len, embed(tmp_path, paths).values()))
    small = embed(tmp_path, paths, budget=whole // 3)
    assert sum(map(len, small.values())) <= whole // 3
    assert list(small) == paths


def test_pictures_that_are_none_or_lie_elsewhere_are_named(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.jpg").write_bytes(b"\xff\xd8\xff")
    (tmp_path / "in" / "text.jpg").write_text("no picture")
    with pytest.raises(DatasetError, match="lies outside"):
        embed(tmp_path / "in", ["../secret.jpg"])
    with pytest.raises(DatasetError, match=r"text\.jpg: is no JPEG"):
        embed(tmp_path / "in", ["text.jpg"])
    with pytest.raises(DatasetError, match="can't be read"):
        embed(tmp_path / "in", ["missing.jpg"])


def test_an_unwritable_place_is_named(tmp_path):
    (tmp_path / "taken").mkdir()
    with pytest.raises(StorageError, match="cannot write the report"):
        write_evaluation_page(two(), tmp_path, tmp_path / "taken")


def test_the_summary_says_the_headline_and_grave_flags():
    flags = tuple(
        Flag(severity=s, kind="k", message=f"a {s}") for s in ("note", "warning", "error")
    )
    section = fidelity("base", 0.3).model_copy(update={"flags": flags})
    said = summary_text(evaluation(DatasetSections(name="base", sections=(section,))))
    assert re.search(r"base +0\.300 +0\.290 to 0\.310 +100 images", said)
    named = fidelity("base", 0.3).model_copy(
        update={"flags": (Flag(severity="error", kind="k", message="base is a copy"),)}
    )
    once = summary_text(evaluation(DatasetSections(name="base", sections=(named,))))
    assert "error: base is a copy" in once
    assert said.index("error: base: a error") < said.index("warning: base: a warning")
    assert "1 note in the report" in said
    assert all(line == line.rstrip() and len(line) <= 100 for line in said.splitlines())
