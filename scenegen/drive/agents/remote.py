"""An agent that runs elsewhere and answers over ZeroMQ: in other languages, in containers."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from scenegen.drive.actions import Action
from scenegen.drive.agents.messages import (
    MAX_ANSWER,
    action_of,
    begin_message,
    read_answer,
    step_message,
)
from scenegen.drive.agents.packing import Form, as_frame, wanted
from scenegen.drive.agents.protocol import AgentError, Briefing
from scenegen.drive.state import State

_FORMS = ("tcp://", "ipc://")
Read = TypeVar("Read")


class Remote:
    """Asks an agent that listens at an endpoint; see `messages`.

    The agent's socket is a REP (or a ROUTER, which tells several episodes apart). A message has
    its JSON as the first frame and pictures and sweeps, if it asked for any, as the others; an
    answer has one frame of JSON. Each episode has a connection of its own, so that an answer
    which comes too late is lost with it.

    Parameters
    ----------
    endpoint : str
        ``tcp://host:port`` or ``ipc://path``.
    connect_s, begin_s, act_s : float
        How long it may take to be there, and to answer ``begin`` and ``step``.

    Raises
    ------
    AgentError
        pyzmq is missing, or this is no endpoint.
    """

    def __init__(
        self,
        endpoint: str,
        connect_s: float = 10.0,
        begin_s: float = 60.0,
        act_s: float = 5.0,
    ) -> None:
        try:
            import zmq  # noqa: PLC0415 - only whoever asks for it needs it
        except ImportError as error:
            raise AgentError(
                f"agent=zmq needs pyzmq ({error}): pip install 'scenegen[remote]'"
            ) from error
        if not endpoint.startswith(_FORMS):
            raise AgentError(
                f"agent=zmq:{endpoint}: an endpoint is such as zmq:tcp://127.0.0.1:5555"
            )
        self._zmq: Any = zmq
        self._endpoint = endpoint
        self._connect_s, self._begin_s, self._act_s = connect_s, begin_s, act_s
        self._socket: Any = None
        self._monitor: Any = None
        self.sensors: Sequence[str] = ()
        self._form: Form = "png"

    def begin(self, briefing: Briefing) -> None:
        """Tell of a new episode over a new connection, and wait until the agent is ready."""
        self._connect()
        answer = self._ask(begin_message(briefing), [], self._begin_s)
        self.sensors, self._form = self._checked(wanted, answer)

    def act(self, state: State) -> Action | None:
        """Tell of a decision and return the answer.

        Raises
        ------
        AgentError
            The agent has gone, is too late, or answers no action.
        """
        frames: list[bytes] = []
        told = step_message(state, partial(as_frame, form=self._form, frames=frames))
        return self._checked(action_of, self._ask(told, frames, self._act_s))

    def close(self) -> None:
        """Hang up; twice is once."""
        socket, self._socket = self._socket, None
        if socket is not None:
            socket.disable_monitor()
            self._monitor.close(linger=0)
            socket.close(linger=0)

    def _connect(self) -> None:
        zmq = self._zmq
        self.close()
        context = zmq.Context.instance()
        self._socket = context.socket(zmq.DEALER)
        self._monitor = self._socket.get_monitor_socket(
            zmq.EVENT_CONNECTED | zmq.EVENT_DISCONNECTED
        )
        self._socket.setsockopt(zmq.MAXMSGSIZE, MAX_ANSWER)
        try:
            self._socket.connect(self._endpoint)
        except zmq.ZMQError as error:
            self.close()
            raise AgentError(f"{self._endpoint} is no endpoint: {error}") from error
        if not self._monitor.poll(1000 * self._connect_s):
            self.close()
            raise AgentError(f"nobody listens at {self._endpoint} within {self._connect_s:g} s")
        self._monitor.recv_multipart()

    def _ask(self, message: dict[str, Any], frames: list[bytes], seconds: float) -> dict[str, Any]:
        if self._socket is None:
            raise AgentError("the connection to the agent has ended")
        try:
            until = time.monotonic() + seconds
            told = json.dumps(message, separators=(",", ":")).encode()
            # What a REP takes for the way back goes first, up to an empty frame.
            self._socket.send_multipart([b"", told, *frames], flags=self._zmq.Flag.DONTWAIT)
            return self._answer(until, seconds)
        except self._zmq.Again as error:
            self.close()
            raise AgentError(f"the agent at {self._endpoint} has gone") from error
        except AgentError:
            self.close()
            raise

    def _answer(self, until: float, seconds: float) -> dict[str, Any]:
        zmq = self._zmq
        poller = zmq.Poller()
        poller.register(self._socket, zmq.POLLIN)
        poller.register(self._monitor, zmq.POLLIN)
        ready = dict(poller.poll(max(0.0, 1000.0 * (until - time.monotonic()))))
        if self._socket in ready:
            parts = self._socket.recv_multipart()
            if len(parts) != 2 or parts[0]:
                raise AgentError(f"an answer of {len(parts)} frames, not of one with JSON")
            return read_answer(parts[1])
        if self._monitor in ready:
            raise AgentError(
                f"the agent at {self._endpoint} has gone, "
                f"or has answered with more than {MAX_ANSWER:,} bytes"
            )
        raise AgentError(f"no answer within {seconds:g} s")

    def _checked(self, read: Callable[[dict[str, Any]], Read], answer: dict[str, Any]) -> Read:
        """Return what an answer says, or hang up on who gave it."""
        try:
            return read(answer)
        except AgentError:
            self.close()
            raise
