"""docs/exports.md is whole: a section with a closed example for each layout, in order."""

from __future__ import annotations

import ast
import re

import pytest

from scenegen.exports import FORMATS
from tests.exports.documented import PAGE, example

HEADINGS = re.findall(r"^## (.*)$", PAGE.read_text(), flags=re.M)


def sections() -> dict[str, str]:
    """Return the text below each heading."""
    _, *parts = re.split(r"^## ", PAGE.read_text(), flags=re.M)
    return {part.split("\n", 1)[0]: part.split("\n", 1)[1] for part in parts}


def test_every_layout_has_its_section_in_order() -> None:
    assert sorted(heading.lower() for heading in HEADINGS) == sorted(FORMATS)
    assert sorted(HEADINGS, key=str.lower) == HEADINGS


@pytest.mark.parametrize("heading", HEADINGS)
def test_fences_close_within_their_section(heading: str) -> None:
    fences = re.findall(r"^```(.*)$", sections()[heading], flags=re.M)
    assert len(fences) % 2 == 0
    assert not any(fences[1::2]), "a block is opened within another"


@pytest.mark.parametrize("heading", HEADINGS)
def test_every_example_parses_and_loads_an_export(heading: str) -> None:
    code = example(heading)
    assert any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.parse(code).body)
    assert "outputs/" in code
    assert 3 <= len([line for line in code.splitlines() if line.strip()]) <= 20


@pytest.mark.parametrize("name", FORMATS)
def test_every_layout_says_how_it_is_written(name: str) -> None:
    (text,) = (body for heading, body in sections().items() if heading.lower() == name)
    assert f"format={name}" in text
