"""The JSON Schema of scenario YAMLs, for editors that complete and check while typing."""

from __future__ import annotations

from typing import Any

from scenegen.scenario.actors import Document
from scenegen.scenario.drawn import DISTRIBUTIONS

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
        "description": "One kind of distribution and, if it is not the real world's, a nominal one.",
        "properties": {**kinds, "nominal": {"$ref": "#/$defs/Distribution"}},
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 2,
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
    schema["$defs"]["When"] = {"anyOf": [schema["$defs"]["When"], {"const": "start"}]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
