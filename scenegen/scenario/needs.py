"""The order in which parameters are read: those first that others name."""

from __future__ import annotations

import re
from typing import Any

_WORD = re.compile(r"[A-Za-z_]\w*")


def in_order_of_need(pending: dict[str, Any]) -> dict[str, Any]:
    """Return parameters as users wrote them, each after those whose names stand in it.

    Where they need each other in a circle, any order. Takes time in proportion to the text,
    while trying each until it can be read takes its square.
    """
    needs = {name: _named_in(raw, pending) for name, raw in pending.items()}
    order: dict[str, Any] = {}
    for root in pending:
        path, seen = [root], {root}
        while path:
            name = path[-1]
            missing = next((n for n in needs[name] if n not in order and n not in seen), None)
            if missing is None:
                order.setdefault(name, pending[name])
                path.pop()
            else:
                seen.add(missing)
                path.append(missing)
    return order


def _named_in(raw: Any, names: dict[str, Any]) -> list[str]:
    return [word for word in dict.fromkeys(_WORD.findall(str(raw))) if word in names]
