"""POST /v1/sessions signs a browser in, /v1/session says who it is and signs it out."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from lipwright.server.errors import Unauthorized
from lipwright.server.sessions.schemas import SessionAccount, SessionAnswer, SignIn
from lipwright.server.sessions.service import sign_in, sign_out
from lipwright.server.web.browser_sessions import COOKIE, session_token
from lipwright.server.web.context import DOCUMENTED_SECURITY, CurrentSession, ServicesOf
from lipwright.server.web.documented import answers

router = APIRouter(tags=["sessions"])


@router.post(
    "/v1/sessions",
    operation_id="sessions.create",
    status_code=204,
    responses=answers(400, 401, 403, 429, 503),
)
def create_session(body: SignIn, request: Request, services: ServicesOf) -> Response:
    """Sign a browser in with the code of a one-use link, or with a key: the answer sets a cookie. Ours.

    This call needs no key.
    """
    token = sign_in(services, request.app.state.attempts, request.scope, body)
    response = Response(status_code=204)
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(services.settings.session_days * 24 * 3600),
        path="/",
        secure=_is_encrypted(request, services.settings.public_url),
        httponly=True,
        samesite="strict",
    )
    return response


@router.get(
    "/v1/session", operation_id="sessions.get", responses=answers(401, 503), dependencies=DOCUMENTED_SECURITY
)
def get_session(session: CurrentSession) -> SessionAnswer:
    """Who is signed in with this browser. Ours; with a key there is no session."""
    account = session.account
    return SessionAnswer(
        account=SessionAccount(id=account.id, name=account.name, plan=account.plan),
        csrf_token=session.csrf_token,
    )


@router.delete(
    "/v1/session",
    operation_id="sessions.delete",
    status_code=204,
    responses=answers(401, 403, 503),
    dependencies=DOCUMENTED_SECURITY,
)
def delete_session(request: Request, services: ServicesOf, session: CurrentSession) -> Response:  # noqa: ARG001
    """Sign this browser out: the session ends at the server too. Ours."""
    token = session_token(request.scope)
    if token is None:
        raise Unauthorized
    sign_out(services, token)
    response = Response(status_code=204)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return response


def _is_encrypted(request: Request, public_url: str | None) -> bool:
    """Whether the browser came over https, also where a proxy does not say so."""
    return request.url.scheme == "https" or (public_url or "").startswith("https://")
