"""Carry flows out with httpx: `run` blocks, `run_async` awaits. No decisions are made here."""

from __future__ import annotations

import asyncio
from asyncio import sleep as sleep_async
from collections.abc import AsyncIterator
from time import sleep
from typing import Any

import httpx

from lipwright_client.effects import ByteSource, Effect, Fetch, Flow, Put, Result, Send, Sleep

# Transfers have no limit as a whole; a connection that is silent this long is dead.
TRANSFER_TIMEOUT = httpx.Timeout(60.0)


def run(flow: Flow[Result], http: httpx.Client) -> Result:
    """Carry a flow out and return its result."""
    try:
        effect = next(flow)
        while True:
            try:
                answer = _perform(effect, http)
            except Exception as failure:
                effect = flow.throw(failure)
            else:
                effect = flow.send(answer)
    except StopIteration as done:
        result: Result = done.value
        return result
    finally:
        flow.close()


async def run_async(flow: Flow[Result], http: httpx.AsyncClient) -> Result:
    """Carry a flow out and return its result."""
    try:
        effect = next(flow)
        while True:
            try:
                answer = await _perform_async(effect, http)
            except Exception as failure:
                effect = flow.throw(failure)
            else:
                effect = flow.send(answer)
    except StopIteration as done:
        result: Result = done.value
        return result
    finally:
        flow.close()


def _perform(effect: Effect, http: httpx.Client) -> httpx.Response | None:
    match effect:
        case Send():
            return http.request(effect.method, effect.url, **_send_arguments(effect))
        case Put():
            content = effect.source.chunks()
            return http.put(effect.url, content=content, **_put_arguments(effect))
        case Fetch():
            with http.stream("GET", effect.url, **_fetch_arguments(effect)) as response:
                if not effect.sink.accepts(response):
                    response.read()
                    return response
                # Pieces as they come: larger ones would be lost when the connection breaks.
                for chunk in response.iter_bytes():
                    effect.sink.write(chunk)
                return response
        case Sleep():
            sleep(effect.seconds)
            return None


async def _perform_async(effect: Effect, http: httpx.AsyncClient) -> httpx.Response | None:
    match effect:
        case Send():
            return await http.request(effect.method, effect.url, **_send_arguments(effect))
        case Put():
            content = _read_aside(effect.source)
            return await http.put(effect.url, content=content, **_put_arguments(effect))
        case Fetch():
            async with http.stream("GET", effect.url, **_fetch_arguments(effect)) as response:
                if not effect.sink.accepts(response):
                    await response.aread()
                    return response
                async for chunk in response.aiter_bytes():
                    await asyncio.to_thread(effect.sink.write, chunk)
                return response
        case Sleep():
            await sleep_async(effect.seconds)
            return None


async def _read_aside(source: ByteSource) -> AsyncIterator[bytes]:
    """The bytes of a source, read in a thread so that the event loop goes on."""
    chunks = source.chunks()
    while chunk := await asyncio.to_thread(next, chunks, b""):
        yield chunk


def _send_arguments(effect: Send) -> dict[str, Any]:
    return {
        "headers": effect.headers,
        "params": effect.params or None,
        "json": effect.json,
        "timeout": effect.timeout_s,
        "follow_redirects": False,
    }


def _put_arguments(effect: Put) -> dict[str, Any]:
    size = effect.source.size
    headers = {} if size is None else {"Content-Length": str(size)}
    return {"headers": headers, "timeout": TRANSFER_TIMEOUT, "follow_redirects": False}


def _fetch_arguments(effect: Fetch) -> dict[str, Any]:
    return {"headers": effect.headers, "timeout": TRANSFER_TIMEOUT, "follow_redirects": False}
