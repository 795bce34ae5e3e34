"""Secrets are blacked out of whatever is written about a run."""

from __future__ import annotations

import os
import re

BLACK = "***"
LEAST = 6
"""Shorter values of the environment are no secrets: blacking them out would garble texts."""

_USERINFO = re.compile(r"(?<=://)[^\s/@'\"]+(?=@)")
_NAMED = re.compile(
    r"(?i)((?:x-amz-(?:signature|credential|security-token)|authorization|password|passwd|secret"
    r"|token|signature|api[-_]?key|access[-_]?key(?:[-_]?id)?)"
    r"['\"]?\s*[=:]\s*(?:(?:bearer|basic)\s+)?)(?:'[^']*'|\"[^\"]*\"|[^\s&'\",;}]+)"
)
_SECRET_NAME = re.compile(
    r"(?i)(secret|token|password|passwd|credential|api_?key|access_?key|account_?key|private_?key"
    r"|sas|connection_string|otlp(_traces)?_headers)"
)


def without_secrets(text: str) -> str:
    """Return a text with credentials blacked out.

    These are user names and passwords in URLs, signed parts of queries, what follows words such
    as ``password=``, and values of variables of the environment that are named like secrets.
    """
    for value in _values():
        text = text.replace(value, BLACK)
    return _NAMED.sub(rf"\g<1>{BLACK}", _USERINFO.sub(BLACK, text))


def _values() -> list[str]:
    """Return the environment's secrets, the longest first."""
    found = {v for name, v in os.environ.items() if _SECRET_NAME.search(name) and len(v) >= LEAST}
    found |= {part.partition("=")[2] for v in found for part in v.split(",") if "=" in part}
    plain = (v for v in found if len(v) >= LEAST and not v.startswith(("/", "true", "false")))
    return sorted(plain, key=len, reverse=True)
