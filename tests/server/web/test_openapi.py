"""Our OpenAPI against that of the Magic Hour API: nothing required is missing or of another type."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

CONTRACT = json.loads((Path(__file__).with_name("openapi.subset.json")).read_text("utf-8"))
OPERATIONS = [
    (path, method)
    for path, methods in CONTRACT["paths"].items()
    for method in methods
    if method != "parameters"
]
Schema = dict[str, Any]


@pytest.fixture(scope="module")
def ours(http: httpx.Client) -> Schema:
    document: Schema = http.get("/openapi.json").json()
    return document


def resolved(document: Schema, schema: Schema) -> Schema:
    """The schema behind references, null left out: null for an optional field means absent."""
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        others = [one for one in schema["anyOf"] if one.get("type") != "null"]
        assert len(others) == 1, schema
        return resolved(document, {**others[0]})
    return schema


def takes_null(schema: Schema) -> bool:
    return any(one.get("type") == "null" for one in schema.get("anyOf", []))


def differences(document: Schema, theirs: Schema, own: Schema, where: str, *, is_answer: bool) -> list[str]:
    """What a client of the Magic Hour API would miss in ours."""
    found: list[str] = []
    if is_answer and takes_null(own) and not theirs.get("nullable"):
        found.append(f"{where}: may be null")
    own = resolved(document, own)
    kind = own.get("type") or ("string" if "enum" in own or "const" in own else None)
    if kind != theirs["type"] and not (is_answer and (kind, theirs["type"]) == ("integer", "number")):
        found.append(f"{where}: {kind} is not {theirs['type']}")
    required, our_required = set(theirs.get("required", [])), set(own.get("required", []))
    if is_answer:
        found += [f"{where}.{name}: is not promised" for name in sorted(required - our_required)]
    else:
        found += [f"{where}.{name}: is demanded" for name in sorted(our_required - required)]
    for name, schema in theirs.get("properties", {}).items():
        if name not in own.get("properties", {}):
            found.append(f"{where}.{name}: is missing")
            continue
        found += differences(
            document, schema, own["properties"][name], f"{where}.{name}", is_answer=is_answer
        )
    if "items" in theirs:
        found += differences(document, theirs["items"], own["items"], f"{where}[]", is_answer=is_answer)
    their_words = set(theirs.get("enum", []))
    our_words = set(own.get("enum", [own["const"]] if "const" in own else []))
    if their_words and (our_words or is_answer):
        extra = our_words - their_words if is_answer else their_words - our_words
        found += [f"{where}: the word {word} is not shared" for word in sorted(extra)]
    return found


def test_the_document_is_openapi_31(ours: Schema) -> None:
    assert ours["openapi"].startswith("3.1")


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_operation_of_the_contract_is_there_with_its_fields(
    ours: Schema, path: str, method: str
) -> None:
    theirs, own = CONTRACT["paths"][path][method], ours["paths"][path][method]
    assert own["operationId"] == theirs["operationId"]
    found: list[str] = []
    if "requestBody" in theirs:
        sent, taken = (one["requestBody"]["content"]["application/json"]["schema"] for one in (theirs, own))
        found += differences(ours, sent, taken, "request", is_answer=False)
    for status, answer in theirs["responses"].items():
        if "content" not in answer:
            assert status in own["responses"]
            continue
        wanted, given = (
            one["responses"][status]["content"]["application/json"]["schema"] for one in (theirs, own)
        )
        found += differences(ours, wanted, given, status, is_answer=True)
    assert found == []


def test_the_comparison_notices_what_is_missing(ours: Schema) -> None:
    theirs = CONTRACT["paths"]["/v1/lip-sync"]["post"]["responses"]["200"]["content"]["application/json"]
    own = {"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"]}
    found = differences(ours, theirs["schema"], own, "200", is_answer=True)
    assert "200.id: integer is not string" in found
    assert "200.estimated_frame_cost: is not promised" in found


def test_the_page_of_documentation_needs_no_other_server(http: httpx.Client) -> None:
    page = http.get("/docs")
    assert page.status_code == 200
    for forbidden in ("http://", "https://", "//cdn", "<script", "@import"):
        assert forbidden not in page.text
    assert "aiTalkingPhoto.createTalkingPhoto" in page.text
