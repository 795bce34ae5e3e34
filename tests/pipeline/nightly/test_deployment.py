"""What ``docs/nightly.md`` shows of containers, clusters and cron holds together."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from scenegen.pipeline.config_base import known_keys
from scenegen.pipeline.nightly.journal import FIELDS
from scenegen.pipeline.nightly.plan import parse_nightly
from scenegen.pipeline.nightly_config import NightlyConfig

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/nightly.md").read_text()
BLOCKS = re.findall(r"^```\w*\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def block(begin: str) -> str:
    (found,) = [text for text in BLOCKS if text.startswith(begin)]
    return found


def need_keys(command: str) -> None:
    """Hold the keys of a command against the verb's, and parse their values."""
    words = shlex.split(command.replace("\\\n", " "))
    words = words[words.index("nightly") + 1 :]
    given = dict(w.split("=", 1) for w in words if "=" in w and not w.startswith("hydra"))
    assert given.keys() <= known_keys(NightlyConfig).keys()
    NightlyConfig.parse({k: v for k, v in given.items() if k != "plan"})


def test_plan() -> None:
    assert parse_nightly(block("nightly: streets"), "nightly.md", Path()).name == "streets"


def test_commands() -> None:
    commands = [
        line
        for text in BLOCKS
        for line in text.replace("\\\n", " ").splitlines()
        if line.startswith("scenegen nightly")
    ]
    assert len(commands) >= 4
    for command in commands:
        need_keys(command)


def test_container() -> None:
    lines = block("FROM").splitlines()
    words = [line.split()[0] for line in lines]
    assert words == ["FROM", "ENV", "RUN", "COPY", "RUN", "ENTRYPOINT"]
    extras = re.search(r"/scenegen\[([\w,]+)\]", block("FROM"))
    assert extras is not None
    project = (ROOT / "pyproject.toml").read_text()
    assert all(f"\n{extra} = [" in project for extra in extras[1].split(","))
    assert (ROOT / "constraints.txt").is_file()


def test_ray_job() -> None:
    job = YAML(typ="safe", pure=True).load(block("apiVersion"))
    assert (job["apiVersion"], job["kind"]) == ("ray.io/v1", "RayJob")
    need_keys(job["spec"]["entrypoint"])
    cluster = job["spec"]["rayClusterSpec"]
    for group in (cluster["headGroupSpec"], *cluster["workerGroupSpecs"]):
        pod = group["template"]["spec"]
        volumes = {volume["name"] for volume in pod["volumes"]}
        for container in pod["containers"]:
            assert {mount["name"] for mount in container["volumeMounts"]} == volumes
    (workers,) = cluster["workerGroupSpecs"]
    cores = int(workers["template"]["spec"]["containers"][0]["resources"]["limits"]["cpu"])
    assert f"workers={cores * workers['replicas']}" in job["spec"]["entrypoint"]


def test_cron() -> None:
    line = block("30 1")
    fields = line.split(None, 5)
    assert [bool(re.fullmatch(r"\*|\d+", field)) for field in fields[:5]] == [True] * 5
    for field, (low, high) in zip(
        fields, ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7)), strict=False
    ):
        assert field == "*" or low <= int(field) <= high
    need_keys(fields[5])


@pytest.mark.parametrize("name", FIELDS)
def test_log_fields_are_told(name: str) -> None:
    assert f"`{name}`" in PAGE
