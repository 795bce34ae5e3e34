"""What an episode is judged by: signed robustness, negative where a criterion is violated.

Robustness is that of signal temporal logic: the least margin over all rows (Donzé and Maler
2010). ``None`` says that the question never came up, such as a signal where there is none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scenegen.annotate.pairs import post_encroachment
from scenegen.drive.course import Course
from scenegen.drive.impacts import impacts
from scenegen.drive.lines import red_light_m, stop_line_mps
from scenegen.drive.margins import lane_margins_m, road_margin_m
from scenegen.drive.timelines import MOVING_MPS, below_limit_mps, headways_s, nearest
from scenegen.monitor import judge
from scenegen.records import Drive

TTC_S = 1.5
"""Below it, a time to collision is a conflict (Hydén's traffic conflict technique, 1987)."""
PET_S = 1.0
"""Below it, a post-encroachment time is a serious conflict (FHWA SSAM has 5 s as its outer end)."""
HEADWAY_S = 1.0
"""Least time gap; UN R157 asks for 1.0 s at 20 km/h and more above."""
PROGRESS = 0.2
"""Share of the way at the wanted speed (nuPlan's least progress along the expert's route)."""
DIGITS = 4

COMFORT = {
    "acceleration": (-4.05, 2.40),
    "lateral": (-4.89, 4.89),
    "jerk": (-4.13, 4.13),
    "yaw_rate": (-0.95, 0.95),
}
"""Bounds of nuPlan's comfort metric (Karnchanachari et al. 2024): m/s², m/s², m/s³, rad/s."""

Measure = Callable[[Course], float | None]


@dataclass(frozen=True)
class Criterion:
    """One question to an episode.

    Attributes
    ----------
    unit : str
        Of its robustness.
    means : str
    """

    measure: Measure
    unit: str
    means: str


def _collision(course: Course) -> float | None:
    """Return the least gap in m; where the ego touched anything, less its change of speed."""
    struck = impacts(course)
    if struck:
        return -max(max(impact.ego_delta_v_mps, 1e-3) for impact in struck)
    return _finite(float(nearest(course)[0].min()))


def _ttc(course: Course) -> float | None:
    return _finite(float(nearest(course)[1].min()) - TTC_S)


def _pet(course: Course) -> float | None:
    z = [course.trajectory.position_m[:, course.trajectory.column(a.instance_id), 2]
         for a in course.scenario.actors]  # fmt: skip
    rows = [post_encroachment(course.ego, course.bodies[k], z[0], z[k]) for k in course.others]
    known = [count for count in rows if count is not None]
    return min(known) * course.dt_s - PET_S if known else None


def _headway(course: Course) -> float | None:
    """Ask only of those ahead that the ego would drive into if it went straight on."""
    return _finite(float(headways_s(course).min()) - HEADWAY_S)


def _lane(course: Course) -> float | None:
    return _finite(float(lane_margins_m(course).min()))


def _speed(course: Course) -> float | None:
    return _finite(float(below_limit_mps(course).min()))


def _comfort(course: Course) -> float | None:
    """Return the least share of a bound that is left."""
    if len(course.speed_mps) < 3:
        return None
    acceleration = np.gradient(course.smooth(course.speed_mps), course.dt_s)
    yaw_rate = np.gradient(np.unwrap(course.yaw_rad), course.dt_s)
    felt = {
        "acceleration": acceleration,
        "lateral": course.smooth(course.speed_mps * yaw_rate),
        "jerk": np.gradient(course.smooth(acceleration), course.dt_s),
        "yaw_rate": course.smooth(yaw_rate),
    }
    shares = []
    for name, values in felt.items():
        low, high = COMFORT[name]
        shares.append(max(float(values.max()) / high, float(values.min()) / low))
    return 1.0 - max(shares)


def _progress(course: Course) -> float | None:
    wanted = [a.speed_mps for a in course.scenario.ego.actions if isinstance(a, Drive)]
    seconds = float(course.trajectory.time_s[-1])
    if not wanted or max(wanted) < MOVING_MPS or seconds <= 0:
        return None
    return course.way_m / (max(wanted) * seconds) - PROGRESS


CRITERIA: dict[str, Criterion] = {
    "collision": Criterion(
        _collision, "m, or m/s below 0", "least gap; minus the change of speed where it touched"
    ),
    "ttc": Criterion(_ttc, "s", f"least time to collision over {TTC_S:g} s"),
    "pet": Criterion(_pet, "s", f"least post-encroachment time over {PET_S:g} s"),
    "headway": Criterion(_headway, "s", f"least time headway over {HEADWAY_S:g} s"),
    "off_road": Criterion(road_margin_m, "m", "least distance of its corners to the road's edge"),
    "lane": Criterion(_lane, "m", "least distance of its sides to the lane's edge"),
    "red_light": Criterion(red_light_m, "m", "least distance to a stop line at red"),
    "stop_line": Criterion(stop_line_mps, "m/s", "0.5 m/s less the least speed at a stop sign"),
    "speed": Criterion(_speed, "m/s", "least distance to the limit"),
    "comfort": Criterion(_comfort, "share", "what is left of nuPlan's comfort bounds"),
    "progress": Criterion(_progress, "share", f"of the way at the wanted speed, over {PROGRESS:g}"),
}


def robustness(course: Course) -> dict[str, float | None]:
    """Return every criterion's robustness, and those of the scenario's monitors."""
    found = {name: criterion.measure(course) for name, criterion in CRITERIA.items()}
    monitors = judge(course.scenario, course.trajectory)
    found |= {f"monitor.{name}": _finite(value) for name, value in monitors.items()}
    return {k: None if v is None else round(float(v), DIGITS) for k, v in found.items()}


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
