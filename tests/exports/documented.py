"""The examples of docs/exports.md, to be run as they stand."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "exports.md"


def example(heading: str, language: str = "python") -> str:
    """Return the first block of a language in a section of the page."""
    section = re.split(rf"^## {re.escape(heading)}$", PAGE.read_text(), flags=re.M)[1]
    found = re.search(rf"```{language}\n(.*?)```", section.split("\n## ")[0], re.S)
    assert found is not None, f"no {language} under {heading}"
    return found.group(1)
