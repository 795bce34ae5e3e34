"""What a user can get wrong: one message, exit 2, and nothing lost."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from scenegen.cli import main

GOOD = (Path(__file__).parents[1] / "data" / "tiny.yaml").read_text()


def edited(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


BAD = {
    "unknown key": (edited("place: {lane: forward_0, s: 60 m}", "plase: {}"), "'place'"),
    "unknown top-level key": (edited("light:", "lihgt:"), "light"),
    "wrong type": (edited("width: 160", "width: [1, 2]"), "width"),
    "a word for a number": (edited("width: 160", "width: wide"), "'wide'"),
    "wrong unit": (edited("speed: 5 km/h", "speed: 5 m"), "km/h"),
    "no unit": (edited("speed: 5 km/h", "speed: 5"), "unit"),
    "reversed range": (edited("[6 m, 12 m]", "[12 m, 6 m]"), "reversed"),
    "empty range": (edited("[6 m, 12 m]", "[]"), "uniform"),
    "unknown distribution": (
        edited("{uniform: [6 m, 12 m]}", "{unifrom: [6 m, 12 m]}"),
        "uniform",
    ),
    "unknown asset": (edited("vehicle.sedan", "vehicle.sedna"), "vehicle.sedan"),
    "unknown parameter": (edited("62 m + gap", "62 m + gop"), "'gap'"),
    "unknown lane": (edited("lane: forward_0, s: 60 m", "lane: forwrd_0, s: 60 m"), "forward_0"),
    "unknown behaviour": (edited("do: cross,", "do: corss,"), "cross"),
    "mixed units": (edited("gap > ego_speed * 0.5 s", "gap > ego_speed"), "m"),
    "impossible": (edited("gap > ego_speed * 0.5 s", "gap > 30 m"), "gap > 30 m"),
    "rates that do not divide": (GOOD + "rates: {camera: 7}\n", "divide"),
    "no mapping": ("- a\n- b\n", "mapping"),
    "empty": ("", "mapping"),
    "a tab": ("scenario:\tx\n\tbad", ":"),
    "python object": (GOOD + "extra: !!python/object/apply:os.system [true]\n", "tag"),
    "twice the same key": (GOOD + "duration: 3 s\n", "duration"),
    "not a number": (edited("duration: 0.5 s", "duration: .nan"), "finite"),
    "no duration": (edited("duration: 0.5 s\n", ""), "duration"),
    "bomb": (
        "a: &a [x,x,x,x,x,x,x,x,x]\n"
        + "".join(
            f"{b}: &{b} [*{a},*{a},*{a},*{a},*{a},*{a},*{a},*{a},*{a}]\n"
            for a, b in zip("abcdefgh", "bcdefghi", strict=True)
        ),
        ":",
    ),
    "deep": ("a: " + "[" * 5000 + "]" * 5000, ":"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_wrong_scenario_is_answered_with_its_place(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, said = BAD[case]
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    out = tmp_path / "out"
    with pytest.raises(SystemExit) as end:
        main(["generate", f"scenario={path}", f"out={out}"])
    err = capsys.readouterr().err
    assert end.value.code == 2, err
    assert "Traceback" not in err
    assert str(path) in err
    assert said in err
    assert not out.exists(), "nothing is written before the input is known to be right"


def test_a_machine_without_opengl_is_told_the_packages(tmp_path: Path) -> None:
    code = textwrap.dedent(
        """
        from scenegen.cli import main
        main(["generate", "scenario=night_jaywalk", "num_scenes=1", "out=OUT"])
        """
    ).replace("OUT", str(tmp_path / "out"))
    environment = {**os.environ, "__EGL_VENDOR_LIBRARY_DIRS": str(tmp_path)}
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert result.returncode == 2, result.stderr
    assert "libegl1" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("scenarios") / "tiny.yaml"
    path.write_text(GOOD)
    return path


FOLDERS = {
    "in a file": ("{there}/file/out", "no folder"),
    "in a file system of the kernel's": ("/proc/scenegen", "can't be made here"),
    "too long a name": ("{there}/" + "x" * 300, "too long"),
    "a circle of links": ("{there}/circle/out", "circle"),
}
VERBS = {
    "generate": ["num_scenes=1"],
    "drive": ["agent=idm", "num_scenes=1"],
    "search": ["agent=idm", "budget=16"],
}


@pytest.mark.parametrize("place", FOLDERS)
@pytest.mark.parametrize("verb", [*VERBS, "nightly"])
def test_a_folder_that_cannot_be_made_is_told(
    verb: str, place: str, tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "circle").symlink_to("circle")
    out, said = FOLDERS[place]
    out = out.format(there=tmp_path)
    words = ["plan=small"] if verb == "nightly" else [f"scenario={tiny}", *VERBS[verb]]
    with pytest.raises(SystemExit) as end:
        main([verb, *words, f"out={out}"])
    err = capsys.readouterr().err
    assert end.value.code == 2, err
    assert "Traceback" not in err
    assert out in err
    assert said in err
    assert "out=" in err
