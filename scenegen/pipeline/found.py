"""What happened in several runs of a scenario, like things together."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf

from scenegen.monitor import Finding

LISTED = 16
"""Findings that are told at most."""
_OF_A_ROW = re.compile(r"\b([A-Za-z]\w*)_\d+\b")


@dataclass(frozen=True)
class Found:
    """The same finding in several runs.

    Attributes
    ----------
    runs : tuple of int
        Indices of the scenes.
    shown : Finding
        The earliest one, or the longest of what lasts.
    index : int
        The scene of that one.
    """

    runs: tuple[int, ...]
    shown: Finding
    index: int

    def told(self, count: int) -> str:
        """Return it as a line, of so many runs in all."""
        one = self.shown
        text = f"{one.who}: {one.what} in {len(self.runs)} of {count} runs"
        if one.time_s is None:
            return f"{text} ({one.why})" if one.why else text
        why = f", {one.why}" if one.why else ""
        if one.lasts:
            return f"{text}{why}; longest {one.when} (run {self.index})"
        # Of what happens at once, the reason is that of the run that is told.
        return f"{text}; first {one.when} (run {self.index}){why}"


def gathered(findings: Mapping[int, Sequence[Finding]], names: Container[str]) -> tuple[Found, ...]:
    """Return the findings of runs by scene index, the ego's first, then those of most runs.

    Stands are alike if they are for the same; other things whatever their numbers are.

    Parameters
    ----------
    names : container of str
        Actors of the scenario: ``walker_3``, if it is none, is one of the row ``walker``.
    """
    like: dict[tuple[str, str, str], list[tuple[int, Finding]]] = {}
    for index, some in findings.items():
        for one in some:
            named = replace(
                one, who=_rows(one.who, names), what=_rows(one.what, names),
                why=_rows(one.why, names),
            )  # fmt: skip
            key = (named.who, named.what, named.why if named.lasts else "")
            like.setdefault(key, []).append((index, named))
    found = [_together(each) for each in like.values()]
    return tuple(sorted(found, key=lambda one: (one.shown.who != "ego", -len(one.runs))))


def lines(found: Sequence[Found], count: int) -> list[str]:
    """Return the first `LISTED` of them as lines, and how many more there are."""
    told = [one.told(count) for one in found[:LISTED]]
    more = len(found) - LISTED
    return [*told, f"and {more} more"] if more > 0 else told


def _together(each: Sequence[tuple[int, Finding]]) -> Found:
    index, shown = min(each, key=lambda pair: _rank(pair[1]))
    return Found(tuple(dict.fromkeys(index for index, _ in each)), shown, index)


def _rank(one: Finding) -> float:
    """Return what is least for the one to show."""
    if one.time_s is None:
        return 0.0
    return one.time_s - (inf if one.until_s is None else one.until_s) if one.lasts else one.time_s


def _rows(text: str, names: Container[str]) -> str:
    """Return a text with bodies of a row called as the row is."""
    return _OF_A_ROW.sub(lambda m: m[0] if m[0] in names else m[1] if m[1] in names else m[0], text)
