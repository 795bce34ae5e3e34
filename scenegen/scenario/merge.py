"""Makes one document of the layers of a scenario.

Sections merge, values replace, null removes. Parameters, actors, ODD tags,
constraints and correlated sets add up. Every value keeps the place where it was written.
"""

from __future__ import annotations

from scenegen.errors import ScenarioError
from scenegen.scenario.actors import Document
from scenegen.scenario.cameras import CameraEntry
from scenegen.scenario.layers import NAMED, Layer
from scenegen.scenario.shapes import shape_of
from scenegen.scenario.source import MAX_VALUES, Source
from scenegen.scenario.tree import Tree, merge, source_of, tree_of

_LISTS = ("require", "correlations")
"""Keys whose entries add up."""
_APART = frozenset({"extends", "with", "mixin", "cameras", "description", "odd", *_LISTS})
"""Keys that don't merge as sections do."""

_DOCUMENT, _CAMERA = shape_of(Document), shape_of(CameraEntry)


def merged(layers: list[Layer]) -> Source:
    """Return the document that layers come to, the last of them winning.

    Raises
    ------
    ScenarioError
        A mix-in gives something a name that is taken, or the whole is too large.
    """
    own = layers[-1].source
    stack = _Stack(tree_of(own))
    for layer in layers:
        stack.add(layer)
    result = source_of(stack.document(), own.file)
    if len(result.places) > MAX_VALUES:
        raise ScenarioError(
            f"a scenario and what it is made of have at most {MAX_VALUES:,} values",
            own.place(()),
        )
    return result


class _Stack:
    """What the layers so far come to."""

    def __init__(self, own: Tree) -> None:
        self.own = own
        self.entries: dict[str, Tree] = {}
        self.cameras: Tree | None = None
        self.owners: dict[tuple[str, str], Layer] = {}

    def add(self, layer: Layer) -> None:
        """Put a layer on top."""
        top = tree_of(layer.source).entries
        self._own_names(layer, top)
        before = set(self._sensors())
        for key, over in top.items():
            if key not in _APART:
                shape = _DOCUMENT.below(key) if _DOCUMENT is not None else None
                self._set(key, merge(self.entries.get(key), over, shape))
        if "description" in top and (layer.mixin is None or "description" not in self.entries):
            self._set("description", top["description"])
        for key in _LISTS:
            if key in top:
                self._set(key, _added(self.entries.get(key), top[key]))
        if "odd" in top:
            self._set("odd", _tagged(self.entries.get("odd"), top["odd"]))
        self._cameras(top.get("cameras"), before)

    def document(self) -> Tree:
        """Return the whole, as the scenario's own file would say it."""
        entries = dict(self.entries)
        if self.cameras is not None and not self._sensors():
            front = {"front": self.cameras}
            entries["sensors"] = Tree(front, self.cameras.place, self.cameras.key)
        return Tree(entries, self.own.place, self.own.key)

    def _set(self, key: str, tree: Tree | None) -> None:
        if tree is None:
            self.entries.pop(key, None)
        else:
            self.entries[key] = tree

    def _own_names(self, layer: Layer, top: dict[str, Tree]) -> None:
        """Refuse names of a mix-in that something else has already."""
        for section, thing in NAMED.items():
            for name, entry in top[section].entries.items() if section in top else ():
                owner = self.owners.setdefault((section, name), layer)
                if layer.mixin is not None and owner.source.file != layer.source.file:
                    raise ScenarioError(
                        f"{owner.source.file} has a {thing} {name!r} already; rename one of the "
                        "two, or the mix-in would change what it means",
                        entry.key,
                    )

    def _sensors(self) -> dict[str, Tree]:
        return self.entries["sensors"].entries if "sensors" in self.entries else {}

    def _cameras(self, over: Tree | None, before: set[str]) -> None:
        """Let what mix-ins say of all cameras hold for those that a layer adds, and for all."""
        if over is not None and over.value is not None and not isinstance(over.value, dict):
            raise ScenarioError("'cameras' is a mapping (key: value)", over.place)
        sensors = dict(self._sensors())
        for name, entry in sensors.items():
            if not _is_camera(entry):
                continue
            if self.cameras is not None and name not in before:
                sensors[name] = merge(self.cameras, entry, _CAMERA) or entry
            if over is not None:
                sensors[name] = merge(sensors[name], over, _CAMERA) or entry
        if sensors:
            section = self.entries["sensors"]
            self.entries["sensors"] = Tree(sensors, section.place, section.key)
        if over is not None:
            self.cameras = merge(self.cameras, over, _CAMERA)


def _is_camera(entry: Tree) -> bool:
    kind = entry.entries.get("kind")
    return isinstance(entry.value, dict) and (kind is None or kind.value == "camera")


def _added(under: Tree | None, over: Tree) -> Tree | None:
    """Return one list of all entries; those that came in twice are there once."""
    if over.value is None or under is None:
        return over if over.value is not None else None
    if not isinstance(under.value, list) or not isinstance(over.value, list):
        return over
    known = {entry.place for entry in under.value}
    new = [entry for entry in over.value if entry.place not in known]
    return Tree([*under.value, *new], over.place, over.key)


def _tagged(under: Tree | None, over: Tree) -> Tree | None:
    """Return all tags, without those that `over` takes away with a minus."""
    tags = _added(under, over)
    if tags is None or not isinstance(tags.value, list):
        return tags
    kept: dict[str, Tree] = {}
    for tag in tags.value:
        if not isinstance(tag.value, str):
            return over
        if tag.value.startswith("-"):
            kept.pop(tag.value[1:].strip(), None)
        else:
            kept.setdefault(tag.value, tag)
    return Tree(list(kept.values()), tags.place, tags.key)
