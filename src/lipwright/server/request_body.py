"""What every request body has in common: strict types, and one sentence for all that is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints


class RequestBody(BaseModel):
    """A JSON object from a client: further fields are ignored, a number is never taken from a text."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True, allow_inf_nan=False)


def _storable(text: str) -> str:
    """Refuse what no database stores: the zero character and halves of surrogate pairs."""
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("text with characters that cannot be stored")
    return text


Text = Annotated[str, AfterValidator(_storable)]
FilledText = Annotated[Text, StringConstraints(min_length=1)]
# Longer names and paths are a mistake; the limit keeps rows and logs small.
Name = Annotated[Text, StringConstraints(max_length=500)]
AssetPath = Annotated[Text, StringConstraints(min_length=1, max_length=4000)]

# What is said of a required field that is missing.
_REQUIRED_FIELDS = {
    "items": "array",
    "items.type": "string",
    "items.extension": "string",
    "start_seconds": "number",
    "end_seconds": "number",
    "assets": "object",
    "style": "object",
}
_EXPECTED = {
    "string_type": "string",
    "string_unicode": "string",
    "float_type": "number",
    "finite_number": "finite number",
    "int_type": "integer",
    "int_from_float": "integer",
    "bool_type": "boolean",
    "list_type": "array",
    "model_type": "object",
    "model_attributes_type": "object",
    "dict_type": "object",
}


def missing_field(field: str) -> str:
    """What is said of a required field that is missing."""
    expected = _REQUIRED_FIELDS.get(field.partition("[")[0] + field.partition("]")[2], "string")
    return f"Missing required field: {field} (expected {expected})"


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
        return missing_field(field)
    if kind in _EXPECTED:
        return f"Invalid type for {field}: expected {_EXPECTED[kind]}, got {_json_type(value)}"
    if kind == "literal_error":
        return f"Invalid value for {field}: expected one of {context['expected']}"
    if kind == "value_error":
        return f"Invalid value for {field}: {context['error']}"
    return f"Invalid value for {field}: {error['msg']}"


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
