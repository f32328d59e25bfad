"""What routes ask for: the services, the caller, and the address under which the server is reached.

All are coroutines, though none waits: FastAPI calls a plain function in a thread, which costs more than it.
"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request, Security
from fastapi.security import HTTPBearer

from lipwright.server.accounts.repository import Account
from lipwright.server.accounts.sessions import BrowserSession
from lipwright.server.services import Services
from lipwright.server.web.authentication import current_account, current_session

# Only for the documentation: the middleware has looked at the key already.
_bearer = HTTPBearer(auto_error=False, scheme_name="bearerAuth")
DOCUMENTED_SECURITY = [Security(_bearer)]


async def _services(request: Request) -> Services:
    services = request.app.state.services
    assert isinstance(services, Services)
    return services


async def public_url(request: Request, services: Annotated[Services, Depends(_services)]) -> str:
    """Address under which this client reaches the server, without a slash at the end.

    For a page of ours it is the one that the page came from: a browser loads from no other.
    """
    configured = services.settings.public_url
    own = str(request.base_url)
    if is_browser(request) and urlsplit(configured or "").netloc != urlsplit(own).netloc:
        configured = None
    return (configured or own).rstrip("/")


async def shown_url(request: Request, services: Annotated[Services, Depends(_services)]) -> str | None:
    """Where addresses of files are to lead in an answer: None, where the job was ordered from."""
    return await public_url(request, services) if is_browser(request) else None


def is_browser(request: Request) -> bool:
    """Whether a browser calls that is signed in, rather than a program with a key."""
    return isinstance(getattr(request.state, "session", None), BrowserSession)


ServicesOf = Annotated[Services, Depends(_services)]
Caller = Annotated[Account, Depends(current_account)]
CurrentSession = Annotated[BrowserSession, Depends(current_session)]
PublicUrl = Annotated[str, Depends(public_url)]
ShownUrl = Annotated[str | None, Depends(shown_url)]
