"""An MCAP file with protobuf messages, and labels as JSON."""

from __future__ import annotations

from types import TracebackType
from typing import BinaryIO, Self

from mcap.well_known import MessageEncoding
from mcap.writer import Writer
from mcap_protobuf.schema import register_schema

from scenegen.exports.mcap.messages import Message

_NO_SCHEMA = 0
"""Of JSON, which viewers take without one."""


class McapFile:
    """Writes messages; log and publish times are those of the scene, from 0."""

    def __init__(self, file: BinaryIO) -> None:
        self._writer = Writer(file)
        self._channels: dict[str, int] = {}
        self._writer.start(library="scenegen")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._writer.finish()

    def add_metadata(self, name: str, content: dict[str, str]) -> None:
        """Write what is said of the file as a whole."""
        self._writer.add_metadata(name, content)

    def write(self, message: Message) -> None:
        """Write a message; its topic's channel comes with the first."""
        content, topic = message.content, message.topic
        as_json = isinstance(content, bytes)
        if topic not in self._channels:
            schema = _NO_SCHEMA if as_json else register_schema(self._writer, type(content))
            encoding = MessageEncoding.JSON if as_json else MessageEncoding.Protobuf
            self._channels[topic] = self._writer.register_channel(topic, encoding, schema)
        self._writer.add_message(
            channel_id=self._channels[topic],
            log_time=message.time_ns,
            data=content if as_json else content.SerializeToString(),
            publish_time=message.time_ns,
        )
