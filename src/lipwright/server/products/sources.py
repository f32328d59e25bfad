"""How a request names a file, and where the job will get it from.

api-assets/...                          an upload of the same account
https://any.host/my-library?videoId=... the output of an own project
https://our.host/.../media/...?sig=...  a download address that we signed, of a file of the same account
https://bucket.host/...?X-Amz-...       the same, where the store signs
https://...                             anything on the web, fetched in the job
"""

from __future__ import annotations

from typing import get_args
from urllib.parse import SplitResult, parse_qs, urlsplit

from lipwright.server.accounts.repository import Account
from lipwright.server.errors import BadSignature, Refused
from lipwright.server.jobs import repository as jobs
from lipwright.server.jobs.kinds import AUDIO_KINDS, VIDEO_KINDS
from lipwright.server.jobs.model import JobKind, JobStatus, Source
from lipwright.server.services import Services
from lipwright.server.storage.addresses import PATH as MEDIA_PATH
from lipwright.server.uploads import repository as uploads
from lipwright.server.uploads.formats import (
    EXTENSIONS,
    FIELD_KINDS,
    InputField,
    MediaKind,
    extension,
    field_extensions,
)
from lipwright.server.uploads.service import ASSET_FOLDER

_LIBRARY_PATH = "/my-library"
_LIBRARY_KINDS: dict[str, tuple[JobKind, ...]] = {
    "videoId": VIDEO_KINDS,
    "audioId": AUDIO_KINDS,
    "imageId": (),
}
# Messages repeat what was sent, up to this length.
_SHOWN_CHARACTERS = 200


def resolve_source(services: Services, account: Account, field: InputField, text: str) -> Source:
    """The file that a request names. Raises Refused with what to do."""
    if text.lower().startswith(("http://", "https://")):
        return _resolve_address(services, account, field, text)
    if text.startswith(f"{ASSET_FOLDER}/"):
        return _resolve_upload(services, account, field, text)
    raise Refused(
        f"'{_shown(text)}' is not a file of this server. Upload it first with /v1/files/upload-urls and "
        "use the file_path of the answer, or give an http(s) address."
    )


def any_field(text: str) -> InputField:
    """A field that takes files of the kind that a name ends in: what it is for is not known."""
    media: tuple[MediaKind, ...] = get_args(MediaKind)
    for kind in media:
        if extension(text.partition("?")[0]) in EXTENSIONS[kind]:
            return next(field for field, kinds in FIELD_KINDS.items() if kind in kinds)
    return "video"


def _resolve_upload(services: Services, account: Account, field: InputField, file_path: str) -> Source:
    _check_extension(field, file_path)
    with services.database.read() as connection:
        is_own = uploads.owns_upload(connection, file_path, account.id)
    if not is_own or services.store.find(file_path) is None:
        raise Refused(
            f"There is no uploaded file '{_shown(file_path)}'. "
            "Upload it first with the upload_url that came with this file_path."
        )
    return Source(field=field, extension=extension(file_path), key=file_path)


def _resolve_address(services: Services, account: Account, field: InputField, url: str) -> Source:
    try:
        address = urlsplit(url)
        host = address.hostname
        address.port  # noqa: B018  raises for a port that is no number
    except ValueError:
        host = None
    if not host:
        raise Refused(f"'{_shown(url)}' is not an address.")
    if address.path.rstrip("/") == _LIBRARY_PATH:
        return _resolve_library(services, account, field, url, address)
    key = _own_file(services, account, url, address)
    _check_extension(field, key or address.path)
    if key is not None:
        return Source(field=field, extension=extension(key), key=key)
    return Source(field=field, extension=extension(address.path), url=url)


def _resolve_library(
    services: Services, account: Account, field: InputField, url: str, address: SplitResult
) -> Source:
    query = parse_qs(address.query)
    for parameter, kinds in _LIBRARY_KINDS.items():
        if parameter not in query:
            continue
        with services.database.read() as connection:
            job = jobs.find_job(connection, query[parameter][0][:64], account.id, kinds)
        if job is None or job.status is not JobStatus.COMPLETE or not (job.enabled and job.output_keys):
            break
        key = job.output_keys[0]
        _check_extension(field, key)
        return Source(field=field, extension=extension(key), key=key)
    raise Refused(f"'{_shown(url)}' names no complete project of yours.")


def _own_file(services: Services, account: Account, url: str, address: SplitResult) -> str | None:
    """The key of a file of this account to which a download address of ours leads.

    None for any other address, which is fetched like those of strangers: then whoever serves it asks for its
    signature.
    """
    key = _signed_by_us(services, address) or services.store.key_of(url)
    return key if key is not None and _owns(services, account, key) else None


def _owns(services: Services, account: Account, key: str) -> bool:
    """Whether a key is an upload of an account, or an output of a job of it."""
    with services.database.read() as connection:
        if key.startswith(f"{ASSET_FOLDER}/"):
            return uploads.owns_upload(connection, key, account.id)
        job = jobs.find_job(connection, key.partition("/")[0], account.id, tuple(JobKind))
        return job is not None and job.enabled and key in job.output_keys


def _signed_by_us(services: Services, address: SplitResult) -> str | None:
    """The key of an address that we signed, under whatever path the server is reached."""
    query = parse_qs(address.query)
    _, found, key = address.path.rpartition(MEDIA_PATH)
    if not found or "sig" not in query or "exp" not in query:
        return None
    try:
        services.addresses.check("GET", key, query["exp"][0], "0", query["sig"][0])
    except BadSignature:
        return None
    return key


def _check_extension(field: InputField, path: str) -> None:
    allowed = field_extensions(field)
    if extension(path) not in allowed:
        raise Refused(
            f"'{_shown(extension(path))}' is an invalid {field} extension. "
            f"Possible extensions are '{', '.join(allowed)}'"
        )


def _shown(text: str) -> str:
    """The text as messages may carry it: printable and short."""
    printable = "".join(character if character.isprintable() else "?" for character in text)
    return printable[:_SHOWN_CHARACTERS]
