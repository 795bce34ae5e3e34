"""Which model an evaluation trains: the built-in one of a task, or one of the user's own."""

from __future__ import annotations

from collections.abc import Sequence

from scenegen.errors import InputError
from scenegen.evaluate.images import Task
from scenegen.evaluate.utility.foreign import foreign
from scenegen.evaluate.utility.protocol import MakeModel, Model
from scenegen.evaluate.utility.settings import UtilitySettings

BUILT_IN: dict[str, Task] = {"segmenter": "semantic", "detector": "boxes"}
"""Names of the built-in models and what they learn."""


def maker_of(settings: UtilitySettings) -> MakeModel:
    """Return the maker of the model that the settings name; the task's built-in one without.

    Raises
    ------
    InputError
        There is no such model, or it learns another task.
    """
    if settings.model is None:
        return builtin(settings)
    learns = BUILT_IN.get(settings.model)
    if learns is None:
        return foreign(settings.model)
    if learns != settings.task:
        raise InputError(
            f"utility.model={settings.model}: learns {learns}; utility.task={learns} is right"
        )
    return builtin(settings)


def builtin(settings: UtilitySettings) -> MakeModel:
    """Return the maker of the built-in models."""

    def make(task: Task, classes: Sequence[str], seed: int) -> Model:
        # torch is loaded only when a model is made.
        if task == "boxes":
            from scenegen.evaluate.utility.detector import (  # noqa: PLC0415
                Detector,
                DetectorSettings,
            )

            return Detector(classes, seed, DetectorSettings(settings.batch, device=settings.device))
        from scenegen.evaluate.utility.segmenter import (  # noqa: PLC0415
            Segmenter,
            SegmenterSettings,
        )

        return Segmenter(classes, seed, SegmenterSettings(settings.batch, device=settings.device))

    return make
