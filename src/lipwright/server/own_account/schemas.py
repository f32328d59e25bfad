"""Bodies of the calls about the caller's own account. All of them are ours."""

from __future__ import annotations

from pydantic import BaseModel, Field

from lipwright.server.request_body import FilledText, RequestBody


class PlanAnswer(BaseModel):
    """What the plan of an account allows. Null has no limit."""

    name: str
    checks_balance: bool = Field(description="Whether a call that costs more than the balance is refused.")
    credits_once: int
    credits_daily: int
    credits_monthly: int
    upload_bytes: int
    concurrent_jobs: int | None
    calls_per_10_seconds: int | None
    photo_modes: list[str]
    photo_longer_side: int
    photo_realistic_seconds: float
    photo_prompted_seconds: float
    sync_modes: list[str]
    sync_longer_side: int
    sync_frames: int
    label: str | None = Field(description="Words in a corner of every video.")


class PriceAnswer(BaseModel):
    """Credits per unit of work."""

    photo_realistic_per_second: float
    photo_prompted_per_second: float
    sync_lite_per_frame: float
    sync_standard_per_frame: float
    sync_pro_per_frame: float
    speech_per_character: float


class AccountAnswer(BaseModel):
    """The caller's account."""

    id: str
    name: str
    credits: int
    plan: PlanAnswer
    prices: PriceAnswer


class LedgerRow(BaseModel):
    """Credits given (positive) or taken (negative)."""

    id: int
    project_id: str | None
    credits: int
    note: str
    created_at: str


class LedgerPage(BaseModel):
    """Rows, newest first."""

    items: list[LedgerRow]
    next_cursor: str | None = Field(description="Ask with ?cursor= for older ones; null at the end.")


class UsageDay(BaseModel):
    """What was made on a day, in UTC. credits: what it cost."""

    date: str
    projects: int
    seconds: float
    credits: int


class Usage(BaseModel):
    """Day by day, oldest first; days without a project too."""

    items: list[UsageDay]


class KeyRequest(RequestBody):
    """A new key."""

    name: FilledText = Field(max_length=200, description="What it is for.")


class KeyAnswer(BaseModel):
    """A key without its secret."""

    id: str
    name: str
    hint: str = Field(description="Its beginning.")
    created_at: str
    revoked_at: str | None


class CreatedKey(KeyAnswer):
    """A new key. This is the only time it can be read."""

    key: str


class KeyList(BaseModel):
    """All keys of the account, newest first."""

    items: list[KeyAnswer]
