"""The JSON Schema of scenario YAMLs, for editors that complete and check while typing."""

from __future__ import annotations

from typing import Any

from scenegen.scenario.actors import Document
from scenegen.scenario.designs import KEYS
from scenegen.scenario.drawn import DISTRIBUTIONS
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


def json_schema() -> dict[str, Any]:
    """Return the schema (draft 2020-12)."""
    schema = Document.model_json_schema()
    kinds = {kind: _arguments(kind) for kind in DISTRIBUTIONS}
    schema["$defs"]["Distribution"] = {
        "type": "object",
        "description": "One kind of distribution, and the nominal one if it differs.",
        "properties": {
            **kinds,
            "low": _NUMBER,
            "high": _NUMBER,
            "weight": {**_NUMBER, "description": "Only in the entries of a mixture."},
            "nominal": {"$ref": "#/$defs/Distribution"},
        },
        "additionalProperties": False,
        "minProperties": 1,
    }
    schema["$defs"]["Parameter"] = {
        "anyOf": [
            {"type": "number"},
            {"type": "string", "description": "A quantity, or an expression over parameters."},
            {"$ref": "#/$defs/Distribution"},
        ]
    }
    behaviours = schema["$defs"]["ActorEntry"]["properties"]["behaviour"]
    behaviours["items"] = {"anyOf": [behaviours["items"], {"type": "string"}]}
    schema["$defs"]["DesignEntry"] = {
        "anyOf": [{"enum": list(KEYS)}, schema["$defs"]["DesignEntry"]]
    }
    schema["$defs"]["When"] = {"anyOf": [schema["$defs"]["When"], {"const": "start"}]}
    schema["properties"]["parameters"]["additionalProperties"] = {"$ref": "#/$defs/Parameter"}
    schema = _linked(schema)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _linked(item: Any) -> Any:
    """Return the schema with marks replaced by references to the definition."""
    if isinstance(item, dict):
        if item.get("$comment") == DISTRIBUTION:
            return {"$ref": "#/$defs/Distribution"}
        return {key: _linked(value) for key, value in item.items()}
    return [_linked(value) for value in item] if isinstance(item, list) else item
