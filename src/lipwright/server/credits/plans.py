"""Plans and prices: what a file of them holds. The one that counts is in current_price_list.py."""

from __future__ import annotations

import tomllib
from importlib import resources

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lipwright.engine import MAX_LABEL_CHARACTERS
from lipwright.server.errors import BadSettings

FILE_NAME = "plans.toml"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Prices(_Part):
    """Credits per unit of work."""

    photo_realistic_per_s: float = Field(ge=0)
    photo_prompted_per_s: float = Field(ge=0)
    sync_lite_per_frame: float = Field(ge=0)
    sync_standard_per_frame: float = Field(ge=0)
    sync_pro_per_frame: float = Field(ge=0)
    speech_per_character: float = Field(ge=0)


class Limits(_Part):
    """How much one job may ask for."""

    photo_realistic_s: float = Field(gt=0)
    photo_prompted_s: float = Field(gt=0)
    photo_standard_s: float = Field(gt=0)
    photo_expressive_s: float = Field(gt=0)
    sync_frames: int = Field(gt=0)


class Plan(_Part):
    """What an account may do.

    checks_balance: whether a call that costs more than the balance is refused.
    credits_once, credits_daily, credits_monthly: granted at the first call of that time.
    longer_side_px, photo_longer_side_px: cap on the output of lip sync and talking photo.
    concurrent_jobs: rendered at once; further ones wait. None has no limit.
    calls_per_10_s: POST calls of one key in ten seconds; further ones are answered 429. None has no limit.
    label: words in a corner of every video; None has none.
    """

    checks_balance: bool = True
    credits_once: int = Field(0, ge=0)
    credits_daily: int = Field(0, ge=0)
    credits_monthly: int = Field(0, ge=0)
    longer_side_px: int = Field(4096, ge=64, le=4096)
    photo_longer_side_px: int = Field(4096, ge=64, le=4096)
    upload_bytes: int = Field(10_000_000_000, gt=0)
    concurrent_jobs: int | None = Field(None, ge=1)
    calls_per_10_s: int | None = Field(None, ge=1)
    sync_modes: tuple[str, ...] = ("lite", "standard", "pro")
    photo_modes: tuple[str, ...] = ("realistic", "prompted")
    label: str | None = Field(None, min_length=1, max_length=MAX_LABEL_CHARACTERS)


class PriceList(_Part):
    """The whole file."""

    prices: Prices
    limits: Limits
    plans: dict[str, Plan]

    def plan(self, name: str) -> Plan:
        """The plan of that name. Raises BadSettings."""
        try:
            return self.plans[name]
        except KeyError:
            raise BadSettings(f"There is no plan '{name}'. Choose one of: {', '.join(self.plans)}.") from None


def built_in_text() -> str:
    """The price list that counts where the operator has given none."""
    return resources.files("lipwright.server.credits").joinpath(FILE_NAME).read_text("utf-8")


def parse_price_list(text: str, where: str) -> PriceList:
    """The price list that a text holds. where: names it in the error. Raises BadSettings."""
    try:
        return PriceList.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BadSettings(f"{where} is not TOML: {error}.") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise BadSettings(f"{where}: {place}: {first['msg']}.") from None
