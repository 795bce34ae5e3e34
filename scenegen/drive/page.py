"""One page on a run of episodes: who failed at what, seen from above and over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from markupsafe import Markup

from scenegen.drive.comparison import Comparison
from scenegen.drive.course import Course
from scenegen.drive.criteria import CRITERIA, TTC_S
from scenegen.drive.record import EpisodeRecord
from scenegen.drive.timelines import nearest
from scenegen.records import ConcreteScenario, Trajectory
from scenegen.records.base import F64
from scenegen.report.charts import curve
from scenegen.report.page import page_template, write_page
from scenegen.report.pictures import data_uri
from scenegen.report.time_lapse import time_lapse

SHOWN = 40
"""Failed episodes that have a picture."""
MOMENTS = 4
BEFORE_S = 3.0
LONGEST_TTC_S = 10.0


@dataclass(frozen=True)
class Card:
    """A failed episode as the page shows it.

    Attributes
    ----------
    picture : str
        Data URI of where everybody was during the last seconds before the worst moment.
    film : str
        Path of its film relative to the page; empty if there is none.
    charts : dict of str to Markup
    """

    record: EpisodeRecord
    picture: str
    film: str
    charts: dict[str, Markup]


@dataclass(frozen=True)
class Told:
    """An episode whose files have been read."""

    record: EpisodeRecord
    scenario: ConcreteScenario
    trajectory: Trajectory
    film: str


def write_drive_page(
    path: Path,
    agent: str,
    shares: Mapping[str, Mapping[str, Any]],
    records: Sequence[EpisodeRecord],
    failed: Sequence[Told],
    compared: Comparison | None = None,
) -> Path:
    """Write the page and return its path.

    Parameters
    ----------
    shares : mapping of str to mapping
        By scenario: ``episodes``, ``failed``, ``rate``, ``low``, ``high``.
    failed : sequence of Told
        Those that are shown with pictures.
    compared : Comparison, optional
        With another agent's run over the same scenes.

    Raises
    ------
    StorageError
        It can't be written there.
    """
    html = page_template("episodes.html").render(
        agent=agent,
        compared=compared,
        shares=shares,
        records=records,
        criteria={name: criterion.means for name, criterion in CRITERIA.items()},
        cards=[card_of(told) for told in failed],
        hidden=sum(record.failed for record in records) - len(failed),
    )
    return write_page(path, html)


def card_of(told: Told) -> Card:
    """Return an episode's pictures and charts."""
    course = Course(told.scenario, told.trajectory)
    gaps, times = nearest(course)
    gaps = np.where(np.isfinite(gaps), gaps, np.nan)
    worst = told.record.impacts[0].time_s if told.record.impacts else None
    if worst is None:
        near = np.where(np.isfinite(times), times, LONGEST_TTC_S) + 0.01 * gaps
        worst = float(told.trajectory.time_s[int(np.argmin(near))])
    end = min(worst + 0.2, float(told.trajectory.time_s[-1]))
    moments = np.linspace(max(0.0, end - BEFORE_S), end, MOMENTS).tolist()
    picture = time_lapse(told.scenario, told.trajectory, course.network, moments)
    return Card(told.record, data_uri(picture), told.film, _charts(told, course, gaps, times))


def _charts(told: Told, course: Course, gaps: F64, times: F64) -> dict[str, Markup]:
    at = told.trajectory.time_s.tolist()
    hits = [impact.time_s for impact in told.record.impacts]
    shown = np.where(times < LONGEST_TTC_S, times, np.nan)
    speed = (3.6 * course.speed_mps).tolist()
    return {
        "speed, km/h": curve(at, speed, "the ego's speed over time", events=hits),
        "gap to the nearest, m": curve(at, gaps.tolist(), "gap over time", events=hits),
        "time to collision, s": curve(
            at, shown.tolist(), "time to collision over time", limit=TTC_S, events=hits
        ),
    }
