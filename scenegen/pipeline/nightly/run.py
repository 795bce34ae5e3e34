"""A night is asked for: it passes, or something is told of those before, or fetched."""

from __future__ import annotations

import logging
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from scenegen.dataset.storage import FolderLock, make_folder, storage_errors
from scenegen.errors import InputError
from scenegen.pipeline.nightly.destination import Destination
from scenegen.pipeline.nightly.executor import Executor
from scenegen.pipeline.nightly.guard import Guard
from scenegen.pipeline.nightly.history import difference, roll_back
from scenegen.pipeline.nightly.journal import Journal
from scenegen.pipeline.nightly.local_backend import LocalBackend
from scenegen.pipeline.nightly.metrics import need_metrics, write_metrics
from scenegen.pipeline.nightly.night import Night
from scenegen.pipeline.nightly.plan import NightlyPlan, load_nightly
from scenegen.pipeline.nightly.result import NightlyResult
from scenegen.pipeline.nightly.tracing import need_tracing, tracing
from scenegen.pipeline.nightly.trust import need_trust
from scenegen.pipeline.nightly.version import Shelf

if TYPE_CHECKING:
    from scenegen.pipeline.nightly_config import NightlyConfig

log = logging.getLogger(__name__)


def nightly(config: NightlyConfig, stream: TextIO = sys.stderr) -> NightlyResult:
    """Bring a data set to what its plan says.

    Every stage of every scene is made once for each key: digests of all that it depends on. What
    is there is taken, so a run that was ended anywhere goes on where it was, and a plan that
    hasn't changed costs a look.

    Raises
    ------
    InputError
        The plan, a gate's keys or the folder is wrong.
    StorageError
        The disk filled up; whole stages of scenes stay.
    """
    if config.plan is None:
        raise InputError("nightly needs plan=…, such as plan=small or plan=my_plan.yaml")
    plan = load_nightly(config.plan)
    need_trust(plan, config.trust)
    if config.metrics is not None:
        need_metrics()
    if config.traces:
        need_tracing()
    if config.fetch is not None:
        return fetched(plan, Path(config.fetch))
    out = Path(config.out).absolute()  # processes elsewhere have other working folders
    with storage_errors(out):
        make_folder(out)
        lock = FolderLock(out)
    try:
        if config.rollback is not None:
            version = roll_back(Shelf(out / plan.name), config.rollback)
            if plan.destination is not None:
                place = Destination(plan.destination, plan.destination_options)
                place.publish(plan.name, version, out / plan.name / "versions" / version.id)
            return NightlyResult(out, version=version, asked=True)
        if config.diff is not None:
            told = difference(Shelf(out / plan.name), config.diff)
            return NightlyResult(out, changes=told.listed(), asked=True)
        begin = time.monotonic()
        with (
            Journal(out, config.log_level),
            tracing(config.traces, plan.name),
            Guard(out, config.max_hours, config.min_free_gb) as guard,
            executor_of(config) as executor,
        ):
            result = _told(Night(config, plan, out, guard, executor, stream))
        if config.metrics is not None:
            write_metrics(Path(config.metrics), plan.name, result, time.monotonic() - begin)
        return result
    finally:
        lock.release()


def _told(night: Night) -> NightlyResult:
    """Let a night pass, and tell the journal how it begins and ends."""
    begin, plan = time.monotonic(), night.plan.name
    log.info("the night begins", extra={"event": "begin", "plan": plan})
    try:
        result = night.run()
    except Exception as error:
        seconds = round(time.monotonic() - begin, 3)
        reason = f"{type(error).__name__}: {error}"
        told = {"event": "error", "plan": plan, "seconds": seconds, "reason": reason}
        log.error("the night ends with an error", extra=told)
        raise
    version = result.version
    told = {
        "event": "end",
        "plan": plan,
        "seconds": round(time.monotonic() - begin, 3),
        "version": None if version is None else version.id,
        "reason": result.stopped or None,
        "count": None if result.due is None else result.due.wanted,
    }
    log.info("%s", "asked" if version is None else version.state, extra=told)
    return result


def fetched(plan: NightlyPlan, out: Path) -> NightlyResult:
    """Bring the latest version of a plan's destination to this machine.

    Raises
    ------
    InputError
        The plan has no destination, or nothing is published there.
    StorageError
        It can't be read, or is damaged.
    """
    if plan.destination is None:
        raise InputError(f"plan {plan.name} has no destination to fetch from")
    place = Destination(plan.destination, plan.destination_options)
    name = place.latest(plan.name)
    if name is None:
        raise InputError(f"{plan.destination}: nothing of plan {plan.name} is published there")
    place.fetch(plan.name, name, out)
    return NightlyResult(out, changes=f"{out}: version {name} of {plan.name}", asked=True)


def executor_of(config: NightlyConfig) -> Executor:
    """Return where scenes are made.

    Raises
    ------
    InputError
        Ray isn't installed, or there is no such cluster.
    """
    if config.executor == "ray":
        from scenegen.pipeline.nightly.ray_backend import RayBackend  # noqa: PLC0415

        return Executor(RayBackend(config.workers, config.address))
    return Executor(LocalBackend(config.workers))
