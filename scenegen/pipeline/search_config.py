"""What `search` takes."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from scenegen.pipeline.config_base import VerbConfig

Method = Literal["random", "sobol", "cross_entropy", "cma_es", "bayesian", "splitting"]


class SearchConfig(VerbConfig):
    """How often an agent fails in a scenario, and on what."""

    scenario: str = Field(description="name from the library or path to a YAML, +mix-ins")
    agent: str = Field("rules", description="whose failures are looked for; as drive takes it")
    method: Method = Field(
        "cross_entropy",
        description="estimates: random, sobol, cross_entropy, splitting; only finds: cma_es, "
        "bayesian",
    )
    budget: int = Field(500, ge=16, le=10_000_000, description="simulations, at most")
    out: str = Field(
        "outputs/search", description="folder for what is found; new, empty, or with resume"
    )
    seed: int = Field(0, ge=0, description="root seed of points and scenes")
    criteria: str = Field(
        "collision", description="criteria, or monitor.NAME, whose violation is a failure"
    )
    disturb: str = Field(
        "", description="disturbances to search besides: names of the scenario's, or channels"
    )
    decision_hz: int | None = Field(
        None, ge=1, le=1000, description="decisions a second; the rate of control if not given"
    )
    stop_at_collision: bool = Field(
        True, description="end an episode one second after the ego's first contact"
    )
    confidence: float = Field(0.95, gt=0.5, lt=1, description="of intervals")
    minimise: int = Field(
        200, ge=0, le=100_000, description="further simulations that make failures smaller"
    )
    modes: int = Field(8, ge=1, le=100, description="kinds of failure that are written, at most")
    workers: int = Field(1, ge=1, le=256, description="processes; the bytes don't depend on it")
    resume: bool = Field(False, description="go on with an interrupted search")

    @field_validator("disturb", mode="before")
    @classmethod
    def _listed(cls, given: object) -> object:
        return ",".join(map(str, given)) if isinstance(given, list | tuple) else given

    @field_validator("criteria", "disturb")
    @classmethod
    def _names(cls, text: str) -> str:
        return ",".join(name.strip() for name in text.split(",") if name.strip())

    @property
    def counted(self) -> tuple[str, ...]:
        """The criteria that count."""
        return tuple(self.criteria.split(",")) if self.criteria else ()

    @property
    def stressing(self) -> tuple[str, ...]:
        """The disturbances that are searched."""
        return tuple(self.disturb.split(",")) if self.disturb else ()
