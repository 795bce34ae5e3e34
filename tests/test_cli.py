"""The command line: exit codes, one message each, and how fast help comes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from scenegen.cli import VERBS, main
from scenegen.pipeline.config import CONFIGS
from scenegen.pipeline.config_base import known_keys
from scenegen.resources import resource_folder


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        main(list(words))
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err
    code = end.value.code
    assert isinstance(code, int)
    return code, captured.out, captured.err


def test_every_verb_has_a_config_and_a_page_of_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert set(VERBS) == set(CONFIGS)
    for verb in VERBS:
        code, out, _ = run(capsys, verb, "--help")
        assert code == 0
        for key, description in known_keys(CONFIGS[verb]).items():
            assert f"{key}=" in out
            assert description
            assert description in out
        assert f"example: scenegen {verb}" in out


def test_help_without_anything_is_the_overview(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys)
    assert code == 2
    assert all(f"  {verb}  " in out for verb in VERBS)
    assert run(capsys, "--help")[0] == 0


def test_lanes_of_a_road_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "list", "what=lanes", "scenario=late_merge")
    assert code == 0
    assert "entry_ramp_forward_0" in out
    assert "against s" not in out  # a carriageway of one direction


def test_assets_are_listed_with_their_sizes(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "list", "what=assets", "name=flatbed")
    assert code == 0
    assert "vehicle.flatbed_truck" in out
    assert "8.06 x 2.89 x 2.83" in out
    assert "vehicle.van" not in out


def test_mixins_are_listed_with_what_they_draw(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "list", "what=mixins", "name=rain_heavy")
    told = " ".join(out.split())
    assert code == 0
    assert "rain_heavy_rate: {log_uniform: [7.6 mm/h, 45 mm/h]}" in told
    assert "weather.lens_drops: {uniform: [0.1, 0.5]}" in told
    assert "fog_dense" not in told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["genrate"], "did you mean 'generate'"),
        (["generate", "scenari=a", "out=b"], "did you mean 'scenario'"),
        (["generate", "out=b"], "needs scenario"),
        (["generate", "scenario=night_jaywalk"], "needs out"),
        (["generate", "scenario=night_jaywlk", "out=b"], "did you mean 'night_jaywalk'"),
        (["generate", "scenario=night_jaywalk", "out=b", "num_scenes=many"], "num_scenes"),
        (["generate", "scenario=night_jaywalk", "out=b", "num_scenes=0"], "num_scenes"),
        (["generate", "scenario=night_jaywalk", "out=b", "seed=-1"], "seed"),
        (["generate", "scenario=night_jaywalk", "out=b", "sensors=frnt"], "did you mean 'front'"),
        (["generate", "scenario=night_jaywalk", "out=b", "renderer=vulkan"], "opengl"),
        (["generate", "scenario=/no/such.yaml", "out=b"], "/no/such.yaml"),
        (["verify", "dataset=/no/such"], "no such folder"),
        (["digest"], "needs dataset"),
        (["list", "what=lanes"], "needs scenario="),
        (["list", "what=assets", "name=vann"], "no name holds 'vann'"),
        (["preview", "scenario=night_jaywalk", "camera=left"], "no camera 'left' (known: front"),
        (["report", "dataset=/tmp"], "dataset.json is missing"),
    ],
)
def test_wrong_input_ends_with_2_and_says_what_is_right(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, *words)
    assert code == 2
    assert err.startswith("scenegen: ")
    assert said in err


def test_tracebacks_are_for_those_who_ask() -> None:
    command = [sys.executable, "-m", "scenegen", "verify", "dataset=/no/such"]
    plain = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Traceback" not in plain.stderr
    asked = subprocess.run(
        command, capture_output=True, text=True, check=False, env={"SCENEGEN_DEBUG": "1"}
    )
    assert "Traceback" in asked.stderr


def test_the_overview_imports_next_to_nothing() -> None:
    code = (
        "import sys, contextlib\nfrom scenegen.cli import main\n"
        "with contextlib.suppress(SystemExit): main(['--help'])\n"
        "print(*sorted(sys.modules))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    loaded = set(result.stdout.splitlines()[-1].split())
    assert not loaded & {"numpy", "pydantic", "hydra", "torch", "pybullet", "rich"}


@pytest.mark.parametrize("verb", sorted(CONFIGS))
def test_every_key_of_a_verb_can_be_given_with_its_default(verb: str) -> None:
    """What ``--help`` lists, Hydra's own file of the verb holds, with the same default."""
    page = yaml.safe_load((resource_folder("conf") / f"{verb}.yaml").read_text())
    given = {key: value for key, value in page.items() if key not in ("defaults", "hydra")}
    config = CONFIGS[verb]
    keys = {key.partition(".")[0] for key in known_keys(config)}
    # Where scenes are made, sensors are a group of files to choose from.
    assert given.keys() - {"sensors"} == keys - {"sensors"}
    for key, value in given.items():
        field: Any = config.model_fields[key]
        if field.is_required():
            assert value == "???", key
            continue
        default = field.get_default(call_default_factory=True)
        if not hasattr(default, "model_dump"):
            assert value == (str(default) if isinstance(default, Path) else default), key
