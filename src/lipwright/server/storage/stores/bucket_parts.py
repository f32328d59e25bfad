"""Uploads in parts that were begun in an S3 bucket and never finished: unseen, and paid for.

obstore, which does all else, can neither list nor end them. The calls and their answers: Amazon S3 API
Reference, ListMultipartUploads and AbortMultipartUpload.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlencode, urlsplit
from xml.etree import ElementTree

import httpx
import structlog
from awscrt.auth import (
    AwsCredentialsProvider,
    AwsSignatureType,
    AwsSignedBodyHeaderType,
    AwsSigningAlgorithm,
    AwsSigningConfig,
    aws_sign_request,
)
from awscrt.exceptions import AwsCrtError
from awscrt.http import HttpHeaders, HttpRequest

from lipwright.server.settings import Settings
from lipwright.server.storage.store import is_key

_log = structlog.get_logger(__name__)

# For each call, and for whoever knows the credentials: a machine's role is asked over the network.
CALL_LIMIT_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unfinished:
    """One upload. key: in the bucket, with the prefix."""

    key: str
    upload_id: str
    begun_at_ms: int


class BucketParts:
    """The unfinished uploads of one bucket, below a prefix."""

    def __init__(self, settings: Settings, bucket: str, prefix: str) -> None:
        """prefix: without a slash at its end; empty for the whole bucket, of which only our keys are ours."""
        endpoint = settings.s3_endpoint or f"https://s3.{settings.s3_region}.amazonaws.com"
        self._bucket_url = f"{endpoint.rstrip('/')}/{quote(bucket)}"
        self._region = settings.s3_region
        self._prefix = f"{prefix}/" if prefix else ""
        secret = settings.s3_secret_key
        self._credentials = (
            AwsCredentialsProvider.new_static(settings.s3_access_key, secret.get_secret_value())
            if settings.s3_access_key and secret is not None
            else AwsCredentialsProvider.new_default_chain()
        )

    def remove(self, begun_before_ms: int) -> int:
        """End those that were begun before a time; how many. Where the store refuses it the log says so."""
        count = 0
        try:
            with httpx.Client(timeout=CALL_LIMIT_S) as http:
                for upload in self._list(http):
                    if upload.begun_at_ms < begun_before_ms and is_key(upload.key.removeprefix(self._prefix)):
                        self._call(http, "DELETE", f"/{quote(upload.key)}", {"uploadId": upload.upload_id})
                        count += 1
        except (httpx.HTTPError, AwsCrtError, TimeoutError) as error:
            _log.warning(
                "unfinished uploads stay in the bucket; allow s3:ListBucketMultipartUploads and "
                "s3:AbortMultipartUpload, or let the bucket end them by itself",
                reason=str(error) or type(error).__name__,
            )
        return count

    def _list(self, http: httpx.Client) -> Iterator[_Unfinished]:
        place: dict[str, str] = {}
        while True:
            query = {"uploads": "", "prefix": self._prefix, **place}
            page = ElementTree.fromstring(self._call(http, "GET", "", query))
            for upload in page.iterfind("{*}Upload"):
                begun_at = datetime.fromisoformat(_text(upload, "Initiated"))
                yield _Unfinished(
                    key=_text(upload, "Key"),
                    upload_id=_text(upload, "UploadId"),
                    begun_at_ms=int(begun_at.timestamp() * 1000),
                )
            if _text(page, "IsTruncated") != "true":
                return
            place = {
                "key-marker": _text(page, "NextKeyMarker"),
                "upload-id-marker": _text(page, "NextUploadIdMarker"),
            }

    def _call(self, http: httpx.Client, method: str, path: str, query: dict[str, str]) -> bytes:
        """The body of the answer. What is gone already is no fault. Raises httpx.HTTPError for a refusal."""
        url = f"{self._bucket_url}{path}?{urlencode(query, quote_via=quote)}"
        answer = http.request(method, url, headers=self._signed(method, url))
        if not (method == "DELETE" and answer.status_code == httpx.codes.NOT_FOUND):
            answer.raise_for_status()
        return answer.content

    def _signed(self, method: str, url: str) -> dict[str, str]:
        """Headers with a signature of AWS Signature Version 4."""
        parts = urlsplit(url)
        request = HttpRequest(method, f"{parts.path}?{parts.query}", HttpHeaders([("host", parts.netloc)]))
        config = AwsSigningConfig(
            algorithm=AwsSigningAlgorithm.V4,
            signature_type=AwsSignatureType.HTTP_REQUEST_HEADERS,
            credentials_provider=self._credentials,
            region=self._region,
            service="s3",
            date=datetime.now(UTC),
            use_double_uri_encode=False,
            should_normalize_uri_path=False,
            signed_body_header_type=AwsSignedBodyHeaderType.X_AMZ_CONTENT_SHA_256,
        )
        return dict(aws_sign_request(request, config).result(CALL_LIMIT_S).headers)


def _text(element: ElementTree.Element, name: str) -> str:
    return element.findtext(f"{{*}}{name}") or ""
