"""The JSON Schema of scenario YAMLs, for editors that complete and check while typing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, get_args

from scenegen.scenario import schema_snippets as snippets
from scenegen.scenario.actors import Document
from scenegen.scenario.designs import KEYS
from scenegen.scenario.document import Section
from scenegen.scenario.drawn import DISTRIBUTIONS
from scenegen.scenario.library import library_files
from scenegen.scenario.schema_texts import AT_THE_TOP, meaning_of, meanings_of
from scenegen.scenario.units import UNITS
from scenegen.scenario.values import DISTRIBUTION

_NUMBER = {"type": ["number", "string"]}
_ARGUMENTS: dict[str, dict[str, Any]] = {
    "fixed": _NUMBER,
    "discrete": {
        "anyOf": [
            {"type": "array", "items": {"type": "integer"}, "minItems": 1},
            {"type": "object", "additionalProperties": _NUMBER},
        ]
    },
    "categorical": {
        "anyOf": [
            {"type": "array", "items": {"type": "string"}, "minItems": 1},
            {"type": "object", "additionalProperties": _NUMBER},
        ]
    },
    "mixture": {
        "type": "array",
        "minItems": 1,
        "items": {
            "allOf": [{"$ref": "#/$defs/Distribution"}],
            "description": "A distribution, and the 'weight' with which it is drawn from.",
        },
    },
    "empirical": {
        "type": "object",
        "properties": {
            "file": {"type": "string", "description": "A .csv or .parquet file beside the YAML."},
            "column": {"type": "string"},
            "unit": {"type": "string", "enum": sorted(UNITS)},
            "smooth": {"type": "boolean", "description": "false draws the very values."},
        },
        "required": ["file", "column"],
        "additionalProperties": False,
    },
    "when": {
        "type": "object",
        "description": "A distribution for each condition, tried in turn, and one for 'else'.",
        "required": ["else"],
        "additionalProperties": {"anyOf": [_NUMBER, {"$ref": "#/$defs/Distribution"}]},
    },
}


def _arguments(kind: str) -> dict[str, Any]:
    listed = {"type": "array", "items": _NUMBER, "minItems": 1, "maxItems": 4}
    named = {"type": "object", "additionalProperties": _NUMBER}
    return _ARGUMENTS.get(kind, {"anyOf": [listed, named]})


def json_schema(assets: Sequence[str] = ()) -> dict[str, Any]:
    """Return the schema (draft 2020-12) of scenarios, variants of them, and mix-ins.

    Parameters
    ----------
    assets : sequence of str
        Ids that editors offer for actors.
    """
    schema = Document.model_json_schema()
    definitions = schema["$defs"]
    for section in _sections(Document):
        _explain(definitions.get(section.__name__, schema), section)
    definitions["Distribution"] = {
        "type": "object",
        "description": "One kind of distribution, and the nominal one if it differs.",
        "properties": {
            **{kind: _arguments(kind) for kind in DISTRIBUTIONS},
            "low": _NUMBER,
            "high": _NUMBER,
            "weight": {**_NUMBER, "description": "Only in the entries of a mixture."},
            "nominal": {"$ref": "#/$defs/Distribution", "description": AT_THE_TOP["nominal"]},
        },
        "additionalProperties": False,
        "minProperties": 1,
        "defaultSnippets": snippets.DISTRIBUTION,
    }
    definitions["Parameter"] = {
        "anyOf": [
            {"type": "number"},
            {"type": "string", "description": "A quantity, or an expression over parameters."},
            {"$ref": "#/$defs/Distribution"},
        ]
    }
    schema["$defs"]["DesignEntry"] = {
        "anyOf": [{"enum": list(KEYS)}, schema["$defs"]["DesignEntry"]]
    }
    _short_forms(schema, assets)
    _short_in_groups(schema)
    _several_documents(schema)
    schema = _tidy(schema)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _sections(model: type[Section], known: set[type[Section]] | None = None) -> set[type[Section]]:
    """Return all sections that a document is made of."""
    known = set() if known is None else known
    known.add(model)
    for info in model.model_fields.values():
        for section in _named_in(info.annotation):
            if section not in known:
                _sections(section, known)
    return known


def _named_in(annotation: Any) -> Iterator[type[Section]]:
    if isinstance(annotation, type) and issubclass(annotation, Section):
        yield annotation
    for argument in get_args(annotation):
        yield from _named_in(argument)


def _explain(definition: dict[str, Any], section: type[Section]) -> None:
    """Give a section and each of its keys a description."""
    definition["description"] = meaning_of(section)
    meanings = meanings_of(section) if section is not Document else {}
    for key, schema in definition["properties"].items():
        text = AT_THE_TOP.get(key) if section is Document else meanings.get(key)
        if not text and not any("description" in branch for branch in schema.get("anyOf", [])):
            text = meaning_of(section)
        if text:
            schema["description"] = text
        for branch in schema.get("anyOf", []) if text else []:
            # Editors show the branch that what stands there is, and nothing of what is around it.
            if "description" in branch:
                branch["description"] = f"{text} {branch['description']}"


def _short_forms(schema: dict[str, Any], assets: Sequence[str]) -> None:
    """Add what a section may be written as in short, and what editors offer there."""
    definitions, keys = schema["$defs"], schema["properties"]
    actor = definitions["ActorEntry"]["properties"]
    behaviours = actor["behaviour"]["items"]
    sections = [made["properties"] for made in definitions.values() if "properties" in made]
    done = {keys["do"]["const"] for keys in sections if "const" in keys.get("do", {})}
    in_short = {"enum": sorted(done), "description": "What is done, in short."}
    actor["behaviour"]["items"] = {
        "anyOf": [behaviours, in_short],
        "defaultSnippets": snippets.BEHAVIOUR,
    }
    if assets:
        actor["asset"]["anyOf"].insert(0, {"enum": sorted(assets)})
    definitions["When"] = {"anyOf": [definitions["When"], {"const": "start"}]}
    condition = {"type": "string", "description": "A condition that every scene meets."}
    keys["require"]["items"] = {
        "anyOf": [condition, keys["require"]["items"]],
        "defaultSnippets": snippets.REQUIRE,
    }
    keys["parameters"]["additionalProperties"] = {"$ref": "#/$defs/Parameter"}
    keys["actors"]["defaultSnippets"] = snippets.ACTOR
    keys["sensors"]["defaultSnippets"] = snippets.SENSOR
    schema["defaultSnippets"] = snippets.DOCUMENT
    by_path = {"type": "string", "pattern": r"/|\.ya?ml$", "description": "The path of a file."}
    by_path["patternErrorMessage"] = "Neither a name of the library nor a path such as './own.yaml'"
    keys["extends"]["anyOf"] = [{"enum": sorted(library_files())}, by_path]
    mixins = sorted(library_files(what="mix-in"))
    keys["with"]["items"] = {"anyOf": [{"enum": mixins}, by_path]}


def _short_in_groups(schema: dict[str, Any]) -> None:
    """Let plain words stand for entries in groups of behaviours, too."""
    for section, key in (("Parallel", "parallel"), ("Steps", "sequence")):
        entries = schema["$defs"][section]["properties"][key]
        entries["items"] = {"anyOf": [entries["items"], {"type": "string"}]}


def _several_documents(schema: dict[str, Any]) -> None:
    """Let variants and mix-ins leave out what their base says; ask all of it of the others."""
    definitions, keys = schema["$defs"], schema["properties"]
    needed = schema.pop("required")
    actor = {"required": definitions["ActorEntry"].pop("required")}
    road = {"required": definitions["RoadEntry"].pop("required")}
    whole = {
        "required": needed,
        "properties": {
            "road": road,
            "ego": actor,
            "actors": {"additionalProperties": actor},
        },
    }
    entry = keys["actors"]["additionalProperties"]
    keys["actors"]["additionalProperties"] = {"anyOf": [entry, {"type": "null"}]}
    for key in ("road", "ego", "weather", "light", "scenery", "actors", "sensors", "parameters"):
        keys[key] = {
            "anyOf": [keys[key], {"type": "null"}],
            "description": AT_THE_TOP[key],
            "defaultSnippets": keys[key].pop("defaultSnippets", []),
        }
    pattern = keys["scenario"]["pattern"]
    keys["mixin"] = {"type": "string", "pattern": pattern, "description": AT_THE_TOP["mixin"]}
    keys["cameras"] = {"$ref": "#/$defs/CameraEntry", "description": AT_THE_TOP["cameras"]}
    mixin = {"required": ["mixin", "description"], "not": {"required": ["scenario"]}}
    schema["if"] = {"required": ["mixin"]}
    schema["then"] = mixin
    schema["else"] = {
        "not": {"required": ["cameras"]},
        "if": {"required": ["extends"]},
        "then": {"required": ["scenario"]},
        "else": whole,
    }


def _tidy(item: Any) -> Any:
    """Return the schema with marks replaced by references, and without what editors would insert.

    Defaults of `None` or of whole sections would be written into documents.
    """
    if isinstance(item, list):
        return [_tidy(value) for value in item]
    if not isinstance(item, dict):
        return item
    if item.get("$comment") == DISTRIBUTION:
        return {"$ref": "#/$defs/Distribution"}
    return {
        key: _tidy(value)
        for key, value in item.items()
        if not (key == "title" and isinstance(value, str))
        and not (key == "default" and (value is None or isinstance(value, dict | list)))
        and not (key == "discriminator" and isinstance(value, dict))
        and not (key == "defaultSnippets" and not value)
    }
