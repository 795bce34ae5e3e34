"""The wheel's list of packages and data files is kept by hand, so it is held against the tree."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
SETUPTOOLS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
    "setuptools"
]
SOURCES = {
    "scenegen": "scenegen",
    "scenegen._conf": "conf",
    "scenegen._scenarios": "scenarios",
    "scenegen._assets": "assets",
}


def files_by_package() -> dict[str, list[Path]]:
    """Return the files of every folder that an installed scenegen needs, by dotted name."""
    found: dict[str, list[Path]] = {}
    for package, folder in SOURCES.items():
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                below = path.parent.relative_to(ROOT / folder).parts
                found.setdefault(".".join((package, *below)), []).append(path)
    return found


def test_every_folder_is_a_package_of_the_wheel() -> None:
    assert sorted(SETUPTOOLS["packages"]) == sorted(files_by_package())


def test_every_file_that_is_no_module_is_package_data() -> None:
    for package, files in files_by_package().items():
        patterns = SETUPTOOLS["package-data"].get(package, [])
        for path in files:
            named = path.suffix == ".py" or any(path.match(pattern) for pattern in patterns)
            assert named, f"{path.relative_to(ROOT)} would be missing from the wheel"


def test_the_folders_of_the_wheel_are_those_of_the_checkout() -> None:
    assert SETUPTOOLS["package-dir"] == SOURCES
