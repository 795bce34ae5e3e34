"""Tables of what there is: scenarios, mix-ins, assets, and the lanes of a road."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from scenegen.assets import list_assets, sizes_of
from scenegen.errors import InputError
from scenegen.records.base import Vec3
from scenegen.records.taxonomy import CLASS_BY_NAME
from scenegen.sample import road_lanes
from scenegen.scenario import list_mixins, list_scenarios, load_scenario

if TYPE_CHECKING:
    from scenegen.pipeline.config import ListConfig


def listed(config: ListConfig) -> Table:
    """Return the table that is asked for.

    Raises
    ------
    InputError
        Lanes without a scenario, or a name that is in none of what is listed.
    """
    tables = {"assets": _assets, "lanes": _lanes, "mixins": _mixins}
    return tables.get(config.what, _scenarios)(config)


def _mixins(config: ListConfig) -> Table:
    """Return mix-ins with what they draw, one parameter a line."""
    table = _table("mix-in", "ODD", "description", "draws")
    infos = list_mixins()
    named = _named(config, [info.name for info in infos])
    for info in infos:
        if info.name in named:
            drawn = "\n".join(f"{name}: {written}" for name, written in info.parameters)
            table.add_row(info.name, ", ".join(info.odd), info.description, Text(drawn))
    return table


def _scenarios(config: ListConfig) -> Table:
    infos = list_scenarios()
    table = _table("group", "scenario", "ODD", "description")
    named = _named(config, [info.name for info in infos])
    for info in infos:
        if info.name in named:
            table.add_row(info.group, info.name, ", ".join(info.odd), info.description)
    return table


def _assets(config: ListConfig) -> Table:
    """Return assets, and of those that can be actors the sizes that places reckon with."""
    table = _table("asset", "category")
    for heading in ("takes (m)", "body (m)"):
        table.add_column(heading, no_wrap=True)
    table.add_column("description", overflow="fold")
    infos = list_assets()
    named = _named(config, [info.id for info in infos])
    for info in infos:
        if info.id not in named:
            continue
        sizes = ("", "")
        if CLASS_BY_NAME[info.category].things and not info.id.startswith("prop."):
            found = sizes_of(info.id)
            sizes = _size(found.room_m), _size(found.body_m, axes=2)
        table.add_row(info.id, info.category, *sizes, info.description)
    return table


def _size(ends: tuple[Vec3, Vec3], axes: int = 3) -> str:
    """Return length x width x height, each of one value or from the least to the greatest."""
    spans = [(f"{low:.2f}", f"{high:.2f}") for low, high in zip(*ends, strict=True)][:axes]
    return " x ".join(low if low == high else f"{low}-{high}" for low, high in spans)


def _lanes(config: ListConfig) -> Table:
    """Return the lanes of a scenario's road: what places name, and how far ``s`` goes."""
    if config.scenario is None:
        raise InputError("what=lanes needs scenario=: the lanes are those of its road")
    lanes = road_lanes(load_scenario(config.scenario), config.seed)
    named = _named(config, [lane.name for lane in lanes])
    table = _table("lane", "kind")
    for heading in ("width (m)", "s to (m)", "begins at x, y (m)", "ends at x, y (m)"):
        table.add_column(heading, justify="right")
    for heading in ("traffic", "waits at s (m)", "leads to"):
        table.add_column(heading, overflow="fold")
    for lane in lanes:
        if lane.name in named:
            table.add_row(
                lane.name,
                lane.kind,
                f"{lane.width_m:.2f}",
                f"{lane.length_m:.1f}",
                "{:.1f}, {:.1f}".format(*lane.start_m),
                "{:.1f}, {:.1f}".format(*lane.end_m),
                "with s" if lane.with_s else "against s",
                ", ".join(f"{s_m:.1f} {word}" for word, s_m in lane.lines),
                ", ".join(lane.leads_to),
            )
    return table


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def _named(config: ListConfig, names: list[str]) -> list[str]:
    """Return the names that hold what is asked for."""
    if config.name is None:
        return names
    found = [name for name in names if config.name in name]
    if not found:
        raise InputError(
            f"what={config.what}: no name holds {config.name!r}; without name= all are listed"
        )
    return found
