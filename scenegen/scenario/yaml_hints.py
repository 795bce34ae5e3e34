"""What was meant where a text is no YAML: the usual slips, by what the parser stumbles over."""

from __future__ import annotations

import re
from typing import Any

from ruamel.yaml.error import MarkedYAMLError

from scenegen.scenario.document import COMMAS
from scenegen.scenario.slips import NAMED

NEAR = 80
"""Characters on each side of a slip that are looked at; lines may be endless."""
_INSIDE = re.compile(r"[^\s:,\[{(-]\s{0,3}[-+*/<>=]\s{0,3}\{\s{0,3}\w{1,30}\s{0,3}:")
_NO_COLON = re.compile(r"[{,]\s*\w+\s+$")


def explained(  # noqa: PLR0911 - one for each slip
    error: MarkedYAMLError, text: str
) -> tuple[str, Any]:
    """Return what is wrong and the mark of its place.

    Parameters
    ----------
    error : MarkedYAMLError
    text : str
        All of the document.
    """
    mark, start = error.problem_mark or error.context_mark, error.context_mark
    told = " ".join(str(error.problem or error.context or "not YAML").split())
    if mark is None:
        return told, None
    lines = text.splitlines()
    line = lines[mark.line] if mark.line < len(lines) else ""
    before = line[max(mark.column - NEAR, 0) : mark.column]
    if _INSIDE.search(before + line[mark.column : mark.column + NEAR]):
        return NAMED, mark
    if "'\\t'" in told or line[mark.column : mark.column + 1] == "\t":
        return "a line is indented with blanks, not with a tab", mark
    if told == "but found another document":
        return "a file is one document: take the '---' away, or what follows it", mark
    if told.startswith("mapping values are not allowed"):
        return (
            f"{told} (a text with ': ' in it goes in quotes; keys of a mapping stand in line)",
            mark,
        )
    if told.startswith("could not find expected ':'") and start is not None:
        return "this line has no 'key: value', with a blank after the colon", start
    if "end of stream" in told and start is not None and "quoted" in str(error.context):
        return "the quotes that begin here are never closed", start
    if told.startswith("expected <block end>") and start is not None:
        column = start.column + 1
        more = (
            f"{told} (indent the line as those it belongs to: they begin at line {start.line + 1}"
            f", column {column})"
        )
        return more, mark
    if told.startswith(("expected ',' or '}'", "expected ',' or ']'")) and start is not None:
        bracket = told[17]
        opened = f"the bracket that opens at {start.line + 1}:{start.column + 1}"
        if _NO_COLON.search(before):
            return "a ': ' is missing before the '['", mark
        if told.endswith(("'['", "'<scalar>'")):
            return f"{told}; {COMMAS}", mark
        return f"{told} (a comma or the {bracket!r} is missing of {opened})", mark
    return told, mark
