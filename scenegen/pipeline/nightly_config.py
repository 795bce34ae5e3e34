"""The keys of ``scenegen nightly``."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from scenegen.pipeline.config_base import VerbConfig


class NightlyConfig(VerbConfig):
    """Keep a data set as its plan says: make what changed, publish it if its gates hold."""

    plan: str | None = Field(
        None, description="name from the library or path to a YAML: what is kept up to date"
    )
    out: str = Field(
        "outputs/nightly", description="folder of the store and of all versions; always the same"
    )
    dry_run: bool = Field(False, description="say what is due and why, and make nothing")
    executor: Literal["local", "ray"] = Field(
        "local", description="where scenes are made: processes of this machine, or a Ray cluster"
    )
    workers: int = Field(1, ge=1, le=4096, description="processes, or tasks at once on Ray")
    address: str | None = Field(
        None, description="with executor=ray: of the cluster; one on this machine if not given"
    )
    max_hours: float | None = Field(
        None, gt=0, description="begin nothing after so long; the next run goes on"
    )
    reread_s: float = Field(
        2.0,
        ge=0,
        description="seconds in which published data are read again, by turns, for damage",
    )
    min_free_gb: float = Field(1.0, ge=0, description="begin nothing with less room on the disk")
    scene_limit_s: float = Field(
        3600.0, gt=0, description="a scene that takes longer is ended and put in quarantine"
    )
    retry_quarantined: bool = Field(False, description="try scenes again that couldn't be made")
    rollback: str | None = Field(
        None, description="in place of a run: publish this earlier version again"
    )
    diff: str | None = Field(
        None,
        description="in place of a run: how two versions differ, as 1f0c…,9a2e…; or one "
        "against the latest",
    )
    fetch: str | None = Field(
        None, description="in place of a run: folder to bring the destination's latest version to"
    )
    trust: bool = Field(
        False, description="let the plan run code of its own: agents, models, TorchScript"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="least level of what goes to OUT/log.jsonl"
    )
    traces: bool = Field(
        False, description="send spans by OpenTelemetry to where the OTEL_… variables say"
    )
    metrics: str | None = Field(
        None, description="file for metrics in Prometheus' text format, as node_exporter reads them"
    )
