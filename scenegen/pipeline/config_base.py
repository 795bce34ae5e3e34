"""What all verbs' keys have in common: typed, documented, refused in one message."""

from __future__ import annotations

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from scenegen.errors import InputError, nearest


class VerbConfig(BaseModel):
    """The keys of one verb. Field descriptions are what ``scenegen VERB --help`` prints."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def parse(cls, values: dict[str, Any]) -> Self:
        """Check plain values, as they come from the command line or from Python.

        Raises
        ------
        InputError
            Naming the first key that is wrong, and what would be right.
        """
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(str(part) for part in first["loc"])
            if first["type"] == "extra_forbidden":
                known = known_keys(cls)
                raise InputError(f"unknown key {key!r}{nearest(key, known)}") from None
            if first["type"] == "missing":
                raise InputError(f"{key} is missing: {known_keys(cls)[key]}") from None
            given = first.get("input")
            raise InputError(f"{key}={given!r}: {first['msg'].lower()}") from None


def known_keys(config: type[BaseModel], prefix: str = "") -> dict[str, str]:
    """Return every key of a verb with its one-line meaning; keys of groups as ``group.key``."""
    keys: dict[str, str] = {}
    for name, field in config.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            keys |= known_keys(inner, f"{prefix}{name}.")
        else:
            keys[prefix + name] = field.description or ""
    return keys
