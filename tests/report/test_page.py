"""The page is self-contained, says what the data set is, and trusts nothing it prints."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from scenegen.dataset import ScenarioEntry, digest, open_dataset, open_output
from scenegen.dataset.digest import recorded_digest
from scenegen.errors import DatasetError, StorageError
from scenegen.report import write_report
from scenegen.report.marks import MARKS

EVIL = "<script>alert('x')</script>"


class Outline(HTMLParser):
    """Collects tags, attributes and text, and holds that every tag is closed."""

    VOID = frozenset({"meta", "img", "br", "link", "rect", "polyline", "input"})

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


@pytest.fixture
def page(tmp_path, makers):
    dataset = makers.write_dataset(tmp_path / "set", (0, 1))
    return dataset, write_report(dataset, tmp_path / "r" / "report.html").read_text()


def test_it_says_what_the_data_set_is(page):
    dataset, html = page
    text = " ".join(Outline(html).words)
    assert recorded_digest(dataset) == digest(dataset)
    for words in (digest(dataset), "What to look at first", "ball-000001", "A ball.", "Apache-2.0"):
        assert words in text
    assert "The run did not finish" not in text


def test_nothing_is_fetched_from_elsewhere(page):
    _, html = page
    outline = Outline(html)
    links = [
        value
        for _, attributes in outline.tags
        for key, value in attributes.items()
        if key in {"src", "href", "srcset"}
    ]
    assert links
    assert all(value.startswith(("data:image/jpeg;base64,", "#")) for value in links)
    assert not re.search(r"@import|url\(|https?://", html)


def test_every_scene_shows_every_layer(page):
    _, html = page
    classes = [attributes.get("class") for tag, attributes in Outline(html).tags if tag == "img"]
    for layer in ("rgb", "semantic", "instance", "depth", "normal", "flow"):
        assert classes.count(f"layer {layer}") == 2
    assert classes.count("view plan") == 2


def test_every_kind_of_label_is_drawn_over_it(page):
    _, html = page
    groups = [a.get("class") for tag, a in Outline(html).tags if tag == "g"]
    for mark in MARKS:
        assert groups.count(f"m {mark}") == 2


def test_equal_data_sets_give_equal_pages(tmp_path, makers):
    pages = []
    for folder in ("a", "b"):
        dataset = makers.write_dataset(tmp_path / folder / "set", (0, 1))
        pages.append(write_report(dataset, tmp_path / f"{folder}.html").read_bytes())
    assert pages[0] == pages[1]


def test_what_the_user_wrote_is_escaped(tmp_path, makers):
    out = tmp_path / "set"
    info = makers.make_info(
        scenarios=(ScenarioEntry(name="ball", digest=makers.DIGEST, description=EVIL),),
        config={EVIL: EVIL},
    )
    with open_output(out, info) as output:
        for index, side in enumerate((EVIL, EVIL + "2")):
            parameters = {EVIL: 1.0 + index, "side": side, "fixed": EVIL}
            makers.write_scene(out, makers.make_concrete(index, **parameters))
        output.finish()
    html = write_report(open_dataset(out), tmp_path / "report.html").read_text()
    outline = Outline(html)
    assert [tag for tag, _ in outline.tags].count("script") == 2
    assert "<script>alert" not in html
    assert EVIL in outline.words


def test_weights_show_as_an_outline_and_an_effective_size(page):
    _, html = page
    assert 'class="nominal"' in html
    assert "bars: sampled, line: nominal" in html


def test_an_empty_data_set_and_an_unwritable_place_are_named(tmp_path, makers):
    out = tmp_path / "set"
    with open_output(out, makers.make_info()) as output:
        output.finish()
    with pytest.raises(DatasetError, match="no whole scene"):
        write_report(open_dataset(out), tmp_path / "report.html")
    dataset = makers.write_dataset(tmp_path / "other", (0,))
    (tmp_path / "taken").mkdir()
    with pytest.raises(StorageError, match="cannot write the report"):
        write_report(dataset, tmp_path / "taken")
