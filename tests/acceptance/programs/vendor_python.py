"""Carries out calls with the vendor's Python client; runs where that client is installed.

Standard input: {"base_url", "token", "is_async", "calls": [{"call": "ai_talking_photo.generate",
"arguments": {...}}]}. Standard output: a list with {"answer": ...} or {"status": ..., "body": ...} for each.
"""

import asyncio
import json
import sys
from collections.abc import Iterator
from typing import Any

from magic_hour import AsyncClient, Client


def find(client: Any, name: str) -> Any:
    found = client.v1
    for part in name.split("."):
        found = getattr(found, part)
    return found


def given(arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments; {"open_file": path} stands for an open file."""
    return {
        name: open(value["open_file"], "rb") if isinstance(value, dict) and "open_file" in value else value
        for name, value in arguments.items()
    }


def told(answer: Any) -> dict[str, Any]:
    return {
        "answer": answer.model_dump(mode="json", by_alias=True) if hasattr(answer, "model_dump") else answer
    }


def refused(error: Any) -> dict[str, Any]:
    if not hasattr(error, "status_code"):
        raise error
    return {"status": error.status_code, "body": error.body}


def carry_out(task: dict[str, Any]) -> Iterator[dict[str, Any]]:
    client = Client(token=task["token"], base_url=task["base_url"])
    for call in task["calls"]:
        try:
            yield told(find(client, call["call"])(**given(call["arguments"])))
        except Exception as error:
            yield refused(error)


async def carry_out_async(task: dict[str, Any]) -> list[dict[str, Any]]:
    client = AsyncClient(token=task["token"], base_url=task["base_url"])
    answers = []
    for call in task["calls"]:
        try:
            answers.append(told(await find(client, call["call"])(**given(call["arguments"]))))
        except Exception as error:
            answers.append(refused(error))
    return answers


task = json.load(sys.stdin)
results = asyncio.run(carry_out_async(task)) if task["is_async"] else list(carry_out(task))
json.dump(results, sys.stdout)
