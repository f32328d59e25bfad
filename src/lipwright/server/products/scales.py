"""What talking photos and lip syncs may be asked for besides, in the form of their requests."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from lipwright.engine import MAX_SCALE
from lipwright.server.request_body import WholeNumber

# Beyond it other languages' clients no longer hold whole numbers exactly.
MAX_SEED = 2**53 - 1

FaceNumber = Annotated[WholeNumber, Field(ge=0, le=99)]
Scale = Annotated[float | None, Field(ge=0, le=MAX_SCALE)]
Seed = Annotated[WholeNumber | None, Field(ge=0, le=MAX_SEED)]
