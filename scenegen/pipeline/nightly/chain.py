"""The stages of a scene, one after another, and the keys under which they are stored."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scenegen.dataset import describe_platform
from scenegen.dataset.canonical import canonical_json
from scenegen.pipeline.layers import layers_of
from scenegen.pipeline.nightly.code import code_digest
from scenegen.pipeline.nightly.store import key_of
from scenegen.render import info as opengl_info
from scenegen.resources import resource_folder

if TYPE_CHECKING:
    from scenegen.pipeline.config import GenerateConfig
    from scenegen.pipeline.nightly.store import Made
    from scenegen.scenario import LogicalScenario

SIMULATING = "scenegen.pipeline.nightly.simulating"
DRAWING = "scenegen.pipeline.nightly.drawing"
LABELLING = "scenegen.pipeline.nightly.labelling"
WEIGHTS = "refiner"
"""Assets that no scene is made of: they have digests of their own."""


@dataclass(frozen=True)
class Grounds:
    """All that every scene of a plan depends on, beside its own scenario and index.

    Attributes
    ----------
    seed : int
    code : dict of str to str
        By stage, the digest of what makes it.
    simulated_on, drawn_on : dict
        Packages, processor and OpenGL renderer that bytes depend on.
    assets : str
        Digest of the files of the catalogue.
    config : GenerateConfig
        Sensors, quality and layers.
    """

    seed: int
    code: dict[str, str]
    simulated_on: dict[str, Any]
    drawn_on: dict[str, Any]
    assets: str
    config: GenerateConfig

    def simulate_key(self, logical: LogicalScenario, index: int) -> str:
        """Return the key of a scene's run."""
        return key_of(
            "simulate",
            {
                "code": self.code["simulate"],
                "on": self.simulated_on,
                "assets": self.assets,
                "scenario": logical.digest,
                "monitors": {name: formula.text for name, formula in logical.monitors.items()},
                "seed": self.seed,
                "index": index,
            },
        )

    def draw_key(self, simulated: Made) -> str:
        """Return the key of what a scene's sensors measure."""
        return key_of(
            "draw",
            {
                "code": self.code["draw"],
                "on": self.drawn_on,
                "assets": self.assets,
                "simulated": simulated.value,
                "sensors": self.config.sensors,
                "quality": self.config.quality,
            },
        )

    def label_key(self, simulated: Made, drawn: Made) -> str:
        """Return the key of a scene with its labels."""
        return key_of(
            "label",
            {
                "code": self.code["label"],
                "on": self.simulated_on,
                "assets": self.assets,
                "simulated": simulated.value,
                "drawn": drawn.value,
                "sensors": self.config.sensors,
                "layers": list(layers_of(self.config.layers)),
            },
        )

    @property
    def rig(self) -> dict[str, Any]:
        """What is measured, and how."""
        config = self.config
        return {
            "sensors": config.sensors,
            "quality": config.quality,
            "layers": list(layers_of(config.layers)),
        }


def grounds_of(config: GenerateConfig) -> Grounds:
    """Return what scenes depend on here and now.

    Raises
    ------
    InputError
        There is no OpenGL.
    """
    platform = describe_platform(opengl_info().renderer).model_dump(mode="json")
    drawn_on = {key: value for key, value in platform.items() if key != "python"}
    simulated_on = {key: value for key, value in drawn_on.items() if key != "opengl_renderer"}
    return Grounds(
        seed=config.seed,
        code={
            "simulate": code_digest(SIMULATING),
            "draw": code_digest(DRAWING),
            "label": code_digest(LABELLING),
        },
        simulated_on=simulated_on,
        drawn_on=drawn_on,
        assets=_files_digest(resource_folder("assets")),
        config=config,
    )


def noted_grounds(grounds: Grounds) -> Mapping[str, str]:
    """Return what scenes depend on by short names, as versions note it and reasons tell it."""
    parts = {f"code of {stage}": digest for stage, digest in grounds.code.items()}
    others = {
        "packages or processor": grounds.simulated_on,
        "OpenGL renderer": grounds.drawn_on.get("opengl_renderer"),
        "sensors, quality or layers": grounds.rig,
        "seed": grounds.seed,
    }
    hashed = {k: hashlib.sha256(canonical_json(v)).hexdigest() for k, v in others.items()}
    return {**parts, **hashed, "assets": grounds.assets}


def _files_digest(root: Path) -> str:
    """Return the digest of the names and contents of a folder's files."""
    named = {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.relative_to(root).parts[0] not in (WEIGHTS, "agents")
    }
    return hashlib.sha256(canonical_json(named)).hexdigest()
