"""A file that was made, as the log has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Sha256 = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
PerceptualHash = Annotated[str, StringConstraints(pattern="^[0-9a-f]{16}$")]


class MadeOutput(BaseModel):
    """What is known of one file when it goes into the store.

    name: in the store, below the project. installation, number: what its watermark says; None without one.
    is_signed: whether it carries content credentials.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    size_bytes: int
    sha256: Sha256
    perceptual_hash: PerceptualHash | None = None
    installation: int | None = None
    watermark_number: int | None = None
    is_signed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeFile:
    """A row of the log. product: the kind of job. account: the name of the account; None once it is gone."""

    id: int
    made_at_ms: int
    account_id: str
    account: str | None
    project_id: str
    product: str
    name: str
    size_bytes: int
    sha256: str
    perceptual_hash: str | None
    installation: int | None
    watermark_number: int | None
    is_signed: bool
