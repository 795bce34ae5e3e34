"""Actors of a Ray cluster; what they make goes to the store, results stay a line long."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scenegen.errors import InputError, ScenegenError
from scenegen.pipeline.nightly.executor import TRIES, GivenUp, Lost, attempt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ONE_THREAD = {"LP_NUM_THREADS": "0", "OMP_NUM_THREADS": "1"}
"""Each actor has a CPU; threads beside it would be in each other's way."""


class Worker:
    """An actor: a process that keeps what it has loaded, such as a renderer or a refiner."""

    def ready(self) -> bool:
        """Say that it is there."""
        return True

    def attempt(self, work: Callable[[Any], Any], task: object) -> object:
        """Do a task."""
        return attempt(work, task)


@dataclass(frozen=True)
class _Busy:
    actor: Any
    begun: float
    limit_s: float


class RayBackend:
    """A Ray cluster whose nodes all see the folder of the store.

    A task is given to an actor that has nothing else to do, so nothing waits on a node that may
    die, and its time counts from when it begins.

    Parameters
    ----------
    workers : int
        Actors; each asks for one CPU.
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
        self._workers, self._gpus = workers, 0
        self._starting: dict[Any, Any] = {}
        self._idle: list[Any] = []
        self._busy: dict[Any, _Busy] = {}
        self._broken = 0
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

    def prepare(self, *, gpu: bool) -> None:
        """Have actors with a GPU each, as many as there are GPUs, or actors without."""
        gpus = int(self._ray.cluster_resources().get("GPU", 0)) if gpu else 0
        if gpus != self._gpus:
            self.close()
            self._gpus = gpus

    def free(self) -> int:
        """See `Backend`; actors that are missing are asked for."""
        wanted = min(self._workers, self._gpus) if self._gpus else self._workers
        there = len(self._starting) + len(self._idle) + len(self._busy)
        for _ in range(wanted - there):
            needs = {"num_cpus": 1, "num_gpus": 1 if self._gpus else 0}
            actor = self._ray.remote(Worker).options(max_restarts=0, **needs).remote()
            self._starting[actor.ready.remote()] = actor
        return len(self._idle)

    def start(self, work: Callable[[Any], Any], task: object, limit_s: float) -> object:
        """See `Backend`."""
        actor = self._idle.pop()
        reference = actor.attempt.remote(work, task)
        self._busy[reference] = _Busy(actor, time.monotonic(), limit_s)
        return reference

    def ended(self, wait_s: float) -> Iterator[tuple[object, Any]]:
        """See `Backend`.

        Raises
        ------
        ScenegenError
            Actors die before they are ready.
        """
        ray = self._ray
        done, _ = ray.wait([*self._busy, *self._starting], num_returns=1, timeout=wait_s)
        for reference in done:
            if reference in self._starting:
                self._greet(reference)
                continue
            busy = self._busy.pop(reference)
            try:
                came = ray.get(reference)
            except ray.exceptions.RayTaskError as error:
                raise error.as_instanceof_cause() from error
            except ray.exceptions.RayError as error:
                ray.kill(busy.actor)
                came = Lost(f"by {type(error).__name__}")
            else:
                self._idle.append(busy.actor)
                self._broken = 0
            yield reference, came
        for reference, busy in list(self._busy.items()):
            if time.monotonic() - busy.begun > busy.limit_s:
                ray.kill(busy.actor)
                del self._busy[reference]
                yield reference, GivenUp(f"took longer than {busy.limit_s:g} s")

    def _greet(self, reference: Any) -> None:
        actor = self._starting.pop(reference)
        try:
            self._ray.get(reference)
        except self._ray.exceptions.RayError as error:
            self._broken += 1
            if self._broken == TRIES:
                told = f"processes of the cluster died {TRIES} times before they began anything"
                raise ScenegenError(f"{told}: {type(error).__name__}") from error
        else:
            self._idle.append(actor)

    def drop(self) -> None:
        """See `Backend`."""
        self.close()

    def close(self) -> None:
        """See `Backend`."""
        actors = [*self._starting.values(), *self._idle, *(b.actor for b in self._busy.values())]
        if self._ray.is_initialized():
            for actor in actors:
                self._ray.kill(actor)
        self._starting.clear()
        self._idle.clear()
        self._busy.clear()
