"""Imports go one way, and heavy libraries stay where they belong."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "scenegen"
LAYERS: tuple[tuple[str, ...], ...] = (
    ("errors", "seeds", "geometry", "resources"),
    ("records",),
    ("scenario",),
    ("roads", "assets"),
    (
        *("sample", "simulate", "monitor", "render", "ranging", "annotate", "dataset", "report"),
        *("evaluate", "interchange", "exports"),
    ),
    ("refine", "drive", "search"),
    ("pipeline",),
    ("api", "verbs"),
    ("__init__", "cli"),
    ("__main__",),
)
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
OWNERS = {
    "pybullet": {"simulate"},
    "moderngl": {"render"},
    "OpenGL": {"render"},
    "pyrender": {"render"},
    "gymnasium": {"drive"},
    "zmq": {"drive"},
    "embreex": {"geometry", "annotate", "ranging"},
    "hydra": {"cli"},
    "omegaconf": {"cli"},
    "torch": {"pipeline", "evaluate", "refine", "drive"},
    "efficientnet_lite_pytorch": {"evaluate"},
    "pycocotools": {"evaluate", "exports"},
    "onnxruntime": {"evaluate"},
    "ijson": {"evaluate"},
    "c2pa": {"dataset"},
    "cryptography": {"dataset"},
    "rerun": {"exports"},
    "mcap": {"exports"},
    "mcap_protobuf": {"exports"},
    "foxglove_schemas_protobuf": {"exports"},
    "google": {"exports"},
    "ruamel": {"scenario", "assets"},
    "fast_simplification": {"assets"},
    "cmaes": {"search"},
    "sklearn": {"search"},
}
# The report draws and exports write what the data set's reader returns; an evaluation reads
# data sets and shares the report's charts.
ALLOWED_SIBLINGS = {
    *(("report", "dataset"), ("exports", "dataset")),
    *(("evaluate", "dataset"), ("evaluate", "report")),
}
FILES = sorted(PACKAGE.rglob("*.py"))


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports_of(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write imports from the top"
            names.add(node.module or "")
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_go_down(path: Path) -> None:
    here = part_of(path)
    for name in imports_of(path):
        words = name.split(".")
        if words[0] in OWNERS:
            assert here in OWNERS[words[0]], f"{path} must not import {words[0]}"
        if words[0] != "scenegen" or len(words) < 2 or words[1] == "__version__":
            continue
        there = words[1]
        if here == there or (here, there) in ALLOWED_SIBLINGS:
            continue
        assert LEVEL[there] < LEVEL[here], f"{path}: {here} must not import {there}"


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import sys, scenegen, scenegen.cli; print(*sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    loaded = {name.split(".")[0] for name in result.stdout.split()}
    assert not loaded & {"torch", "pybullet", "moderngl", "OpenGL", "pyrender", "hydra", "cv2"}
