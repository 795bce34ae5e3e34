"""The verb that looks at a scene."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import scenegen
from scenegen.cli import main
from scenegen.dataset import Dataset
from scenegen.errors import InputError, OutputError
from scenegen.pipeline.config import ViewConfig
from scenegen.pipeline.view import has_screen, view, viewer_command


def test_where_windows_open() -> None:
    assert not has_screen("linux", {})
    assert not has_screen("linux", {"DISPLAY": ""})
    assert has_screen("linux", {"DISPLAY": ":0"})
    assert has_screen("linux", {"WAYLAND_DISPLAY": "wayland-0"})
    assert has_screen("darwin", {})


def test_without_a_screen_it_says_what_else_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(InputError, match=r"no screen .* out=scene\.rrd .* web=true"):
        view(ViewConfig(dataset="/no/such"))


def test_without_the_extra_it_says_how_to_get_it(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['rerun'] = None\n"
        "import importlib.util as u; found = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name == 'rerun' else found(name, *a)\n"
        "from scenegen.cli import main; main(sys.argv[1:])"
    )
    words = ["view", "dataset=/no/such", f"out={tmp_path / 'a.rrd'}"]
    result = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, check=False
    )
    assert result.returncode == 2
    assert "pip install 'scenegen[view]'" in result.stderr


def test_a_recording_is_written(export_set: Dataset, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "scene.rrd"
    assert scenegen.view(dataset=str(export_set.path), out=str(out)) == out
    assert os.listdir(out.parent) == ["scene.rrd"]  # noqa: PTH208
    command = [sys.executable, "-m", "rerun", "rrd", "verify", str(out)]
    subprocess.run(command, check=True, capture_output=True)
    with pytest.raises(OutputError, match="there already"):
        scenegen.view(dataset=str(export_set.path), out=str(out))
    with pytest.raises(OutputError, match=r"end with \.rrd"):
        scenegen.view(dataset=str(export_set.path), out=str(tmp_path / "a.mp4"))
    with pytest.raises(InputError, match="no scene 'nothing'"):
        scenegen.view(dataset=str(export_set.path), scene="nothing", out=str(tmp_path / "b.rrd"))
    assert [path.name for path in tmp_path.iterdir()] == ["deep"]


def test_browsers_of_this_machine_only(tmp_path: Path) -> None:
    command = viewer_command(tmp_path / "a.rrd", web=True)
    assert command[-3:] == ["--web-viewer", "--bind", "127.0.0.1"]
    assert viewer_command(tmp_path / "a.rrd", web=False)[-1].endswith("a.rrd")


def test_sensors_are_named_on_the_command_line(
    export_set: Dataset, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["view", f"dataset={export_set.path}", f"out={tmp_path / 'a.rrd'}"]
    for sensors, code in (("front,roof", 0), ("front,rof", 2)):
        with pytest.raises(SystemExit) as end:
            main([*words, f"sensors={sensors}"])
        assert end.value.code == code
    assert "'rof' (did you mean 'roof'" in capsys.readouterr().err
