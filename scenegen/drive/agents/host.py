"""``python -m scenegen.drive.agents.host module:name``: a Python callable as an agent's program.

The callable is given each message (a dict, see `messages`) and returns the answer. What it
prints goes to stderr, since stdout is for answers.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any


def load(where: str) -> Callable[[dict[str, Any]], dict[str, Any] | None]:
    """Return what ``module:name`` or ``path/to/file.py:name`` names; a class is made an object."""
    place, _, name = where.rpartition(":")
    if place.endswith(".py"):
        spec = importlib.util.spec_from_file_location(Path(place).stem, place)
        if spec is None or spec.loader is None:
            raise ImportError(f"{place} is no Python file")
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
    else:
        sys.path.insert(0, os.getcwd())  # noqa: PTH109 - as python -m does
        module = importlib.import_module(place)
    found = getattr(module, name)
    made = found() if isinstance(found, type) else found
    if not callable(made):
        raise TypeError(f"{where} can't be called")
    return made  # type: ignore[no-any-return]


def main() -> None:
    """Answer each line of stdin on stdout until it ends."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    agent = load(sys.argv[1])
    for line in sys.stdin:
        answer = agent(json.loads(line))
        answers.write(json.dumps(answer or {}) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
