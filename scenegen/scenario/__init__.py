"""The scenario language: YAML with units, distributions and expressions.

`load_scenario` reads a file into a `LogicalScenario`; `scenegen.sample` draws from it.
"""

from scenegen.scenario.held import exactly, hold
from scenegen.scenario.json_schema import json_schema
from scenegen.scenario.keep_if import KeepIf, parse_keep_if
from scenegen.scenario.load import (
    ScenarioInfo,
    list_mixins,
    list_scenarios,
    load_scenario,
    parse_scenario,
)
from scenegen.scenario.logical import Constraint, LogicalScenario
from scenegen.scenario.plan import Plan, PlanEntry, load_plan, load_suite, parse_plan

__all__ = [
    "Constraint",
    "KeepIf",
    "LogicalScenario",
    "Plan",
    "PlanEntry",
    "ScenarioInfo",
    "exactly",
    "hold",
    "json_schema",
    "list_mixins",
    "list_scenarios",
    "load_plan",
    "load_scenario",
    "load_suite",
    "parse_keep_if",
    "parse_plan",
    "parse_scenario",
]
