"""Where the folders lie that users read and write beside the package: conf, scenarios and assets.

A checkout keeps them at its top level; an installed wheel carries them inside the
package as ``_conf``, ``_scenarios`` and ``_assets``.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def resource_folder(name: str) -> Path:
    """Return the folder of ``conf``, ``scenarios`` or ``assets``.

    Raises
    ------
    FileNotFoundError
        The installation is incomplete.
    """
    for folder in (_PACKAGE.parent / name, _PACKAGE / f"_{name}"):
        if folder.is_dir() and any(folder.rglob("*.yaml")):
            return folder
    raise FileNotFoundError(f"scenegen was installed without its {name!r} folder; install it again")
