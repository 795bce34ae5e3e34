"""The tiny scenario with other sensors and weather than its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

TINY = Path(__file__).parents[1] / "data" / "tiny.yaml"
OWN = "sensors:\n  front: {width: 160, height: 96}\n"


@pytest.fixture(scope="module")
def tiny_with(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return a function that writes the scenario with these sections for its sensors."""

    def write(sections: str) -> Path:
        text = TINY.read_text()
        assert OWN in text
        path = tmp_path_factory.mktemp("tiny") / "tiny.yaml"
        path.write_text(text.replace(OWN, sections))
        return path

    return write
