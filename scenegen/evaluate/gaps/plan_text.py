"""A proposal as the YAML of a plan, with a comment on each entry that says why."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from scenegen.evaluate.classes import LabelSpace
from scenegen.evaluate.gaps.profile import Profile, cell_words
from scenegen.evaluate.gaps.proposal import Aim, Entry, Proposal
from scenegen.evaluate.images import F64
from scenegen.scenario import parse_plan

_PLAIN = re.compile(r"[A-Za-z0-9_./+-][A-Za-z0-9_./+ -]*")
_WIDTH = 96
_REASONS = 3


def plan_text(
    proposal: Proposal,
    aim: Aim,
    profile: Profile,
    space: LabelSpace,
    names: tuple[str, str],
    library: Path | None = None,
) -> str:
    """Return the YAML of a plan; made sure that it reads back as one.

    Parameters
    ----------
    profile : Profile
        Any with the cells that the content of `proposal` goes by.
    names : (str, str)
        Of the synthetic set and of the real one.
    """
    mixture = proposal.mixture
    synthetic, real = names
    scenes = sum(entry.num_scenes for entry in proposal.entries)
    head = (
        f"{scenes} scenes to add to {synthetic}, so that both together come nearer to {real} where "
        "the model trained on synthetic pictures errs most. Expected of the content, weighted by "
        f"error: {mixture.misfit_before:.0%} apart before, {mixture.misfit_after:.0%} after."
    )
    lines = [*_comment(head), f"plan: {plan_name(synthetic)}", "generate:"]
    for entry in proposal.entries:
        lines += [f"  {line}" for line in _entry_lines(entry, proposal, aim, profile, space)]
    text = "\n".join(lines) + "\n"
    parse_plan(text, f"proposal for {synthetic}", Path(), library)
    return text


def plan_name(dataset: str) -> str:
    """Return what the plan after a data set is called."""
    return "after_" + (re.sub(r"\W+", "_", dataset, flags=re.ASCII).strip("_") or "this")[:50]


def _entry_lines(
    entry: Entry, proposal: Proposal, aim: Aim, profile: Profile, space: LabelSpace
) -> Iterable[str]:
    yield from _comment(_why(entry, proposal, aim, profile, space))
    for note in entry.notes:
        yield from _comment(note)
    yield f"- scenario: {flow(entry.base)}"
    yield f"  name: {entry.name}"
    yield f"  num_scenes: {entry.num_scenes}"
    if entry.override:
        yield "  override:"
        for path, value in entry.override.items():
            yield f"    {path}: {flow(value)}"


def _why(entry: Entry, proposal: Proposal, aim: Aim, profile: Profile, space: LabelSpace) -> str:
    before = proposal.mixture.before
    parts = [
        f"{cell_words(profile.cells[k], space)} {_amount(entry.gives[k])} (set "
        f"{_amount(before[k])}, real {_amount(aim.target[k])}; {aim.weights[k]:.0%} of the error)"
        for k in _strong(entry.gives, before, aim)
    ]
    gives = "; ".join(parts) or "nothing that lacks, for variety"
    text = f"{entry.scenario} has, a picture: {gives}."
    if entry.condition.words:
        words = " and ".join(entry.condition.words.values())
        text += f" {words}: {entry.condition.share:.0%} of what is to be added."
    return text


def _strong(gives: F64, before: F64, aim: Aim) -> list[int]:
    """Return the kinds of content that lack and that a scenario has more of, by their weight."""
    lacking = np.maximum(aim.target - before, 0.0)
    gain = np.minimum(gives - before, lacking)
    scale = np.maximum(aim.target, 1e-12)
    worth = np.where(gain > 0.02 * scale, aim.weights * gain / scale, 0.0)
    order = np.argsort(-worth, kind="stable")[:_REASONS]
    return [int(k) for k in order if worth[k] > 0]


def _amount(number: float) -> str:
    return f"{number:.2g}"


def _comment(text: str) -> list[str]:
    return [f"# {line}" for line in textwrap.wrap(text, _WIDTH)]


def flow(value: Any) -> str:
    """Return a value in YAML's flow form, unquoted where that is safe."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{flow_key(k)}: {flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    if isinstance(value, str) and _PLAIN.fullmatch(value) and not _meant_otherwise(value):
        return value
    return json.dumps(value, ensure_ascii=False)


def flow_key(key: Any) -> str:
    """Return a key of a mapping."""
    return str(key) if isinstance(key, int) else flow(str(key))


def _meant_otherwise(text: str) -> bool:
    """Whether YAML would read a text, unquoted, as a number, a truth or nothing."""
    if text.lower() in {"true", "false", "null", "yes", "no", "on", "off"} or text[0] in "-+.":
        return not re.fullmatch(r"[-+]?[0-9.]+ [a-z].*", text)
    return bool(re.fullmatch(r"[0-9][0-9_.eExXoO:+-]*", text)) or text.endswith(" ")
