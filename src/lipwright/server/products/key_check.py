"""POST /v1/ai-image-generator: a product that is not made here, at the address where keys are tested.

The sign-in page of the Magic Hour API's MCP server posts `{}` there and takes a 400 for a good key; 401, 403
and 404 for a bad one.
"""

from __future__ import annotations

from typing import NoReturn

from fastapi import APIRouter

from lipwright.server.errors import InvalidRequest

router = APIRouter()


@router.post("/v1/ai-image-generator", response_model=None, include_in_schema=False)
def image_generator() -> NoReturn:
    """The key is good, as nobody else gets here, and whatever is asked for cannot be made."""
    raise InvalidRequest(
        "This server makes no images: use /v1/ai-talking-photo or /v1/lip-sync. The key is good."
    )
