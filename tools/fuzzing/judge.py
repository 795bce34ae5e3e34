"""Loads and draws one text under limits and says what was wrong with how that ended."""

from __future__ import annotations

import importlib
import resource
import signal
import sys
import time
import traceback
from dataclasses import dataclass
from types import CodeType, FrameType
from typing import Any

from scenegen.errors import ScenarioError, UnsatisfiableError
from scenegen.sample import draw
from scenegen.scenario import LogicalScenario, load_scenario, parse_scenario

LOAD_S = 2.0
DRAW_S = 20.0
MEMORY_BYTES = 3 << 30
FILE = "fuzz.yaml"


class TooLongError(BaseException):
    """The time is up; no `except Exception` on the way may catch it."""


@dataclass(frozen=True)
class Verdict:
    """How one text ended.

    Attributes
    ----------
    outcome : str
        ``refused`` with a message at a place, ``loaded``, ``drawn``, ``unsatisfiable``, or
        ``BAD``.
    problem : str
        What is bad: a traceback, too much time, code that ran.
    load_s, draw_s : float
        CPU time.
    """

    outcome: str
    problem: str = ""
    load_s: float = 0.0
    draw_s: float = 0.0


_forbidden: list[str] = []
_watching = False
_FORBIDDEN = ("os.system", "os.exec", "os.posix_spawn", "subprocess.Popen", "socket.", "os.remove")


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if not _watching:
        return
    if event.startswith(_FORBIDDEN):
        _forbidden.append(event)
    elif event == "exec" and isinstance(arguments[0], CodeType):
        # Modules that load late run the code of their file; only text becomes "<…>".
        name = arguments[0].co_filename
        if name.startswith("<") and not name.startswith("<frozen"):
            _forbidden.append(f"exec of {name}")
    elif event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        _forbidden.append(f"open {arguments[0]!r} to write")


def prepare() -> None:
    """Bound this process's memory, watch what it does, and load what loads late."""
    # Tables are read by a library that scenarios without any need not wait for.
    for late in ("pyarrow.csv", "pyarrow.parquet"):
        importlib.import_module(late)
    draw(load_scenario("wet_cut_in"), 0, 0)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    signal.signal(signal.SIGVTALRM, _stop)
    sys.addaudithook(_audit)


def _stop(signum: int, frame: FrameType | None) -> None:
    raise TooLongError


def judge(text: str, draws: bool) -> Verdict:
    """Load a text, draw from it if it loads, and judge how that ended."""
    global _watching  # noqa: PLW0603 - an audit hook can't be taken off again
    _forbidden.clear()
    _watching = True
    try:
        verdict = _judge(text, draws)
    finally:
        _watching = False
    if _forbidden:
        return Verdict("BAD", f"did what it must not: {', '.join(sorted(set(_forbidden)))}")
    return verdict


def _judge(  # noqa: PLR0911 - one for each way to end
    text: str, draws: bool
) -> Verdict:
    start = time.process_time()
    result, problem = _limited(LOAD_S, lambda: parse_scenario(text, FILE))
    load_s = time.process_time() - start
    if problem or isinstance(result, UnsatisfiableError):
        return Verdict("BAD", problem or "unsatisfiable before any draw", load_s)
    if isinstance(result, ScenarioError):
        return Verdict("refused", "", load_s)
    if not isinstance(result, LogicalScenario) or not draws:
        return Verdict("loaded", "", load_s)
    logical = result
    start = time.process_time()
    drawn, problem = _limited(DRAW_S, lambda: draw(logical, 0, 0))
    draw_s = time.process_time() - start
    if problem:
        return Verdict("BAD", f"draw: {problem}", load_s, draw_s)
    if isinstance(drawn, ScenarioError):
        return Verdict("refused", "", load_s, draw_s)
    if isinstance(drawn, UnsatisfiableError):
        return Verdict("unsatisfiable", "", load_s, draw_s)
    return Verdict("drawn", "", load_s, draw_s)


def _limited(seconds: float, work: Any) -> tuple[Any, str]:
    """Return what work gives, or the error the user may see, and what is wrong with it."""
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        return work(), ""
    except ScenarioError as error:
        placed = bool(error.place.file) and error.place.line is not None
        return error, "" if placed or "extends" not in str(error) else "no place"
    except UnsatisfiableError as error:
        return error, ""
    except TooLongError:
        return None, f"more than {seconds:g} s of CPU time:\n{traceback.format_exc()[-1500:]}"
    except BaseException:
        return None, traceback.format_exc()[-2500:]
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0.0)
