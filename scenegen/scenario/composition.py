"""From a scenario's document, which may name others, to the one document that they come to."""

from __future__ import annotations

from pathlib import Path as FilePath

from scenegen.errors import Place, ScenarioError
from scenegen.scenario.files import find_document, is_path, read_text
from scenegen.scenario.layers import layers_of
from scenegen.scenario.merge import merged
from scenegen.scenario.source import Path, Source, read_source


def open_scenario(
    reference: str, library: FilePath | None = None, folder: FilePath | None = None
) -> Source:
    """Return the document of a scenario with all it is made of, its meaning not worked out.

    Parameters
    ----------
    reference : str
        A name of the library or a path, and perhaps mix-ins: ``night_jaywalk+rain_heavy``.
    library : pathlib.Path, optional
        The folder of the library in place of the one that comes with scenegen.
    folder : pathlib.Path, optional
        That paths are relative to; where the program runs, if not given.

    Raises
    ------
    ScenarioError
    """
    here = folder or FilePath()
    if "+" in reference and not (is_path(reference) and find_file(reference, here)):
        return _joined(reference, here, library)
    path = find_document(reference, "scenario", here, library)
    return composed(read_source(read_text(path), str(path)), path.parent, library)


def find_file(reference: str, folder: FilePath) -> bool:
    """Say whether a path leads to a file, plus signs and all."""
    try:
        return (folder / reference).is_file()
    except (OSError, ValueError):
        return False


def composed(source: Source, folder: FilePath, library: FilePath | None = None) -> Source:
    """Return a document with everything in it that it extends and is made with.

    Raises
    ------
    ScenarioError
        See `layers.layers_of` and `merge.merged`.
    """
    if not {"extends", "with"} & source.data.keys():
        return source
    layers = layers_of(source, folder, library)
    if "scenario" not in source.data:
        raise ScenarioError("'scenario' is missing: it has a name of its own", source.place(()))
    return merged(layers)


def _joined(reference: str, folder: FilePath, library: FilePath | None) -> Source:
    """Return the document that ``base+mixin+mixin`` stands for."""
    base, *mixins = (part.strip() for part in reference.split("+"))
    here = Place(reference)
    if not base or not all(mixins):
        raise ScenarioError("write a scenario and its mix-ins as 'night_jaywalk+rain_heavy'", here)
    paths: list[Path] = [(), ("extends",), ("with",), *(("with", i) for i in range(len(mixins)))]
    source = Source(reference, {"extends": base, "with": mixins}, dict.fromkeys(paths, here), {})
    layers = layers_of(source, folder, library)
    under = [layer.source for layer in layers if layer.mixin is None][-2]
    names = [FilePath(mixin).stem for mixin in mixins]
    described = f"{under.data.get('description', '')} With {', '.join(names)}."
    source.data["scenario"] = "_".join([str(under.data.get("scenario")), *names])
    source.data["description"] = described
    return merged(layers)
