"""Agents by the words of ``agent=``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from scenegen.drive.agents.child import child_of, python_agent
from scenegen.drive.agents.follower import Follower
from scenegen.drive.agents.messages import action_of
from scenegen.drive.agents.plain import Constant, Replay, Scripted
from scenegen.drive.agents.protocol import Agent, AgentError
from scenegen.drive.agents.remote import Remote
from scenegen.drive.agents.rules import RuleKeeper
from scenegen.errors import InputError, nearest


def camera_agent() -> Agent:
    """Return the agent that drives by a camera, which loads torch."""
    from scenegen.drive.agents.camera.agent import CameraAgent  # noqa: PLC0415

    return CameraAgent()


AGENTS: dict[str, Callable[[], Agent]] = {
    "scripted": Scripted,
    "constant": Constant,
    "idm": Follower,
    "rules": RuleKeeper,
    "camera": camera_agent,
}
ACTIONS = "actions.jsonl"
"""The file of an episode's folder that holds its actions."""


def named_agent(name: str) -> Agent:
    """Return the agent of a word, or of an adapter and what it leads to.

    Parameters
    ----------
    name : str
        ``idm``, …; ``python:module:callable``, ``process:program and arguments``,
        ``zmq:endpoint`` or ``replay:episode folder``.

    Raises
    ------
    InputError
        There is none.
    """
    if name in AGENTS:
        return AGENTS[name]()
    kind, colon, rest = name.partition(":")
    if not colon or kind not in _ADAPTERS:
        options = [*AGENTS, *(f"{word}:{example}" for word, (_, example) in _ADAPTERS.items())]
        raise InputError(f"no agent {name!r}{nearest(name, options)}")
    try:
        return _ADAPTERS[kind][0](rest)
    except AgentError as error:
        raise InputError(str(error)) from error


def replayed(path: str) -> Replay:
    """Return the agent that repeats the actions of an episode's folder.

    Raises
    ------
    InputError
        There are none, or the file is damaged.
    """
    file = Path(path) / ACTIONS
    try:
        lines = file.read_text("utf-8").splitlines()
        return Replay([action_of(json.loads(line)) for line in lines])
    except (OSError, ValueError, AgentError) as error:
        raise InputError(f"{file}: no log of actions ({error})") from error


_ADAPTERS: dict[str, tuple[Callable[[str], Agent], str]] = {
    "python": (python_agent, "module:callable"),
    "process": (child_of, "program"),
    "zmq": (Remote, "tcp://127.0.0.1:5555"),
    "replay": (replayed, "outputs/drive/episodes/NAME"),
}
