"""Giving out upload addresses."""

from __future__ import annotations

from lipwright.server.accounts.repository import Account
from lipwright.server.errors import Refused
from lipwright.server.ids import new_id
from lipwright.server.services import Services
from lipwright.server.uploads import repository
from lipwright.server.uploads.formats import EXTENSIONS
from lipwright.server.uploads.schemas import UploadUrl, UploadUrlsAnswer, UploadUrlsRequest

ASSET_FOLDER = "api-assets"
# How much of an extension that is refused is repeated.
SHOWN_CHARACTERS = 80


def create_upload_urls(
    services: Services, account: Account, request: UploadUrlsRequest, public_url: str
) -> UploadUrlsAnswer:
    """An address for each file. Raises Refused for an extension that does not fit its type."""
    for item in request.items:
        allowed = EXTENSIONS[item.type]
        if item.extension not in allowed:
            raise Refused(
                f"'{item.extension[:SHOWN_CHARACTERS]}' is an invalid {item.type} extension. "
                f"Possible extensions are '{', '.join(allowed)}'"
            )
    max_bytes = services.price_list.plan(account.plan).upload_bytes
    answers = []
    with services.database.write() as connection:
        for item in request.items:
            file_path = f"{ASSET_FOLDER}/{new_id()}/{item.type}.{item.extension}"
            repository.add_upload(connection, file_path, account.id, item.type)
            address = services.addresses.upload(
                public_url,
                file_path,
                lifetime_s=services.settings.upload_lifetime_s,
                max_bytes=max_bytes,
            )
            answers.append(
                UploadUrl(upload_url=address.url, expires_at=address.expires_at, file_path=file_path)
            )
    return UploadUrlsAnswer(items=answers)
