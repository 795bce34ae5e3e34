"""Which rows of the index somebody wants: a condition as text, or as pyarrow has it.

Python's own parser reads the text, and only what is named here becomes part of the condition:
columns, numbers, texts, ``True``, ``False``, ``None``, arithmetic, comparisons, ``in``, ``and``,
``or`` and ``not``. Columns have the units of docs/dataset.md.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from functools import reduce
from operator import add, and_, eq, ge, gt, le, lt, mul, ne, or_, sub, truediv
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from scenegen.dataset.parquet import filter_table
from scenegen.errors import InputError, nearest

_ROW = "\0row"
_QUOTED = re.compile(r"`([^`]*)`")
_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: add,
    ast.Sub: sub,
    ast.Mult: mul,
    ast.Div: truediv,
}
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: eq,
    ast.NotEq: ne,
    ast.Lt: lt,
    ast.LtE: le,
    ast.Gt: gt,
    ast.GtE: ge,
}
MAX_LENGTH = 2000


def chosen_rows(table: pa.Table, condition: pc.Expression | str) -> npt.NDArray[np.int64]:
    """Return the numbers (N,) of the rows for which a condition holds, in order.

    Where a value that it asks for is null, it doesn't hold.

    Raises
    ------
    InputError
        It is no condition, names a column that isn't there, or compares what can't be compared.
    """
    if isinstance(condition, str):
        condition = parse_condition(condition, table.schema.names)
    numbered = table.append_column(_ROW, pa.array(np.arange(table.num_rows)))
    try:
        rows = filter_table(numbered, condition)[_ROW]
    except pa.ArrowException as error:
        raise InputError(f"filter: {_explained(str(error), table.schema.names)}") from error
    return np.asarray(rows.to_numpy(), dtype=np.int64)


def parse_condition(text: str, columns: Sequence[str]) -> pc.Expression:
    """Return the condition of a text such as ``count.person > 0 and sensor == 'front'``.

    Names that are no words of Python stand in backquotes: ```count.traffic light` > 0``.

    Raises
    ------
    InputError
        ``filter:line:column`` and what is wrong there.
    """
    if len(text) > MAX_LENGTH:
        raise InputError(f"filter: {len(text)} characters; at most {MAX_LENGTH} are read")
    names: dict[str, str] = {}

    def word(match: re.Match[str]) -> str:
        # Of the same length, so that columns in messages are those of the text.
        placeholder = f"_{len(names)}".ljust(len(match[0]), "_")
        names[placeholder] = match[1]
        return placeholder

    try:
        tree = ast.parse(_QUOTED.sub(word, text), "filter", "eval")
    except SyntaxError as error:
        place = f"filter:{error.lineno or 1}:{error.offset or len(text) + 1}"
        raise InputError(
            f"{place}: {error.msg}; a filter is like count.person > 0 and sensor == 'front'"
        ) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise InputError("filter: can't be read; it is nested too deeply or no text") from error
    found = _Reader(names, columns).read(tree.body)
    return found if isinstance(found, pc.Expression) else pc.scalar(found)


class _Reader:
    """Turns Python's tree into pyarrow's condition."""

    def __init__(self, names: dict[str, str], columns: Sequence[str]) -> None:
        self._names, self._columns = names, columns

    def read(self, node: ast.expr) -> Any:  # noqa: PLR0911 - one for each kind of node
        match node:
            case ast.Constant(value=bool() | int() | float() | str() | None as value):
                return value
            case ast.Name() | ast.Attribute():
                return pc.field(self._column(node))
            case ast.BoolOp(op=op, values=values):
                return reduce(
                    and_ if isinstance(op, ast.And) else or_, [self._truth(v) for v in values]
                )
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return ~self._truth(operand)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self._calculated(node, ast.Sub(), ast.Constant(0), operand)
            case ast.BinOp(op=op, left=left, right=right) if type(op) in _ARITHMETIC:
                return self._calculated(node, op, left, right)
            case ast.Compare(left=left, ops=ops, comparators=others):
                sides = [left, *others]
                pairs = zip(sides, ops, sides[1:], strict=False)
                return reduce(and_, [self._compared(a, op, b) for a, op, b in pairs])
            case _:
                raise _wrong(node, "is no part of a filter")

    def _calculated(self, node: ast.expr, op: ast.operator, a: ast.expr, b: ast.expr) -> Any:
        left, right = self.read(a), self.read(b)
        return self._done(node, _ARITHMETIC[type(op)], left, right)

    def _done(self, node: ast.expr, what: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
        try:
            if isinstance(right, pc.Expression) and not isinstance(left, pc.Expression):
                left = pc.scalar(left)
            return what(left, right)
        except (ArithmeticError, TypeError, ValueError, pa.ArrowException) as error:
            raise _wrong(node, f"can't be worked out ({error})") from error

    def _truth(self, node: ast.expr) -> pc.Expression:
        value = self.read(node)
        if isinstance(value, bool):
            return pc.scalar(value)
        if not isinstance(value, pc.Expression):
            raise _wrong(node, "is neither true nor false")
        return value

    def _compared(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> pc.Expression:
        if isinstance(op, ast.Is | ast.IsNot):
            if not (isinstance(right, ast.Constant) and right.value is None):
                raise _wrong(right, "'is' goes with None")
            missing = self._expression(left).is_null()
            return missing if isinstance(op, ast.Is) else ~missing
        if isinstance(op, ast.In | ast.NotIn):
            if not isinstance(right, ast.List | ast.Tuple):
                raise _wrong(right, "'in' goes with a list, such as ['front', 'rear']")
            options = [self.read(item) for item in right.elts]
            if any(isinstance(option, pc.Expression) for option in options):
                raise _wrong(right, "a list holds numbers or texts, no columns")
            value = self._expression(left)
            among = reduce(
                or_, [self._done(right, eq, value, o) for o in options], pc.scalar(False)
            )
            return among if isinstance(op, ast.In) else ~among
        compare, value = _COMPARISONS[type(op)], self._expression(left)
        return cast("pc.Expression", self._done(right, compare, value, self.read(right)))

    def _expression(self, node: ast.expr) -> pc.Expression:
        value = self.read(node)
        return value if isinstance(value, pc.Expression) else self._done(node, _scalar, value, None)

    def _column(self, node: ast.expr) -> str:
        words, at = [], node
        while isinstance(at, ast.Attribute):
            words.append(at.attr)
            at = at.value
        if not isinstance(at, ast.Name):
            raise _wrong(node, "is no name of a column")
        words.append(self._names.get(at.id, at.id))
        name = ".".join(reversed(words))
        if name not in self._columns:
            raise _wrong(node, f"no column is called {name!r}{nearest(name, self._columns)}")
        return name


def _scalar(value: Any, _: None) -> pc.Expression:
    return pc.scalar(value)


def _wrong(node: ast.expr, what: str) -> InputError:
    place = f"filter:{node.lineno}:{node.col_offset + 1}"
    text = "" if what.startswith("no ") else f"{ast.unparse(node)!r} "
    return InputError(f"{place}: {text}{what}")


def _explained(message: str, columns: Sequence[str]) -> str:
    """Say what pyarrow found wrong in the words of an index."""
    name = re.search(r"No match for FieldRef\.Name\((.*?)\) in", message)
    if name is not None:
        return f"no column is called {name[1]!r}{nearest(name[1], columns)}"
    return message.splitlines()[0]
