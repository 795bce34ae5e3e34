"""An evaluation in a few lines for the terminal."""

from __future__ import annotations

import io

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from scenegen.evaluate.evaluation import Evaluation
from scenegen.evaluate.headline import Panel, panels, placed_flags

WIDTH = 100


def summary_text(evaluation: Evaluation, width: int = WIDTH) -> str:
    """Return the headline figures, the flags but for mere notes, and the gate as plain text.

    Parameters
    ----------
    width : int
        Columns of the terminal.
    """
    stream = io.StringIO()
    console = Console(
        file=stream, width=width, color_system=None, force_terminal=False, legacy_windows=False
    )
    for panel in panels(evaluation):
        console.print(_headline(panel))
        for sentence in panel.reading:
            console.print(Text(f"  {sentence}"))
    _flags(evaluation, console)
    _gate(evaluation, console)
    lines = (line.rstrip() for line in stream.getvalue().splitlines())
    return "\n".join(lines).strip("\n") + "\n"


def _headline(panel: Panel) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, expand=False)
    table.add_column(Text(f"{panel.figure} ({panel.better} is better)"))
    for name in ("value", "95 % interval", "n"):
        table.add_column(name, justify="right")
    for line in panel.lines:
        span = line.span
        value, ends = ("–", line.note or "–") if span is None else (span.text, span.range_text)
        table.add_row(*map(Text, (line.text, value, ends, line.n)))
    return table


def _flags(evaluation: Evaluation, console: Console) -> None:
    flags = placed_flags(evaluation)
    grave = [placed for placed in flags if placed.flag.severity != "note"]
    for placed in grave:
        message = placed.flag.message
        named = not placed.dataset or placed.dataset in message
        where = "" if named else f"{placed.dataset}: "
        console.print(Text(f"{placed.flag.severity}: {where}{message}"))
    if len(flags) > len(grave):
        count = len(flags) - len(grave)
        console.print(Text(f"{count} note{'s' if count > 1 else ''} in the report"))


def _gate(evaluation: Evaluation, console: Console) -> None:
    for line in evaluation.gate:
        value = "not defined" if line.value is None else f"{line.value:.4g}"
        verdict = "holds" if line.passed else "FAILS"
        console.print(Text(f"gate {verdict}: {line.rule} on {line.dataset} ({value})"))
