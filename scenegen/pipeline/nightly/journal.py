"""What a night does, as lines of JSON in ``OUT/log.jsonl``.

Each line is an object. ``time`` (UTC, ISO 8601), ``level``, ``event``, ``message`` and ``run`` are
always there; `FIELDS` where they make sense.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from scenegen.pipeline.nightly.redaction import without_secrets

JOURNAL = "log.jsonl"
MOST_BYTES, KEPT = 8_000_000, 3
"""A file grows so far; then it becomes ``log.jsonl.1``, of which so many are kept."""
MOST_CHARACTERS = 2000
"""Of a text in a line."""
FIELDS = ("plan", "scene", "stage", "seconds", "frames", "worker", "reason", "count", "version")
LEVELS = ("debug", "info", "warning", "error")


class Journal:
    """A context in which what scenegen's loggers are told is written down.

    Parameters
    ----------
    out : Path
        Folder of the file, which is appended to.
    level : str
        Least level that is written.
    """

    def __init__(self, out: Path, level: str) -> None:
        self._handler = _Handler(
            out / JOURNAL, maxBytes=MOST_BYTES, backupCount=KEPT, encoding="utf-8", delay=True
        )
        self._handler.setFormatter(_Lines(secrets.token_hex(4)))
        self._handler.setLevel(level.upper())
        self._logger = logging.getLogger("scenegen")

    def __enter__(self) -> Self:
        self._before = self._logger.level
        self._logger.addHandler(self._handler)
        # Infos reach the file; what others' handlers show is theirs to say.
        self._logger.setLevel(min(self._handler.level, self._logger.getEffectiveLevel()))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._logger.setLevel(self._before)
        self._logger.removeHandler(self._handler)
        self._handler.close()


class _Handler(RotatingFileHandler):
    """Lets the night go on where its log can't be written, and says so once."""

    _said = False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        if not self._said:
            self._said = True
            os.write(2, f"{self.baseFilename}: can't be written; the night goes on\n".encode())


class _Lines(logging.Formatter):
    """Formats records as lines of JSON."""

    def __init__(self, run: str) -> None:
        super().__init__()
        self._run = run

    def format(self, record: logging.LogRecord) -> str:
        """Return a line: short, and without secrets."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": getattr(record, "event", "message"),
            "message": _text(record.getMessage()),
            "run": self._run,
        }
        for name in FIELDS:
            value = getattr(record, name, None)
            if value is not None:
                line[name] = _text(value) if isinstance(value, str) else value
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            line["reason"] = _text(f"{type(error).__name__}: {error}")
        return json.dumps(line, ensure_ascii=False)


def _text(text: str) -> str:
    cleaned = without_secrets(text)
    return cleaned if len(cleaned) <= MOST_CHARACTERS else cleaned[: MOST_CHARACTERS - 1] + "…"
