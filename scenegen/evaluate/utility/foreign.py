"""Models that users bring: by import path, as a command, or as an ONNX file."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import inspect
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scenegen.errors import InputError
from scenegen.evaluate.images import U8, Task
from scenegen.evaluate.utility.checks import checked
from scenegen.evaluate.utility.command_model import CommandModel
from scenegen.evaluate.utility.protocol import MakeModel, Model, Predictions, TrainingData

COMMAND = "command:"
KINDS = "package.module:factory, 'command: program …' or a file NAME.onnx"


def foreign(spec: str, timeout_s: float | None = None) -> MakeModel:
    """Return the maker of a model that a user names.

    Parameters
    ----------
    spec : str
        ``package.module:factory``, a callable as `MakeModel` is, found as Python finds
        modules or in the current folder; ``command: program …``, see `command_model`; or
        ``NAME.onnx``, see `onnx_model`.
    timeout_s : float, optional
        Longest time of one call of a command.

    Raises
    ------
    InputError
        It is none of these, or there is no such module, factory, program or file.
    """
    if spec.startswith(COMMAND):
        line = spec[len(COMMAND) :].strip()

        def command(task: Task, classes: Sequence[str], seed: int) -> Model:
            return CommandModel(line, task, classes, timeout_s)

        return command
    if spec.lower().endswith(".onnx"):

        def network(task: Task, classes: Sequence[str], seed: int) -> Model:
            from scenegen.evaluate.utility.onnx_model import OnnxModel  # noqa: PLC0415

            if task != "semantic":
                raise InputError(
                    f"{spec}: an ONNX file is for utility.task=semantic; for boxes bring a "
                    "package.module:factory or a command"
                )
            return OnnxModel(Path(spec), classes)

        return network
    factory = _imported(spec)

    def plugged(task: Task, classes: Sequence[str], seed: int) -> Model:
        return Plugged(spec, factory, task, classes, seed)

    return plugged


class Plugged:
    """A user's object with its predictions checked, and with what it need not bring itself.

    ``fit`` and ``predict`` must be there, ``name``, ``digest`` and ``trainable`` may be. A
    digest that is missing is taken over the source of the factory's module.
    """

    def __init__(
        self, spec: str, factory: Any, task: Task, classes: Sequence[str], seed: int
    ) -> None:
        self.spec = spec
        self.task: Task = task
        self.classes = tuple(classes)
        self.inner = factory(task, self.classes, seed)
        self.name: str = str(getattr(self.inner, "name", spec))
        self.trainable: bool = bool(getattr(self.inner, "trainable", True))
        own = getattr(self.inner, "digest", None) or _source(factory)
        text = f"{spec} {own} {task} {list(self.classes)}"
        self.digest: str = hashlib.sha256(text.encode()).hexdigest()
        for verb in ("fit", "predict") if self.trainable else ("predict",):
            if not callable(getattr(self.inner, verb, None)):
                raise InputError(
                    f"{spec}: its model has no {verb}(); fit(data, steps, seed) and "
                    "predict(images) are right"
                )

    def fit(self, data: TrainingData, steps: int, seed: int) -> None:
        """Train the user's model."""
        self.inner.fit(data, steps, seed)

    def predict(self, images: U8) -> Predictions:
        """Return what the user's model says, in the types of the protocol."""
        found = self.inner.predict(images)
        return checked(found, self.task, images, len(self.classes), f"{self.spec} predict")


def _imported(spec: str) -> Any:
    module_name, _, factory_name = spec.partition(":")
    if not module_name or not factory_name:
        raise InputError(f"utility.model={spec}: {KINDS} is right")
    with _current_folder():
        try:
            module = importlib.import_module(module_name)
        except ModuleNotFoundError as error:
            if error.name is None or not f"{module_name}.".startswith(f"{error.name}."):
                raise  # the module is there; something that it needs is not
            raise InputError(
                f"utility.model={spec}: no module {module_name!r} on Python's path or in the "
                "current folder"
            ) from error
    factory = getattr(module, factory_name, None)
    if not callable(factory):
        raise InputError(
            f"utility.model={spec}: {module_name} has no {factory_name!r} that can be called as "
            "factory(task, classes, seed)"
        )
    return factory


@contextmanager
def _current_folder() -> Iterator[None]:
    """Let modules of the current folder be found, as ``python -m`` does, while one is imported."""
    before = list(sys.path)
    sys.path.append(str(Path.cwd()))
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path[:] = before


def _source(factory: Any) -> str:
    """Return the sha256 of the file that a factory is from; its name if there is no file."""
    file = inspect.getsourcefile(inspect.getmodule(factory) or factory)
    return hashlib.sha256(Path(file).read_bytes()).hexdigest() if file else str(factory)
