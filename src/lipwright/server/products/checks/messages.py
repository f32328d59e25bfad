"""The messages between a call and the processes that fetch a file and check it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from lipwright.server.products.checks.schemas import Check


class _Message(BaseModel):
    # Keys travel in JSON.
    model_config = ConfigDict(frozen=True, ser_json_bytes="base64", val_json_bytes="base64")


class FetchTask(_Message):
    """Write what is at an address of a stranger to a path."""

    kind: Literal["fetch"] = "fetch"
    url: str
    path: str
    reachable_hosts: tuple[str, ...]
    max_bytes: int
    timeout_s: float


class CheckTask(_Message):
    """Check a file. The rest is what it is compared with: see KnownMarks."""

    kind: Literal["check"] = "check"
    path: str
    installation: int | None = None
    own_roots: tuple[str, ...] = ()
    roots: tuple[str, ...] = ()
    watermark_keys: tuple[bytes, ...] = Field(default=(), repr=False)


Task = Annotated[FetchTask | CheckTask, Field(discriminator="kind")]
TASK: TypeAdapter[Task] = TypeAdapter(Task)


class Checked(_Message):
    """The answer. refusal: why the file cannot be used; reason: for the log, where the fault may be ours."""

    check: Check | None = None
    refusal: str | None = None
    reason: str | None = None
