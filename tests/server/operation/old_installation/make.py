"""Makes the installation that lies beside this file, with the code of an older version.

`python tests/server/operation/old_installation/make.py CHECKOUT`, where CHECKOUT is a clone at af88b1f, the
last version with the folders of the server as they were first. It holds both databases as SQL, the stored
files, and what the old server answered about them. Its keys and secrets are no real ones.
"""

from __future__ import annotations

import hashlib
import http.server
import importlib
import json
import os
import re
import shutil
import sqlite3
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx

HERE = Path(__file__).resolve().parent
KEY = "lwk_live_" + "0" * 32
REPEAT_KEY = "made-by-the-old-version"
TABLES = ("lipwright", "workflows")
ACCEPTED_LIMIT_S = 120


def main(checkout: Path) -> None:
    """Run the old version until every kind of row is there, then write down what it left."""
    os.environ["PYTHONPATH"] = f"{checkout / 'src'}:{checkout}"
    sys.path[:0] = [str(checkout / "src"), str(checkout)]
    running = importlib.import_module("tests.server.acceptance.running")
    media = importlib.import_module("tests.media")
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(checkout)
        home = Path(folder) / "home"
        settings = {"reachable_hosts": '["127.0.0.1"]', "poll_interval_s": "0.05"}
        with running.running(home, None, **settings) as service:
            answers = make(service, running, media, Path(folder))
        write_down(home, answers)


def make(service: Any, running: Any, media: Any, folder: Path) -> list[dict[str, Any]]:
    """Jobs in every state, and the answers about them."""
    with service.services.database.write() as connection:
        connection.exec_driver_sql(
            "UPDATE api_keys SET key_hash = ?", (hashlib.sha256(KEY.encode()).hexdigest(),)
        )
        connection.exec_driver_sql("UPDATE api_keys SET hint = ?", (KEY[:15],))
    service.key = KEY
    service.serve(workers=0)
    picture, sound = write_inputs(media, folder)
    garbage = folder / "garbage.png"
    garbage.write_bytes(b"<html>not a picture</html>" * 50)

    def photo(image: Path, **headers: str) -> dict[str, Any]:
        body = photo_body(service.upload(image, "image"), service.upload(sound, "audio"))
        answer = service.http.post("/v1/ai-talking-photo", json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        return {"id": str(answer.json()["id"]), "body": body}

    def ended(process: Any) -> bool:
        return process.poll() is not None

    with receiver() as url:
        webhook = service.http.post("/v1/webhooks", json={"url": url}).json()["id"]
        worker = service.worker()
        complete = photo(picture, **{"Idempotency-Key": REPEAT_KEY})
        failed = photo(garbage)
        assert service.wait_for([complete["id"], failed["id"]]) == ["complete", "error"]
        deliveries = f"/v1/webhooks/{webhook}/deliveries"
        running.wait_until(
            lambda: {one["status"] for one in service.http.get(deliveries).json()["items"]} == {"delivered"},
            ACCEPTED_LIMIT_S,
            "everything is delivered",
        )
        worker.terminate()
        worker.wait()
    # Two workers are killed between the end of a render and the end of its job.
    crashing = [service.crashing_worker("before-settle") for _ in range(2)]
    running.wait_until(lambda: count_workers(service) == 2, ACCEPTED_LIMIT_S, "two workers are there")
    half_photo = photo(picture)
    running.wait_until(
        lambda: service.status(half_photo["id"]) == "rendering", ACCEPTED_LIMIT_S, "one of them works"
    )
    half_speech = service.speak("Oh.")
    running.wait_until(lambda: all(map(ended, crashing)), ACCEPTED_LIMIT_S, "both are killed")
    queued_photo = photo(picture)
    queued_speech = service.speak("Ah.")
    canceled = photo(picture)
    service.http.post(f"/v1/video-projects/{canceled['id']}/cancel")
    # Of all but the queued one, so that none can be rendered again.
    for made in (complete, failed, half_photo, canceled):
        for file_path in made["body"]["assets"].values():
            service.services.store.remove(file_path)
    jobs = {
        "complete": complete["id"],
        "failed": failed["id"],
        "half-done photo": half_photo["id"],
        "half-done speech": half_speech,
        "queued photo": queued_photo["id"],
        "queued speech": queued_speech,
        "canceled": canceled["id"],
    }
    calls: list[tuple[str, str, Any]] = [
        *(
            ("GET", f"/v1/{'audio' if 'speech' in what else 'video'}-projects/{job_id}", None)
            for what, job_id in jobs.items()
        ),
        ("GET", "/v1/video-projects", None),
        ("GET", "/v1/video-projects?status=queued", None),
        ("GET", "/v1/webhooks", None),
        ("GET", deliveries, None),
        ("POST", "/v1/ai-talking-photo", complete["body"]),
    ]
    return [{"jobs": jobs}, *(record(service.http, *call) for call in calls)]


def write_inputs(media: Any, folder: Path) -> tuple[Path, Path]:
    """A small picture of a face that was drawn by a program, and something like a voice."""
    lipwright = importlib.import_module("lipwright")
    image = importlib.import_module("PIL.Image")
    portrait = image.open(Path(str(lipwright.__file__)).parent / "samples" / "portrait.png").convert("RGB")
    picture = folder / "face.jpg"
    portrait.crop((110, 0, 350, 240)).save(picture, quality=80)
    return picture, media.write_sound(folder / "voice.mp3", media.voice(1.0))


def photo_body(image: str, audio: str) -> dict[str, Any]:
    """A short talking photo."""
    return {
        "name": "Of the old version",
        "start_seconds": 0,
        "end_seconds": 0.4,
        "max_resolution": 240,
        "assets": {"image_file_path": image, "audio_file_path": audio},
    }


def record(client: httpx.Client, method: str, path: str, body: Any) -> dict[str, Any]:
    """A call with its answer."""
    headers = {"Idempotency-Key": REPEAT_KEY} if method == "POST" else {}
    answer = client.request(method, path, json=body, headers=headers)
    return {
        "method": method,
        "path": path,
        "body": body,
        "status": answer.status_code,
        "answer": comparable(answer.json()),
    }


def comparable(answer: Any) -> Any:
    """An answer without what each server and moment says differently: host, signature and time of expiry."""
    if isinstance(answer, dict):
        return {name: comparable(value) for name, value in answer.items() if name != "expires_at"}
    if isinstance(answer, list):
        return [comparable(value) for value in answer]
    if isinstance(answer, str) and "/media/" in answer:
        return re.sub(r"^http://[^/]+", "http://server", answer.partition("?")[0])
    return answer


def count_workers(service: Any) -> int:
    """How many workers have entered themselves into the table."""
    with service.services.database.read() as connection:
        query = "SELECT count(*) FROM processes WHERE kind = 'worker'"
        return int(connection.exec_driver_sql(query).scalar_one())


@contextmanager
def receiver() -> Iterator[str]:
    """The address of a receiver of webhooks that is content with everything."""

    class Content(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Content) as site:
        thread = threading.Thread(target=site.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{site.server_address[1]}/hook"
        site.shutdown()
        thread.join()


def write_down(home: Path, answers: list[dict[str, Any]]) -> None:
    """Everything into this folder."""
    with closing(sqlite3.connect(home / "lipwright.sqlite3")) as tables, tables:
        tables.execute("UPDATE processes SET host = 'old-machine/1'")
        tables.execute("UPDATE server_secrets SET value = ?", ("ab" * 32,))
        tables.execute("UPDATE webhooks SET secret = ?", ("whsec_" + "A" * 32,))
    for name in TABLES:
        with closing(sqlite3.connect(home / f"{name}.sqlite3")) as tables:
            (HERE / f"{name}.sql").write_text("\n".join(tables.iterdump()) + "\n")
    shutil.rmtree(HERE / "files", ignore_errors=True)
    shutil.copytree(home / "files", HERE / "files")
    (HERE / "answers.json").write_text(json.dumps(answers, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
