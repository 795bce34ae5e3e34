"""Which code makes what a stage makes: the digest of all modules that it is made by."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

import scenegen

_ROOT = Path(scenegen.__file__).parent
_PACKAGE = "scenegen"


@lru_cache
def code_digest(*modules: str) -> str:
    """Return the digest of some modules and of all that they import from scenegen.

    Data beside a module, such as shaders, counts with it. What stands under ``TYPE_CHECKING``
    never runs; ``__init__`` of a package counts where something is imported from the package
    itself.

    Parameters
    ----------
    *modules : str
        As ``scenegen.simulate.run``.
    """
    total = hashlib.sha256()
    for path in sorted(_with_data(closure(modules))):
        name = path.relative_to(_ROOT).as_posix()
        total.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


def closure(modules: tuple[str, ...]) -> set[Path]:
    """Return the files of some modules and of all that they import, at once or in a function."""
    found: set[Path] = set()
    todo = [_file(module) for module in modules]
    while todo:
        path = todo.pop()
        if path is None or path in found:
            continue
        found.add(path)
        todo += [_file(name) for name in _imports(path)]
    return found


def _with_data(files: set[Path]) -> set[Path]:
    folders = {path.parent for path in files} - {_ROOT}
    data = {
        path
        for folder in folders
        for path in folder.iterdir()
        if path.is_file() and path.suffix not in {".py", ".pyc"}
    }
    return files | data


def _file(module: str) -> Path | None:
    """Return where a module is; None if it is none of ours, or only a name in one."""
    parts = module.split(".")
    if parts[0] != _PACKAGE:
        return None
    path = _ROOT.joinpath(*parts[1:])
    if path.is_dir():
        return path / "__init__.py"
    return path.with_suffix(".py") if path.with_suffix(".py").is_file() else None


@cache
def _imports(path: Path) -> tuple[str, ...]:
    return tuple(_imported(ast.parse(path.read_bytes())))


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
        return
    if isinstance(node, ast.ImportFrom) and node.module:
        for alias in node.names:
            inner = f"{node.module}.{alias.name}"
            yield inner if _file(inner) is not None else node.module
    elif isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    for child in ast.iter_child_nodes(node):
        yield from _imported(child)
