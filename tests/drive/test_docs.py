"""The examples of docs/driving.md run, and its tables name what there is."""

from __future__ import annotations

import re
from pathlib import Path

import scenegen
from scenegen.drive import CRITERIA
from scenegen.drive.agents import AGENTS
from scenegen.drive.env import ACTIONS, OBSERVATIONS
from scenegen.drive.observations import PIXELS, PLANES, STATE_SIZE

TEXT = (Path(__file__).parents[2] / "docs" / "driving.md").read_text()


def examples() -> list[str]:
    return re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)


def test_the_agent_drives(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text(examples()[0])
    result = scenegen.drive(
        scenario="wet_cut_in", agent=f"python:{path}:agent", out=str(tmp_path / "out")
    )
    assert [record.termination for record in result.episodes] == ["completed"]
    assert result.failed == ()


def test_the_environment_and_the_explicit_form_run() -> None:
    for code in examples()[1:]:
        names: dict[str, object] = {}
        exec(code, names)
    assert len(names["trajectory"].step) > 100  # type: ignore[attr-defined]


def test_tables_name_what_there_is() -> None:
    for name in (*CRITERIA, *AGENTS):
        assert f"| `{name}` |" in TEXT, name
    for name in (*OBSERVATIONS, *ACTIONS):
        assert f"`{name}`" in TEXT, name
    assert f"{STATE_SIZE}\nnumbers" in TEXT
    assert f"{PIXELS} x {PIXELS} pixels" in TEXT
    assert len(PLANES) == 7
