"""Which model an evaluation trains: the built-in one of a task, or one of the user's own."""

from __future__ import annotations

from collections.abc import Sequence

from scenegen.evaluate.images import Task
from scenegen.evaluate.utility.protocol import MakeModel, Model
from scenegen.evaluate.utility.settings import UtilitySettings


def builtin(settings: UtilitySettings) -> MakeModel:
    """Return the maker of the built-in models."""

    def make(task: Task, classes: Sequence[str], seed: int) -> Model:
        # torch is loaded only when a model is made.
        from scenegen.evaluate.utility.segmenter import (  # noqa: PLC0415
            Segmenter,
            SegmenterSettings,
        )

        return Segmenter(classes, seed, SegmenterSettings(batch=settings.batch))

    return make
