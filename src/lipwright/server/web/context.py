"""What routes ask for: the services, the caller, and the address under which the server is reached."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPBearer

from lipwright.server.accounts.repository import Account
from lipwright.server.services import Services
from lipwright.server.web.authentication import current_account

# Only for the documentation: the middleware has looked at the key already.
_bearer = HTTPBearer(auto_error=False, scheme_name="bearerAuth")
DOCUMENTED_SECURITY = [Security(_bearer)]


def _services(request: Request) -> Services:
    services = request.app.state.services
    assert isinstance(services, Services)
    return services


def public_url(request: Request, services: Annotated[Services, Depends(_services)]) -> str:
    """Address under which this client reaches the server, without a slash at the end."""
    configured = services.settings.public_url
    return (configured or str(request.base_url)).rstrip("/")


ServicesOf = Annotated[Services, Depends(_services)]
Caller = Annotated[Account, Depends(current_account)]
PublicUrl = Annotated[str, Depends(public_url)]
