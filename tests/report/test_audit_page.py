"""What docs/audit.md shows is right, and the page of an audit works in a real browser."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from scenegen.dataset import open_dataset
from scenegen.report import write_audit_page, write_report
from scenegen.report.audit import audit_of, load_target, parse_target, sightings_of
from scenegen.report.audit.factors import factors
from scenegen.report.audit.view import balance_view
from scenegen.report.facts import gather

PAGE = (Path(__file__).parents[2] / "docs/audit.md").read_text()


def _loaded(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


made = _loaded("audit_sets")


@pytest.fixture(scope="module")
def audit():
    tones = ("light", "dark", "tan")
    scenes = [
        (
            made.scene(k, "night" if k % 3 else "day"),
            [[made.person(2, tones[k % 3]), made.car()]] * 2,
        )
        for k in range(12)
    ]
    spec = load_target()
    return audit_of(sightings_of([made.facts(scenes)], spec.factors), ["<b>&set"], spec)


def test_the_targets_of_the_page_are_targets():
    blocks = re.findall(r"```yaml\n(audit:.*?)```", PAGE, re.DOTALL)
    assert blocks
    for block in blocks:
        assert parse_target(block, "audit.md").targets


def test_the_page_names_every_factor():
    table = PAGE.partition("## Factors and cells")[2].partition("## ")[0]
    rows = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
    assert rows == list(factors())


def test_names_are_escaped_and_each_target_and_factor_has_its_chart(audit, tmp_path):
    html = write_audit_page(audit, tmp_path / "audit.html").read_text()
    assert "&lt;b&gt;&amp;set" in html
    assert "<b>&set" not in html
    view = balance_view(audit)
    assert len(view.gaps) == len(audit.gaps)
    heat = next(card for card in view.gaps if card.gap.of == ("skin_tone", "light"))
    cells = {
        (a, b): cell for a, row in heat.rows for b, cell in zip(heat.columns, row, strict=True)
    }
    assert cells["light", "day"].text == "4"
    assert cells["light", "day"].shade > 0
    assert cells["intermediate", "night"].empty


def test_a_set_that_shows_nothing_has_a_page(tmp_path):
    spec = load_target()
    nothing = sightings_of([made.facts([(made.scene(0), [[]])])], spec.factors)
    html = write_audit_page(audit_of(nothing, ["x"], spec), tmp_path / "audit.html").read_text()
    assert "0 tracks in 1 scenes" in html


def test_the_section_works_in_a_browser(audit, tmp_path):
    page = write_audit_page(audit, tmp_path / "audit.html")
    with _loaded("browser").Browser() as browser:
        browser.open(page)
        table = "document.getElementById('pair-table')"
        assert browser.evaluate(f"{table}.rows.length") > 2
        choose = (
            "(() => { const set = (id, value) => { const field = document.getElementById(id);"
            "field.value = value; field.dispatchEvent(new Event('change')); };"
            "set('pair-a', 'skin_tone'); set('pair-b', 'light'); set('pair-unit', 'objects');"
            f"return [...{table}.rows].map((row) => [...row.cells].map((c) => c.textContent));"
            "})()"
        )
        rows = browser.evaluate(choose)
        assert rows[0] == ["", "day", "low sun", "twilight", "night"]
        assert rows[2] == ["light", "8", "0", "0", "0"]
        assert browser.problems == []
        assert set(browser.requests) == {page.resolve().as_uri()}


def test_the_report_shows_the_balance_of_its_set(makers, tmp_path):
    dataset = makers.write_dataset(tmp_path / "set", (0, 1))
    facts, spec = gather(dataset), load_target()
    found = audit_of(sightings_of([facts], spec.factors), ["set"], spec)
    with_it = write_report(dataset, tmp_path / "a.html", facts=facts, audit=found).read_text()
    assert 'id="balance"' in with_it
    plain = write_report(open_dataset(dataset.path), tmp_path / "b.html").read_text()
    assert 'id="balance"' not in plain
