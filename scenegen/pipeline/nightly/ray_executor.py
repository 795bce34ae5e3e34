"""Tasks on a Ray cluster; what they make goes to the store, results stay a line long."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from typing import Any, TypeVar

from scenegen.errors import InputError, ScenegenError
from scenegen.pipeline.nightly.executor import LOOK_S, TRIES, GivenUp, attempt

ONE_THREAD = {"LP_NUM_THREADS": "0", "OMP_NUM_THREADS": "1"}
"""Each task has a CPU; threads beside it would be in each other's way."""

Task = TypeVar("Task")
Result = TypeVar("Result")


class RayExecutor:
    """A Ray cluster whose nodes all see the folder of the store.

    Parameters
    ----------
    workers : int
        Tasks at once; each asks for one CPU.
    address : str or None
        As ``ray.init`` takes it; None starts a cluster on this machine.

    Raises
    ------
    InputError
        Ray isn't installed, or there is no cluster.
    """

    def __init__(self, workers: int, address: str | None) -> None:
        try:
            import ray  # noqa: PLC0415 - an extra
        except ImportError:
            raise InputError("executor=ray needs the extra: pip install 'scenegen[ray]'") from None
        self._ray: Any = ray
        self._workers = workers
        if ray.is_initialized():
            return
        local = {"num_cpus": workers} if address is None else {}
        try:
            ray.init(
                address=address,
                log_to_driver=False,
                include_dashboard=False,
                runtime_env={"env_vars": ONE_THREAD},
                **local,
            )
        except (ConnectionError, ValueError) as error:
            raise InputError(f"address={address}: no Ray cluster there ({error})") from error

    def run(
        self,
        work: Callable[[Task], Result],
        tasks: Sequence[Task],
        limit_s: float,
        stop: Callable[[], bool],
    ) -> Generator[tuple[Task, Result | ScenegenError | GivenUp], None, None]:
        """See `Executor`."""
        ray = self._ray
        remote = ray.remote(attempt).options(num_cpus=1, max_retries=0)
        waiting = list(reversed(tasks))
        lost: dict[int, int] = {}
        flying: dict[Any, tuple[Task, float]] = {}
        try:
            while waiting or flying:
                while waiting and len(flying) < self._workers and not stop():
                    task = waiting.pop()
                    flying[remote.remote(work, task)] = task, time.monotonic()
                if not flying:
                    return
                done, _ = ray.wait(list(flying), num_returns=1, timeout=LOOK_S)
                for reference in done:
                    task, _ = flying.pop(reference)
                    try:
                        yield task, ray.get(reference)
                    except ray.exceptions.RayTaskError as error:
                        raise error.as_instanceof_cause() from error
                    except ray.exceptions.RayError as error:
                        lost[id(task)] = lost.get(id(task), 0) + 1
                        if lost[id(task)] < TRIES:
                            waiting.append(task)
                            continue
                        name = type(error).__name__
                        yield task, GivenUp(f"its process died {TRIES} times, last by {name}")
                for reference, (task, begun) in list(flying.items()):
                    if time.monotonic() - begun > limit_s:
                        ray.cancel(reference, force=True)
                        del flying[reference]
                        yield task, GivenUp(f"took longer than {limit_s:g} s")
        finally:
            for reference in flying:
                ray.cancel(reference, force=True)
