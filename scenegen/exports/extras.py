"""Libraries that few need, and so come as an extra."""

from __future__ import annotations

from importlib.util import find_spec

from scenegen.errors import InputError


def needs(modules: tuple[str, ...], what: str, extra: str) -> None:
    """Raise InputError, saying how to install them, if modules are missing.

    Parameters
    ----------
    modules : tuple of str
        Names as they are imported.
    what : str
        What can't be done without.
    extra : str
        Of scenegen, that brings them.
    """
    missing = [name for name in modules if find_spec(name) is None]
    if missing:
        raise InputError(
            f"{what} needs {' and '.join(missing)}, which is not installed: "
            f"pip install 'scenegen[{extra}]'"
        )
