"""What `drive` takes."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, field_validator

from scenegen.pipeline.config_base import VerbConfig
from scenegen.records import SensorSpec
from scenegen.records.choices import COUNTED, QualityName
from scenegen.sample.rig import parse_rig


class DriveConfig(VerbConfig):
    """Closed loop: an agent through scenarios."""

    scenario: str | None = Field(
        None, description="name from the library or path to a YAML, +mix-ins; or a comma list"
    )
    suite: str | None = Field(
        None, description="in place of scenario: a suite of the library, or a plan's path"
    )
    agent: str = Field(
        "rules",
        description="scripted, constant, idm, rules, python:module:callable, 'process:program …', "
        "zmq:tcp://host:port, or replay:an episode's folder",
    )
    out: str = Field(
        "outputs/drive", description="folder for episodes; new, empty, or the same with resume"
    )
    num_scenes: int | None = Field(
        None,
        ge=1,
        le=1_000_000,
        description="episodes of each scenario; as the suite has it, or 1, if not given",
    )
    first: int = Field(0, ge=0, description="index of the first scene (with scenario=)")
    seed: int = Field(0, ge=0, lt=2**63, description="root seed; scenes are those of generate")
    design: str | dict[str, Any] | None = Field(
        None, description="how scenes are spread: random, sobol, pairwise, …; the scenario's own"
    )
    decision_hz: int | None = Field(
        None, ge=1, le=1000, description="decisions a second; the rate of control if not given"
    )
    criteria: str = Field(
        ",".join(COUNTED),
        description="criteria, or monitor.NAME, whose violation is a failure; a comma list",
    )
    stop_at_collision: bool = Field(
        True, description="end an episode one second after the ego's first contact"
    )
    physics: Literal["rigid", "kinematic"] = Field(
        "rigid",
        description="rigid bodies, or kinematic: many times as fast, without what bodies do",
    )
    sensors: dict[str, Any] | None = Field(
        None, description="sensors in place of the scenario's: a group of conf/sensors"
    )
    quality: QualityName = Field(
        "full", description="what pictures for agents may cost: fast or full"
    )
    against: str | None = Field(
        None, description="folder of another agent's run over the same scenes, to compare with"
    )
    film: Literal["none", "failed", "all"] = Field(
        "failed", description="which episodes get a film (MP4) from above: none, failed or all"
    )
    log: Literal["mcap", "none"] = Field(
        "mcap", description="whether each episode gets log.mcap, for Foxglove and its like"
    )
    max_failures: int | None = Field(
        None, ge=0, description="exit code 1 if more episodes fail: for CI"
    )
    workers: int = Field(1, ge=1, le=256, description="processes; the bytes don't depend on it")
    resume: bool = Field(False, description="go on with an interrupted run, keeping episodes")

    @field_validator("sensors")
    @classmethod
    def _none_is_the_scenarios(cls, rig: dict[str, Any] | None) -> dict[str, Any] | None:
        return rig or None

    @field_validator("criteria")
    @classmethod
    def _names(cls, text: str) -> str:
        return ",".join(name.strip() for name in text.split(",") if name.strip())

    @property
    def rig(self) -> dict[str, SensorSpec] | None:
        """The sensors in place of the scenario's."""
        return None if self.sensors is None else parse_rig(self.sensors, "sensors=")

    @property
    def counted(self) -> tuple[str, ...]:
        """The criteria that count."""
        return tuple(self.criteria.split(",")) if self.criteria else ()
