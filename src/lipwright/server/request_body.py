"""What every request body has in common: strict types, and one sentence for all that is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import Enum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError


class RequestBody(BaseModel):
    """A JSON object from a client: further fields are ignored, a number is never taken from a text."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True, allow_inf_nan=False)


def _storable(text: str) -> str:
    """Refuse what no database stores: the zero character and halves of surrogate pairs."""
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("expected text without characters that cannot be stored")
    return text


Text = Annotated[str, AfterValidator(_storable)]
FilledText = Annotated[Text, StringConstraints(min_length=1)]
# Longer names and paths are a mistake; the limit keeps rows and logs small.
Name = Annotated[Text, StringConstraints(max_length=500)]
AssetPath = Annotated[Text, StringConstraints(min_length=1, max_length=4000)]


class _Missing(Enum):
    FIELD = "missing"


# Stands in a body for a field that this body needs, though others of its kind do not. So that what is missing
# is told together with all else that is wrong.
MISSING = _Missing.FIELD


def _whole(value: object) -> object:
    """JSON knows one kind of number: 720.0 is as whole as 720."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _present(value: object) -> object:
    if value is MISSING:
        raise PydanticCustomError("missing", "Field required")
    return value


WholeNumber = Annotated[int, BeforeValidator(_whole)]
# For a field that is optional in the schema and required by the rest of the body.
Demanded = BeforeValidator(_present)


def absent(value: object) -> bool:
    """For `exclude_if` of a field that came later: a body without it is dumped as before, and known again."""
    return value is None


def natural_pace(value: object) -> bool:
    """The same for a pace, whose natural value is 1."""
    return value == 1


# What is said of a required field that is missing; of all others "string".
_REQUIRED_FIELDS = {
    "items": "array",
    "start_seconds": "number",
    "end_seconds": "number",
    "assets": "object",
    "order": "object",
    "face": "integer",
    "style": "object",
    "enabled": "boolean",
}
# How much of a text that came is repeated.
_SHOWN_CHARACTERS = 80
_EXPECTED = {
    "string_type": "string",
    "string_unicode": "string",
    "float_type": "number",
    "float_parsing": "number",
    "finite_number": "finite number",
    "int_type": "integer",
    "int_from_float": "integer",
    "int_parsing": "integer",
    "bool_type": "boolean",
    "list_type": "array",
    "model_type": "object",
    "model_attributes_type": "object",
    "dict_type": "object",
}
# What is said of a value out of its range: the words, and what of the error's context they end with.
_RANGES = {
    "greater_than_equal": ("at least", "ge"),
    "greater_than": ("more than", "gt"),
    "less_than_equal": ("at most", "le"),
    "less_than": ("less than", "lt"),
}
_LENGTHS = {
    "string_too_short": ("at least", "min_length"),
    "string_too_long": ("at most", "max_length"),
    "too_short": ("at least", "min_length"),
    "too_long": ("at most", "max_length"),
}


def demanding(body: object, fields: Sequence[str]) -> object:
    """A body in which these fields, where they are absent, will be found missing by `Demanded`."""
    if not isinstance(body, dict):
        return body
    return {**body, **{name: MISSING for name in fields if body.get(name) is None}}


def _missing_field(field: str) -> str:
    return f"Missing required field: {field} (expected {_REQUIRED_FIELDS.get(field, 'string')})"


def describe_problems(errors: Sequence[Any]) -> str:
    """All problems of a body in the form of the Magic Hour API, `; ` between them."""
    return "; ".join(dict.fromkeys(_describe(error) for error in errors)) or "Invalid request"


def _describe(error: Any) -> str:
    kind, value = error["type"], error.get("input")
    context = error.get("ctx") or {}
    field = _field(error["loc"])
    if kind == "json_invalid":
        return "Request body is not valid JSON"
    if not field:
        if kind == "missing" or value is None:
            return "Missing request body"
        return f"Invalid type for request body: expected object, got {_json_type(value)}"
    if kind == "missing":
        return _missing_field(field)
    if kind in _EXPECTED and (expected := _EXPECTED[kind]) != _json_type(value):
        return f"Invalid type for {field}: expected {expected}, got {_json_type(value)}"
    return f"Invalid value for {field}: {_expectation(kind, value, context, error['msg'])}"


def _expectation(kind: str, value: Any, context: dict[str, Any], message: str) -> str:
    """What was expected of a value of the right type, and what came."""
    if kind in _RANGES:
        words, limit = _RANGES[kind]
        return f"expected {words} {context[limit]:g}, got {_shown(value)}"
    if kind in _LENGTHS:
        words, limit = _LENGTHS[kind]
        count, unit = context[limit], "character" if isinstance(value, str) else "item"
        return f"expected {words} {count} {unit}{'' if count == 1 else 's'}, got {len(value)}"
    if kind == "literal_error":
        return f"expected one of {context['expected']}, got {_shown(value)}"
    if kind == "string_pattern_mismatch":
        return f"expected text like {context['pattern']}, got {_shown(value)}"
    if kind == "float_type":  # of the right type, so it does not fit into 64 bits
        return "expected a smaller number"
    return str(context["error"]) if kind == "value_error" else message


def _shown(value: object) -> str:
    """A value as messages may carry it: printable and short."""
    if isinstance(value, bool | int | float):
        return json.dumps(value)[:_SHOWN_CHARACTERS]
    if not isinstance(value, str):
        return _json_type(value)
    printable = "".join(character if character.isprintable() else "?" for character in value)
    return f"'{printable[:_SHOWN_CHARACTERS]}'"


def _field(location: Sequence[Any]) -> str:
    """`assets.image_file_path`, `items[0].type`."""
    name = ""
    for part in location[1:]:
        name += f"[{part}]" if isinstance(part, int) else f".{part}"
    return name.removeprefix(".")[:200]


def _json_type(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"
