"""Every baseline by the name that tables and settings call it by."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from scenegen.refine.baselines.autoregressive import CodesRecipe
from scenegen.refine.baselines.colour import ColourRecipe
from scenegen.refine.baselines.cut import CutRecipe
from scenegen.refine.baselines.fda import FdaRecipe
from scenegen.refine.baselines.spade_gan import SpadeGanRecipe
from scenegen.refine.baselines.state import BaselineRecipe
from scenegen.refine.baselines.variational import ConditionalVaeRecipe, VaeRecipe

_ALL: tuple[BaselineRecipe, ...] = (
    ColourRecipe(),
    FdaRecipe(),
    CutRecipe(),
    SpadeGanRecipe(),
    VaeRecipe(),
    ConditionalVaeRecipe(),
    CodesRecipe(),
)
RECIPES: Mapping[str, BaselineRecipe] = MappingProxyType({recipe.name: recipe for recipe in _ALL})
