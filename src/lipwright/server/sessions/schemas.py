"""Bodies of the calls with which a browser signs in. All of them are ours; the Magic Hour API has none."""

from __future__ import annotations

from pydantic import BaseModel, Field, model_validator

from lipwright.server.request_body import RequestBody, Text

MAX_SECRET_LENGTH = 512


class SignIn(RequestBody):
    """The code of a one-use link, or a key; one of them."""

    code: Text | None = Field(None, max_length=MAX_SECRET_LENGTH)
    key: Text | None = Field(None, max_length=MAX_SECRET_LENGTH)

    @model_validator(mode="after")
    def _one_of_them(self) -> SignIn:
        if (self.code is None) == (self.key is None):
            raise ValueError("expected either code or key")
        return self


class SessionAccount(BaseModel):
    """Who is signed in."""

    id: str
    name: str
    plan: str


class SessionAnswer(BaseModel):
    """A session."""

    account: SessionAccount
    csrf_token: str = Field(description="Every write with the cookie repeats it in `X-CSRF-Token`.")
