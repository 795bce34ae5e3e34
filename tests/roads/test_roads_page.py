"""The example of docs/roads.md runs and prints what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "roads.md"


def test_the_example_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), flags=re.S)
    exec(compile(code, str(PAGE), "exec"), {})
    printed = capsys.readouterr().out
    (told,) = re.findall(r"# (\('forward_0'.*\))", code)
    assert told in printed
    assert "side_to_main_forward_0" in printed
