"""A plan so small that its scenes take a moment."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scenegen.pipeline.nightly.result import NightlyResult
from scenegen.pipeline.nightly.run import nightly
from scenegen.pipeline.nightly_config import NightlyConfig
from tests.pipeline.nightly.receiver import Receiver

SCENARIO = """\
scenario: {name}
description: a car on a straight road
duration: 0.2 s
road: {{kind: straight, length: 80 m, surroundings: motorway}}
parameters:
  speed: {{uniform: [8 m/s, {top} m/s]}}
ego: {{asset: vehicle.sedan, place: {{lane: forward_0, s: 20 m}}, speed: speed}}
monitors:
  moves: always(speed(ego) > 1 m/s)
  untouched: always(not touches(ego))
"""
PLAN = """\
nightly: tiny
generate:
  - {scenario: ./calm.yaml, num_scenes: 2}
  - {scenario: ./brisk.yaml, num_scenes: 2}
sensors:
  front: {width: 64, height: 48, hfov: 70 deg, position: [0.4 m, 0 m, 1.35 m]}
quality: fast
exports:
  coco: {}
gates: {verify: false}
"""


class Night:
    """A folder with a plan, and the data set that follows it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.out = folder, folder / "out"
        self.plan = folder / "plan.yaml"
        self.plan.write_text(PLAN)
        self.scenario("calm", 10)
        self.scenario("brisk", 14)

    def scenario(self, name: str, top: int) -> None:
        """Write a scenario whose cars drive up to a speed."""
        (self.folder / f"{name}.yaml").write_text(SCENARIO.format(name=name, top=top))

    def edit(self, before: str, after: str) -> None:
        """Change the plan."""
        text = self.plan.read_text()
        assert before in text
        self.plan.write_text(text.replace(before, after))

    def run(self, **keys: Any) -> NightlyResult:
        """Let a night pass."""
        asked = {"plan": str(self.plan), "out": str(self.out), "min_free_gb": 0.0, **keys}
        return nightly(NightlyConfig.parse(asked), io.StringIO())

    def files(self) -> dict[Path, int]:
        """Return when each file was written, but for those that every run writes."""
        own = {"log.jsonl", "reread.json"}
        found = (p for p in self.out.rglob("*") if p.is_file() and p.name not in own)
        return {path: path.stat().st_mtime_ns for path in found}

    def entries(self, stage: str) -> dict[str, int]:
        """Return when each entry of a stage was made."""
        found = (self.out / "store" / stage).glob("??/[!.]*/made.json")
        return {path.parent.name: path.stat().st_mtime_ns for path in found}


@pytest.fixture
def night(tmp_path: Path) -> Night:
    return Night(tmp_path)


@pytest.fixture(scope="module")
def digest(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What an undisturbed run of the plan comes to."""
    made = Night(tmp_path_factory.mktemp("undisturbed")).run()
    assert made.version is not None
    return made.version.digest


@pytest.fixture
def made_again() -> Callable[[dict[str, int], dict[str, int]], int]:
    """Count the entries that weren't there before, or were written again."""

    def count(before: dict[str, int], after: dict[str, int]) -> int:
        return sum(before.get(key) != when for key, when in after.items())

    return count


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    made = Receiver()
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", made.url)
    yield made
    made.shutdown()
    made.server_close()
