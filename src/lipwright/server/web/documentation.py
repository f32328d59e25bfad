"""/docs: our OpenAPI as a page to read, made here, so that it works without any other server."""

from __future__ import annotations

import html
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

router = APIRouter(include_in_schema=False)

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
       color: #1b1b1f; background: #fff; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid #ccc; }
summary { cursor: pointer; padding: .3rem 0; }
code, .method { font-family: ui-monospace, monospace; }
.method { display: inline-block; width: 4.5rem; font-weight: 600; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1.5rem; }
td, th { text-align: left; vertical-align: top; padding: .2rem .8rem .2rem 0; border-top: 1px solid #eee; }
@media (prefers-color-scheme: dark) {
  body { color: #e4e4e8; background: #17171a; } td, th { border-color: #333; } a { color: #9cf; } }
"""


@router.get("/docs")
def documentation(request: Request) -> HTMLResponse:
    """The page."""
    return HTMLResponse(render_page(request.app.openapi()))


def render_page(openapi: dict[str, Any]) -> str:
    """A page with every operation of an OpenAPI document and every schema that it names."""
    by_tag: dict[str, list[str]] = {}
    for path, operations in openapi["paths"].items():
        for method, operation in operations.items():
            tag = (operation.get("tags") or ["other"])[0]
            by_tag.setdefault(tag, []).append(_operation(method, path, operation))
    parts = [f"<h2>{html.escape(tag)}</h2>{''.join(entries)}" for tag, entries in by_tag.items()]
    schemas = openapi.get("components", {}).get("schemas", {})
    parts += ["<h2>Schemas</h2>", *(_schema(name, schema) for name, schema in sorted(schemas.items()))]
    info = openapi["info"]
    title = html.escape(f"{info['title']} {info['version']}")
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>{title}</title><style>{_STYLE}</style></head><body><h1>{title}</h1>"
        f"<p>{html.escape(info.get('summary', ''))} Calls under <code>/v1</code> need "
        "<code>Authorization: Bearer KEY</code>. The same as data: "
        f"<a href='/openapi.json'>openapi.json</a>.</p>{''.join(parts)}</body></html>"
    )


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    rows = [
        _row(
            parameter["name"],
            _kind(parameter.get("schema", {})),
            f"in {parameter['in']}. {parameter.get('description', '')}",
        )
        for parameter in operation.get("parameters", [])
    ]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    if body:
        rows.append(_row("body", _kind(body), ""))
    for status, answer in operation["responses"].items():
        content: dict[str, Any] = next(iter(answer.get("content", {}).values()), {})
        rows.append(_row(status, _kind(content.get("schema", {})), answer.get("description", "")))
    return (
        f"<details id='{html.escape(operation.get('operationId', ''))}'><summary>"
        f"<span class='method'>{method.upper()}</span> <code>{html.escape(path)}</code> "
        f"{html.escape(operation.get('description', ''))}</summary><table>{''.join(rows)}</table></details>"
    )


def _schema(name: str, schema: dict[str, Any]) -> str:
    required = set(schema.get("required", []))
    rows = [
        _row(
            field + ("" if field in required else " (optional)"),
            _kind(value),
            ("Deprecated. " if value.get("deprecated") else "") + value.get("description", ""),
        )
        for field, value in schema.get("properties", {}).items()
    ]
    about = html.escape(schema.get("description", ""))
    return (
        f"<h3 id='{html.escape(name)}'>{html.escape(name)}</h3><p>{about}</p><table>{''.join(rows)}</table>"
    )


def _kind(schema: dict[str, Any]) -> str:
    """A type in words, schemas as links. HTML."""
    if "$ref" in schema:
        name = html.escape(schema["$ref"].rpartition("/")[2])
        return f"<a href='#{name}'>{name}</a>"
    if "anyOf" in schema:
        return " or ".join(_kind(one) for one in schema["anyOf"])
    if "enum" in schema or "const" in schema:
        return html.escape(", ".join(str(one) for one in schema.get("enum", [schema.get("const")])))
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    return html.escape(str(schema.get("type", "")))


def _row(name: str, kind: str, about: str) -> str:
    return f"<tr><td><code>{html.escape(name)}</code></td><td>{kind}</td><td>{html.escape(about)}</td></tr>"
