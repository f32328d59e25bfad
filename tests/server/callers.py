"""Accounts of the tests, how they call the application, and the application in a thread."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import uvicorn

from lipwright.server.accounts.repository import Account
from lipwright.server.accounts.service import create_key, ensure_account
from lipwright.server.operation.app import create_app
from lipwright.server.operation.http_server import server_config
from lipwright.server.services import Services

PICTURE = b"not looked at before the job"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Somebody with a key, and how he calls."""

    account: Account
    key: str
    http: httpx.Client

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.key}"}

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.http.get(path, headers=self.headers, **options)

    def post(self, path: str, body: Any, **headers: str) -> httpx.Response:
        return self.http.post(path, json=body, headers={**self.headers, **headers})

    def delete(self, path: str) -> httpx.Response:
        return self.http.delete(path, headers=self.headers)

    def upload(self, kind: str, extension: str, content: bytes = PICTURE) -> str:
        """The file path of a file that was uploaded."""
        answer = self.post("/v1/files/upload-urls", {"items": [{"type": kind, "extension": extension}]})
        assert answer.status_code == 200, answer.text
        item = answer.json()["items"][0]
        assert self.http.put(item["upload_url"], content=content).status_code == 200
        return str(item["file_path"])

    def photo_body(self, **changes: Any) -> dict[str, Any]:
        """A good body for a talking photo, with changes."""
        assets = {
            "image_file_path": self.upload("image", "png"),
            "audio_file_path": self.upload("audio", "mp3"),
        }
        return {"start_seconds": 0, "end_seconds": 2, "assets": assets, **changes}


def new_caller(services: Services, http: httpx.Client, plan: str = "unlimited") -> Caller:
    """Somebody with a new account on a plan."""
    account, key = _new_account(services, plan)
    return Caller(account=account, key=key, http=http)


def create_key_for(services: Services, plan: str = "unlimited") -> str:
    """A key of a new account on a plan."""
    return _new_account(services, plan)[1]


def _new_account(services: Services, plan: str) -> tuple[Account, str]:
    with services.database.write() as connection:
        account = ensure_account(connection, f"account {uuid.uuid4()}", plan)
        return account, create_key(connection, account, "test")


def serving_application(services: Services) -> Iterator[httpx.Client]:
    """The application on open services, in a thread; once through the loop, then it ends."""
    scratch = services.settings.scratch_folder / "test"
    scratch.mkdir(parents=True)
    settings = services.settings.model_copy(update={"port": 0})
    server = uvicorn.Server(server_config(create_app(services, scratch), settings))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, trust_env=False) as client:
        yield client
    server.should_exit = True
    thread.join()
