"""An agent in a process of its own, which is told of the world on stdin and answers on stdout."""

from __future__ import annotations

import os
import selectors
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import IO, Any, TypeVar

from scenegen.drive.actions import Action
from scenegen.drive.agents.messages import (
    MAX_ANSWER,
    action_of,
    begin_message,
    read_answer,
    step_message,
    to_line,
)
from scenegen.drive.agents.packing import Form, as_text, wanted
from scenegen.drive.agents.protocol import AgentError, Briefing
from scenegen.drive.state import State

Read = TypeVar("Read")

_CHUNK = 65536
_ENDS_S = 3.0
"""Who closes their output is given so long to end by themselves, to tell how."""


class Child:
    """Speaks JSON lines with a program; see `messages`.

    The program is started at the first episode, and anew after it has died, was too late, or
    answered nonsense: whatever it did belongs to that episode alone. What it writes to stderr is
    kept for the message that says how it ended.

    Parameters
    ----------
    command : sequence of str
    begin_s, act_s : float
        How long it may take to answer ``begin`` (loading a network) and ``step``.
    """

    def __init__(self, command: Sequence[str], begin_s: float = 60.0, act_s: float = 5.0) -> None:
        self._command = list(command)
        self._begin_s, self._act_s = begin_s, act_s
        self._process: subprocess.Popen[bytes] | None = None
        self._errors: IO[bytes] | None = None
        self._left = b""
        self.sensors: Sequence[str] = ()
        self._form: Form = "png"

    def begin(self, briefing: Briefing) -> None:
        """Tell of a new episode, and wait until the program is ready."""
        if self._process is None or self._process.poll() is not None:
            self._start()
        answer = self._ask(begin_message(briefing), self._begin_s)
        self.sensors, self._form = self._checked(wanted, answer)

    def act(self, state: State) -> Action | None:
        """Tell of a decision and return the answer.

        Raises
        ------
        AgentError
            The program has died, is too late, or answers no action.
        """
        pack = partial(as_text, form=self._form)
        return self._checked(action_of, self._ask(step_message(state, pack), self._act_s))

    def _checked(self, read: Callable[[dict[str, Any]], Read], answer: dict[str, Any]) -> Read:
        """Return what an answer says, or end the program that gave it."""
        try:
            return read(answer)
        except AgentError:
            self.close()
            raise

    def close(self) -> None:
        """End the program, and let go of it."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    _close(stream)
        if self._errors is not None:
            self._errors.close()
            self._errors = None
        self._left = b""

    def _start(self) -> None:
        self.close()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - `close` closes it
        try:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                bufsize=0,
            )
        except OSError as error:
            raise AgentError(f"{shlex.join(self._command)} can't be started: {error}") from error
        assert self._process.stdin is not None
        os.set_blocking(self._process.stdin.fileno(), False)

    def _ask(self, message: dict[str, Any], seconds: float) -> dict[str, Any]:
        if self._process is None:
            raise AgentError("the agent's program has ended")
        try:
            until = time.monotonic() + seconds
            self._send(to_line(message), until, seconds)
            return read_answer(self._line(until, seconds))
        except AgentError:
            self.close()
            raise

    def _send(self, line: bytes, until: float, seconds: float) -> None:
        process = self._process
        assert process is not None
        assert process.stdin is not None
        rest = memoryview(line)
        while rest:
            self._wait(process.stdin, selectors.EVENT_WRITE, until, seconds)
            try:
                rest = rest[os.write(process.stdin.fileno(), rest[:_CHUNK]) :]
            except (BrokenPipeError, BlockingIOError) as error:
                if isinstance(error, BrokenPipeError):
                    raise AgentError(self._death()) from error

    def _line(self, until: float, seconds: float) -> bytes:
        process = self._process
        assert process is not None
        assert process.stdout is not None
        while b"\n" not in self._left:
            self._wait(process.stdout, selectors.EVENT_READ, until, seconds)
            chunk = os.read(process.stdout.fileno(), _CHUNK)
            if not chunk:
                raise AgentError(self._death())
            self._left += chunk
            if len(self._left) > MAX_ANSWER:
                raise AgentError(f"an answer of more than {MAX_ANSWER:,} bytes")
        line, _, self._left = self._left.partition(b"\n")
        return line

    def _wait(self, stream: IO[bytes], event: int, until: float, seconds: float) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(stream, event)
            if not selector.select(max(0.0, until - time.monotonic())):
                raise AgentError(f"no answer within {seconds:g} s")

    def _death(self) -> str:
        assert self._process is not None
        assert self._errors is not None
        try:
            code = self._process.wait(_ENDS_S)
        except subprocess.TimeoutExpired:
            return "the agent's program has closed its output"
        self._errors.seek(0)
        told = self._errors.read()[-2000:].decode(errors="replace").strip().splitlines()
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        return f"the agent's program has ended with {how}" + (f": {told[-1]}" if told else "")


def _close(stream: IO[bytes]) -> None:
    try:
        stream.close()
    except BrokenPipeError:
        return  # what it didn't read is lost with it


def child_of(command: str) -> Child:
    """Return the agent of a shell-like command line; no shell reads it.

    Raises
    ------
    AgentError
        Its quotes don't match, it is empty, or there is no such program.
    """
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise AgentError(f"agent=process:{command}: {error}") from error
    if not words:
        raise AgentError(
            "agent=process: names no program, such as agent='process:./my_agent --fast'"
        )
    if shutil.which(words[0]) is None:
        raise AgentError(
            f"agent=process:{command}: {words[0]!r} is no program that can be run; give its path, "
            "or a program of PATH, and look that it may be run (chmod +x)"
        )
    return Child(words)


def python_agent(where: str) -> Child:
    """Return the agent of ``module:name`` or ``file.py:name``, in a Python process of its own."""
    return Child([sys.executable, "-m", "scenegen.drive.agents.host", where])
