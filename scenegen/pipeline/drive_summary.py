"""What a run of episodes came to: `drive.json`, JUnit XML and the page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import scipy

from scenegen import __version__
from scenegen.dataset.canonical import read_trajectory, readable_json
from scenegen.dataset.layout import read_content
from scenegen.dataset.storage import storage_errors, write_atomic
from scenegen.drive import EpisodeRecord
from scenegen.drive.page import SHOWN, Told, write_drive_page
from scenegen.pipeline.drive_against import SUMMARY
from scenegen.pipeline.drive_episodes import EPISODES, FILM
from scenegen.pipeline.drive_junit import junit_xml
from scenegen.records import ConcreteScenario

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scenegen.drive.comparison import Comparison
    from scenegen.pipeline.drive_config import DriveConfig

JUNIT, PAGE = "junit.xml", "drive.html"


def shares_of(records: tuple[EpisodeRecord, ...]) -> dict[str, dict[str, Any]]:
    """Return by scenario how many failed, and the 95 % interval of the rate (Wilson 1927)."""
    found: dict[str, dict[str, Any]] = {}
    for name in dict.fromkeys(record.scenario for record in records):
        own = [record.failed for record in records if record.scenario == name]
        interval = scipy.stats.binomtest(sum(own), len(own)).proportion_ci(method="wilson")
        found[name] = {
            "episodes": len(own),
            "failed": sum(own),
            "rate": sum(own) / len(own),
            "low": float(interval.low),
            "high": float(interval.high),
        }
    return found


def write_summary(
    folder: Path,
    config: DriveConfig,
    digests: Mapping[str, str],
    records: tuple[EpisodeRecord, ...],
    errors: dict[str, str],
    compared: Comparison | None,
) -> None:
    content = {
        "scenegen_version": __version__,
        "agent": config.agent,
        "seed": config.seed,
        "physics": config.physics,
        "criteria": list(config.counted),
        "digests": dict(digests),
        "scenarios": shares_of(records),
        "errors": errors,
        "compared": None if compared is None else compared.model_dump(mode="json"),
        "episodes": [record.model_dump(mode="json") for record in records],
    }
    shown = [_told(folder, record) for record in _worst(records)]
    write_drive_page(folder / PAGE, config.agent, shares_of(records), records, shown, compared)
    for name, data in (
        (SUMMARY, readable_json(content)),
        (JUNIT, junit_xml(config.agent, records, errors)),
    ):
        with storage_errors(folder / name):
            write_atomic(folder / name, data)


def _worst(records: tuple[EpisodeRecord, ...]) -> list[EpisodeRecord]:
    """Return the failed episodes that the page shows, of the hardest impacts first."""

    def hardest(record: EpisodeRecord) -> float:
        return max((impact.closing_mps for impact in record.impacts), default=0.0)

    failed = [record for record in records if record.failed]
    return sorted(failed, key=lambda record: (-hardest(record), record.scene_id))[:SHOWN]


def _told(folder: Path, record: EpisodeRecord) -> Told:
    own = folder / EPISODES / record.scene_id
    return Told(
        record,
        read_content(own / "scenario.json", ConcreteScenario.model_validate_json),
        read_content(own / "trajectory.npz", read_trajectory),
        f"{EPISODES}/{record.scene_id}/{FILM}" if (own / FILM).exists() else "",
    )
