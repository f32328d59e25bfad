"""Body of POST /v1/batches. All of it is ours; the Magic Hour API has no batches."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from lipwright.server.products.lip_sync.schemas import LipSyncRequest
from lipwright.server.products.talking_photo.schemas import TalkingPhotoRequest
from lipwright.server.request_body import Name, RequestBody

# A transaction of this many orders takes about a second; more would keep other writers waiting.
MAX_ORDERS = 500


class PhotoOrder(RequestBody):
    """A talking photo."""

    product: Literal["ai-talking-photo"]
    order: TalkingPhotoRequest = Field(description="The body of POST /v1/ai-talking-photo.")
    reference: Name | None = Field(None, description="Your own word for it, which answers repeat.")


class SyncOrder(RequestBody):
    """A lip sync."""

    product: Literal["lip-sync"]
    order: LipSyncRequest = Field(description="The body of POST /v1/lip-sync.")
    reference: Name | None = Field(None, description="Your own word for it, which answers repeat.")


BatchOrder = Annotated[PhotoOrder | SyncOrder, Field(discriminator="product")]


class BatchRequest(RequestBody):
    """Orders that are placed together: all of them or none."""

    orders: Annotated[list[BatchOrder], Field(min_length=1, max_length=MAX_ORDERS)]
    name: Name | None = None
