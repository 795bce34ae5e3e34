"""scenegen: from a scenario YAML to a verified data set.

The verbs of the command line are functions here, with the same names and keys; the
types are those of `scenegen.records`. Importing this package loads no simulator, no
OpenGL and no torch: each name is imported when it is first used.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from scenegen.api import (
        audit,
        check,
        compare_refiners,
        digest,
        drive,
        evaluate,
        export,
        generate,
        import_parameters,
        nightly,
        preview,
        refine,
        replay,
        report,
        search,
        verify,
        view,
    )
    from scenegen.dataset import open_dataset as load_dataset
    from scenegen.drive import Episode, drive_episode
    from scenegen.drive.env import DriveEnv
    from scenegen.drive.vector import DriveVectorEnv
    from scenegen.records import ConcreteScenario, Frame, FrameLabels, Trajectory
    from scenegen.sample import Draws, draw, sample_many
    from scenegen.scenario import LogicalScenario, load_scenario
    from scenegen.simulate import simulate

_HOMES = {
    "audit": "api",
    "evaluate": "api",
    "compare_refiners": "api",
    "generate": "api",
    "preview": "api",
    "check": "api",
    "verify": "api",
    "digest": "api",
    "drive": "api",
    "drive_episode": "drive",
    "Episode": "drive",
    "export": "api",
    "nightly": "api",
    "import_parameters": "api",
    "refine": "api",
    "replay": "api",
    "report": "api",
    "search": "api",
    "view": "api",
    "load_dataset": "dataset:open_dataset",
    "load_scenario": "scenario",
    "LogicalScenario": "scenario",
    "DriveEnv": "drive.env",
    "DriveVectorEnv": "drive.vector",
    "draw": "sample",
    "sample_many": "sample",
    "Draws": "sample",
    "simulate": "simulate:simulate",
    "ConcreteScenario": "records",
    "Frame": "records",
    "FrameLabels": "records",
    "Trajectory": "records",
}

__all__ = [
    "ConcreteScenario",
    "Draws",
    "DriveEnv",
    "DriveVectorEnv",
    "Episode",
    "Frame",
    "FrameLabels",
    "LogicalScenario",
    "Trajectory",
    "__version__",
    "audit",
    "check",
    "compare_refiners",
    "digest",
    "draw",
    "drive",
    "drive_episode",
    "evaluate",
    "export",
    "generate",
    "import_parameters",
    "load_dataset",
    "load_scenario",
    "nightly",
    "preview",
    "refine",
    "replay",
    "report",
    "sample_many",
    "search",
    "simulate",
    "verify",
    "view",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'scenegen' has no attribute {name!r}")
    module, _, attribute = home.partition(":")
    return getattr(import_module(f"scenegen.{module}"), attribute or name)


class _VerbModule(ModuleType):
    """A subpackage that is called as a verb is: calling it calls the verb."""

    def __call__(self, *values: Any, **keys: Any) -> Any:
        return __getattr__(self.__name__.rpartition(".")[2])(*values, **keys)


class _Package(ModuleType):
    """This package, whose names stay what they are when a subpackage is imported.

    `scenegen.report` is a verb, and the subpackage that does its work: importing that puts it in
    the verb's place.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if name in _HOMES and isinstance(value, ModuleType):
            value.__class__ = _VerbModule
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
