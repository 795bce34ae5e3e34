"""``tools/faults --minutes 20``: disturbed nights; exit 1 if one doesn't end as it should."""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from faulting.bucket import Server
from faulting.faults import (
    Fault,
    ask_to_stop,
    corrupt,
    fill_disk,
    kill_driver,
    kill_ray_worker,
    kill_worker,
    node_killed,
    storage_cut,
)
from faulting.nodes import Nodes
from faulting.setting import BUCKET, VERB, Round, disk, wait_within, write_plan

MOST_FAULTS = 3
RAY_SHARE, BUCKET_SHARE = 0.25, 0.4
LOCAL: dict[str, Fault] = {
    "kill worker": kill_worker,
    "kill driver": kill_driver,
    "ask to stop": ask_to_stop,
    "fill disk": fill_disk,
    "corrupt file": corrupt,
}


@dataclass
class Played:
    """What came of disturbing one data set.

    Attributes
    ----------
    told : list of str
        Each fault that came about, and what it did.
    names : Counter
        How often each fault came about.
    in_flight : list of int
        Stages begun and not stored when each fault came.
    """

    nights: int = 0
    told: list[str] = field(default_factory=list)
    names: Counter[str] = field(default_factory=Counter)
    in_flight: list[int] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@dataclass
class Tally:
    """What all rounds came to."""

    rounds: int = 0
    nights: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    in_flight: int = 0
    most_in_flight: int = 0
    damaged: int = 0
    bad: list[str] = field(default_factory=list)

    def add(self, number: int, played: Played, damaged: int, problems: list[str]) -> None:
        """Count a round."""
        self.rounds += 1
        self.nights += played.nights
        self.faults += played.names
        self.in_flight += sum(played.in_flight)
        self.most_in_flight = max([self.most_in_flight, *played.in_flight])
        self.damaged += damaged
        self.bad += [f"round {number}: {problem}" for problem in problems]


def undisturbed(folder: Path, scenes: int, workers: int) -> tuple[str, float]:
    """Return the digest that every round has to come to, and how long a night takes."""
    seconds = 0.0
    for _ in range(2):  # the first one also pays for what is cached between processes
        with disk(folder / "undisturbed") as out:
            night = Round(write_plan(folder, scenes, None), out, workers)
            begin = time.monotonic()
            night.begin()
            code, told = night.end()
            if code != 0:
                raise SystemExit(f"the undisturbed night fails: {told}")
            seconds = time.monotonic() - begin
            digest = night.digest()
    return digest, seconds


def ends_as_it_may(fault: str, code: int, told: str) -> bool:
    """Return whether a night may end so: done, a candidate, killed, or an error of its fault."""
    full = fault == "fill disk" and code == 2 and "no space left on" in told
    away = (
        fault == "cut storage"
        and code == 2
        and told.rpartition("scenegen: ")[2].startswith("s3://")
    )
    before_it_began = fault == "ask to stop" and code == -signal.SIGTERM and not told
    return full or away or before_it_began or code in {0, 1, -signal.SIGKILL}


def play(
    night: Round, faults: list[tuple[str, Fault]], chance: random.Random, typical_s: float
) -> Played:
    """Disturb nights of one data set, then let one end in peace."""
    played = Played()
    for name, fault in faults:
        night.begin()
        played.nights += 1
        wait_within(chance.uniform(0.0, 1.1 * typical_s), night)
        if night.running():
            night.note()
            played.in_flight.append(night.in_flight())
            told = fault(night, chance)
            played.names[name] += bool(told)
            played.told += [f"{name}: {told}"] if told else []
        code, text = night.end()
        night.note()
        if not ends_as_it_may(name, code, text) or "Traceback" in text:
            played.problems.append(f"{name}: exit code {code}: {text[-2000:]}")
    night.begin()
    played.nights += 1
    code, text = night.end()
    if code != 0:
        played.problems.append(f"the last night ends with {code}: {text[-2000:]}")
    if night.made_again():
        played.problems.append(f"{night.made_again()} stored stages were made again")
    return played


def fetched_digest(plan: Path, folder: Path) -> str:
    """Return the digest of what is published in the bucket."""
    with tempfile.TemporaryDirectory(dir=folder) as copy:
        out = Path(copy) / "fetched"
        fetching = [*VERB, f"plan={plan}", f"fetch={out}"]
        done = subprocess.run(fetching, check=False, capture_output=True, text=True)
        if done.returncode:
            return f"none: {done.stderr[-2000:]}"
        command = [sys.executable, "-m", "scenegen", "digest", f"dataset={out}"]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return told.split()[0]


class Faults:
    """Rounds, one after another; which ones depends on the seed alone, but for their moments."""

    def __init__(self, options: argparse.Namespace, folder: Path, stack: ExitStack) -> None:
        self.options, self.folder = options, folder
        (folder / "s3").mkdir()
        self.server = Server(folder / "s3")
        stack.callback(self.server.stop)
        self.nodes = Nodes()
        stack.callback(self.nodes.stop)
        self.tally = Tally()
        self.wanted, self.typical_s = undisturbed(folder, options.scenes, options.workers)
        told = {"digest": self.wanted, "undisturbed_s": round(self.typical_s, 1)}
        print(json.dumps(told), flush=True)

    def round(self, number: int) -> None:
        """Play one round and tell of it in a line."""
        chance = random.Random(f"{self.options.seed}:{number}")
        known, place, address = dict(LOCAL), None, ""
        if not self.options.no_ray and chance.random() < RAY_SHARE:
            address = self.nodes.start()
            known = {"kill Ray worker": kill_ray_worker, "kill driver": kill_driver}
            known["kill Ray node"] = node_killed(self.nodes.cluster)
        elif chance.random() < BUCKET_SHARE:
            known["cut storage"] = storage_cut(self.server)
            url = f"s3://{BUCKET}/round{number}"
            place = {"destination": url, "destination_options": self.server.options()}
        picked = chance.choices(sorted(known), k=chance.randint(1, MOST_FAULTS))
        begin = time.monotonic()
        with disk(self.folder / "disk") as out:
            plan = write_plan(self.folder, self.options.scenes, place)
            night = Round(plan, out, self.options.workers, address)
            played = play(night, [(name, known[name]) for name in picked], chance, self.typical_s)
            problems = list(played.problems)
            if night.digest() != self.wanted:
                problems.append(f"published digest {night.digest()!r}")
            if place is not None and (found := fetched_digest(plan, self.folder)) != self.wanted:
                problems.append(f"the bucket's digest {found!r}")
        self.nodes.stop()
        self.tally.add(number, played, len(night.damaged), problems)
        row = {
            "round": number,
            "on": "ray" if address else "local",
            "bucket": place is not None,
            "faults": played.told,
            "nights": played.nights,
            "in_flight": played.in_flight,
            "seconds": round(time.monotonic() - begin, 1),
            "problems": problems,
        }
        print(json.dumps(row), flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="tools/faults", description=__doc__)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--scenes", type=int, default=3, help="of each of four scenarios")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--no-ray", action="store_true")
    options = parser.parse_args()
    os.environ.update(AWS_ACCESS_KEY_ID="any", AWS_SECRET_ACCESS_KEY="any")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        faults = Faults(options, folder, stack)
        end = time.monotonic() + 60.0 * options.minutes
        while time.monotonic() < end:
            faults.round(faults.tally.rounds)
    tally = faults.tally
    print(json.dumps({**vars(tally), "faults": dict(tally.faults)}, indent=2))
    return 1 if tally.bad else 0


if __name__ == "__main__":
    sys.exit(main())
