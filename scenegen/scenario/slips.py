"""What people write in an expression who know other languages, and how it is written here."""

from __future__ import annotations

import re

NAMED = (
    "a distribution can't stand inside an expression: give it a name under 'parameters', such as "
    "'more: {uniform: [0 m, 5 m]}', and write '60 m + more' here"
)
DRAWN = frozenset(
    {
        *("fixed", "uniform", "log_uniform", "normal", "truncated_normal", "beta", "exponential"),
        *("discrete", "categorical", "mixture", "empirical", "when"),
    }
)
"""Kinds of distributions, which are no functions."""
TIMED = frozenset({"always", "eventually", "until"})
"""What only monitors ask."""
_SWITCHES = frozenset({"yes", "no", "on", "off", "none", "null"})
_LANE = re.compile(r"\w*(forward|backward)_\d+|(shoulder|parking|sidewalk|verge)_(left|right)\w*")
_RANGE = re.compile(
    r"\s*([\d.]+)\s*([^\d\s-][^-]{0,15}?)?\s*(?:-|to|\.\.+|…|–)\s*([\d.]+)\s*(\S+)\s*"
)
_OPERATORS = {
    "{": NAMED,
    "&": "conditions are joined by 'and'",
    "|": "conditions are joined by 'or'",
    "!": "write 'not' for it",
    "^": "a power is written with **",
    "=": "compare with ==",
    "?": "write where(CONDITION, a, b)",
    "%": "a share is a number and %, such as '5 %'",
    ";": "an expression is one line",
    "±": "write a distribution, such as {normal: [10 m/s, 1 m/s]}",
}


def of_character(text: str) -> str:
    """Return what would be right for what begins with a character that no expression has."""
    hint = _OPERATORS.get(text[:1], "")
    return f"; {hint}" if hint else ""


def of_whole(text: str) -> str:
    """Return what would be right for a text that can't be read as an expression."""
    if re.match(r"\s*if\b", text):
        return "; write where(CONDITION, a, b) for 'if CONDITION then a else b'"
    if text.count("(") != text.count(")"):
        more = ")" if text.count("(") > text.count(")") else "("
        cut = "within […] or {…} YAML cuts at commas: put it in quotes"
        return f"; a {more!r} is missing ({cut})"
    if re.search(r"\d\s*[xX×]\s*\d|\w\s+[xX×]\s+[\d(]", text):
        return "; multiply with *"
    if re.search(r"\d,\d", text):
        return "; a number has a point and no comma, as in '50.5 km/h'"
    if found := _RANGE.fullmatch(text):
        low, unit, high, last = found.groups()
        return f"; for a range write {{uniform: [{low} {unit or last}, {high} {last}]}}"
    return ""


def of_name(name: str, texts: bool) -> str:
    """Return what would be right for a name that nothing has.

    Parameters
    ----------
    name : str
    texts : bool
        Whether there are parameters that are texts, which are compared with others.
    """
    if name.lower() in _SWITCHES:
        return "; write true or false"
    if _LANE.fullmatch(name):
        return f"; a lane goes in quotes: '{name}'"
    return f"; a text goes in quotes: '{name}'" if texts else ""


def of_function(name: str) -> str:
    """Return what would be right for a function that there isn't."""
    if name in DRAWN:
        return f"; a distribution is a value by itself: {{{name}: …}}"
    return "; it is for 'monitors', over the run of a scene" if name in TIMED else ""
