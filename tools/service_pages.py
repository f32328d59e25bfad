"""Writes the reference pages of the service from its code: `uv run python tools/service_pages.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import FastAPI
from pydantic_core import PydanticUndefined

from lipwright.provenance.settings import FILE_NAME, PREFIX
from lipwright.server.operation.app import add_routes
from lipwright.server.settings import Settings

PAGES = Path(__file__).resolve().parent.parent / "docs" / "reference"
_MADE_FROM = "This page is written by `tools/service_pages.py` from `{source}`.\n"
# Defaults that differ from machine to machine.
_DEFAULTS = {"home": "`~/.local/share/lipwright`", "workers": "number of processors"}


def settings_page() -> str:
    """Every setting: what it is for, its default, its variable."""
    lines = [
        "# Settings of the service",
        "",
        _MADE_FROM.format(source="lipwright/server/settings.py"),
        f"A setting is looked for in the environment, then in `{FILE_NAME}` in the data folder, then here.",
        "Options of `lipwright serve` come before all. `lipwright settings` prints every value and where it",
        "came from; `--explain` says what it is for. Lists in the environment are JSON.",
        "",
        f"In `{FILE_NAME}` the names are those of the first column; `home` is set in the environment only.",
        "",
        "| name | variable | default | what it is for |",
        "| --- | --- | --- | --- |",
    ]
    for name, field in Settings.model_fields.items():
        default = _DEFAULTS.get(name) or _default(field.get_default(call_default_factory=True))
        variable = f"`{PREFIX}{name.upper()}`"
        lines.append(f"| `{name}` | {variable} | {default} | {field.description} |")
    return "\n".join(lines) + "\n"


def http_page() -> str:
    """Every call: its path, its body, its answers."""
    app = FastAPI(title="Lipwright")
    add_routes(app)
    document = app.openapi()
    lines = [
        "# HTTP API",
        "",
        _MADE_FROM.format(source="lipwright/server"),
        "The calls under `/v1` need `Authorization: Bearer KEY`, or the cookie of a signed-in browser, whose",
        "writes need the token of `/v1/session` in `X-CSRF-Token`. A running server shows all at `/docs`,",
        'and as OpenAPI 3.1 at `/openapi.json`. Every error is `{"message": "..."}`; the statuses are:',
        "",
        "| status | when |",
        "| --- | --- |",
        "| 400 | the body is missing, is not JSON, or breaks the schema; the message names every field |",
        '| 401 | no good key; the body is exactly `{"message": "Unauthorized"}` |',
        "| 402 | too few credits; the message says how many are missing |",
        "| 403 | not part of the plan; an address that expired or was altered; a write of a foreign page |",
        '| 404 | unknown, deleted or somebody else\'s; `{"message": "Not Found"}` |',
        "| 409 | the `Idempotency-Key` was used for another request |",
        "| 413 | more bytes than allowed |",
        "| 422 | well formed, but cannot be done |",
        "| 503 | the server cannot take work now |",
        "",
        "Create calls take an `Idempotency-Key` header: a repeat with the same key within a day gets the",
        "first answer again and makes nothing new. Fields marked *ours* are additions to the Magic Hour API.",
    ]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            lines += _operation(method, path, operation)
    lines += ["", "# Bodies"]
    for name, schema in sorted(document["components"]["schemas"].items()):
        lines += _schema(name, schema)
    return "\n".join(lines) + "\n"


def _operation(method: str, path: str, operation: dict[str, Any]) -> list[str]:
    lines = ["", f"## {method.upper()} {path}", "", operation.get("description", "")]
    parameters = [one for one in operation.get("parameters", []) if one["in"] != "path"]
    if parameters:
        lines += [""]
        lines += [
            f"* {one['in']} `{one['name']}`: {_kind(one['schema'])}. {one.get('description', '')}".rstrip()
            for one in parameters
        ]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    answers = [
        f"{status} {_kind(next(iter(answer['content'].values()))['schema'])}"
        if answer.get("content")
        else status
        for status, answer in operation["responses"].items()
        if status.startswith("2")
    ]
    lines += ["", f"Body: {_kind(body)}." if body else "No body.", f"Answer: {', '.join(answers)}."]
    return lines


def _schema(name: str, schema: dict[str, Any]) -> list[str]:
    if "properties" not in schema:
        return []
    required = schema.get("required", [])
    lines = [
        "",
        f"## {name}",
        "",
        schema.get("description", ""),
        "",
        "| field | type | about |",
        "| --- | --- | --- |",
    ]
    for field, value in schema["properties"].items():
        about = ["required." if field in required else "", "Deprecated." if value.get("deprecated") else ""]
        about.append(value.get("description", ""))
        lines.append(f"| `{field}` | {_kind(value)} | {' '.join(part for part in about if part)} |")
    return lines


def _kind(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    for word in ("anyOf", "oneOf"):
        if word in schema:
            return " or ".join(_kind(one) for one in schema[word])
    if "enum" in schema:
        return ", ".join(f"`{word}`" for word in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items'])}"
    return str(schema.get("type", "any"))


def _default(value: object) -> str:
    if value is None or value is PydanticUndefined:
        return "none"
    if value == []:
        return "`[]`"
    return f"`{value}`"


if __name__ == "__main__":
    (PAGES / "settings.md").write_text(settings_page(), encoding="utf-8")
    (PAGES / "http-api.md").write_text(http_page(), encoding="utf-8")
