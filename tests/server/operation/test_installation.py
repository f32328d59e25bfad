"""Plans, prices and voice names are the same on every machine of an installation."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from lipwright.server.credits import plans
from lipwright.server.database.connection import Database
from lipwright.server.errors import BadSettings
from lipwright.server.operation.installation import INSTALLATION_FILES, differences, load, show
from lipwright.server.operation.migrate import migrate
from lipwright.server.rendering import voice_names
from lipwright.server.rendering.voice_names import load_voice_names
from lipwright.server.services import Services, open_services
from lipwright.server.settings import Settings, load_settings
from tests.server.callers import new_caller
from tests.support.databases import Cluster

PLANS, VOICES = INSTALLATION_FILES["plans"], INSTALLATION_FILES["voices"]


def price_list_with(photo_realistic_per_s: int) -> str:
    text = plans.built_in_text()
    own = text.replace("photo_realistic_per_s = 48", f"photo_realistic_per_s = {photo_realistic_per_s}")
    assert own != text
    return own


@pytest.fixture
def url(cluster: Cluster) -> str:
    return cluster.url(cluster.create())


def machine(folder: Path, url: str | None, **files: str) -> Settings:
    """A machine of the installation, with files in its data folder."""
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text)
    return load_settings(home=folder, database_url=url)


def price_at(settings: Settings) -> float:
    services = open_services(settings)
    services.database.close()
    return services.price_list.prices.photo_realistic_per_s


def test_every_machine_has_the_prices_of_the_installation(tmp_path: Path, url: str) -> None:
    operators = machine(tmp_path / "a", url, plans=price_list_with(1))
    migrate(operators)
    stale = machine(tmp_path / "b", url, plans=price_list_with(99))
    without = machine(tmp_path / "c", url)
    assert [price_at(one) for one in (operators, stale, without)] == [1, 1, 1]
    migrate(stale)  # a second one changes nothing
    assert price_at(without) == 1


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_file_that_is_loaded_reaches_running_processes(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    settings = machine(tmp_path / "a", request.getfixturevalue("url") if kind == "postgres" else None)
    migrate(settings)
    running = open_services(settings)
    before = running.price_list
    running.refresh()
    assert running.price_list is before
    (tmp_path / "new.toml").write_text(price_list_with(3))
    with running.database.write() as connection:
        load(connection, PLANS, tmp_path / "new.toml")
    running.refresh()
    assert running.price_list.prices.photo_realistic_per_s == 3
    with running.database.read() as connection:
        assert show(connection, PLANS) == price_list_with(3)
    running.database.close()


def test_the_own_files_of_the_embedded_database_are_taken_over_once(tmp_path: Path) -> None:
    settings = machine(
        tmp_path / "a", None, plans=price_list_with(1), voices='default = "en-us-male"\n[names]\n'
    )
    migrate(settings)
    assert price_at(settings) == 1
    database = Database(settings.sql_url)
    with database.read() as connection:
        assert load_voice_names(connection).voice_for("anybody") == "en-us-male"
        assert list(differences(connection, settings)) == []
    (settings.home / "plans.toml").write_text(price_list_with(2))
    migrate(settings)
    assert price_at(settings) == 1
    with database.read() as connection:
        (sentence,) = differences(connection, settings)
    assert f"`lipwright installation load plans {settings.home / 'plans.toml'}`" in sentence
    database.close()


def test_without_a_file_the_built_in_ones_count(services: Services) -> None:
    with services.database.read() as connection:
        assert show(connection, PLANS) == plans.built_in_text()
        assert show(connection, VOICES) == voice_names.built_in_text()
        assert list(differences(connection, services.settings)) == []
        assert load_voice_names(connection).male_voices


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (PLANS, "[prices]"),
        (PLANS, plans.built_in_text().replace("AI generated", "AI 生成")),  # no letters of the font
        (VOICES, "wrong = 1"),
        (PLANS, "\udcff"),
        (VOICES, None),
    ],
)
def test_a_file_that_is_of_no_use_is_refused_and_changes_nothing(
    services: Services, tmp_path: Path, file: object, text: str | None
) -> None:
    assert file in (PLANS, VOICES)
    chosen = PLANS if file is PLANS else VOICES
    path = tmp_path / "file.toml"
    if text is not None:
        path.write_text(text, "utf-8", errors="surrogateescape")
    with pytest.raises(BadSettings, match=r"file\.toml"), services.database.write() as connection:
        load(connection, chosen, path)
    with services.database.read() as connection:
        assert show(connection, chosen) == chosen.built_in_text()


@pytest.mark.logs_errors
def test_a_process_keeps_the_prices_it_knows_when_it_cannot_use_new_ones(services: Services) -> None:
    from lipwright.server.database.installation_files import store_file

    before = services.price_list
    with services.database.write() as connection:
        store_file(connection, plans.FILE_NAME, "[of_a_later_version]")
    services.refresh()
    assert services.price_list is before


def test_calls_are_limited_by_the_plans_of_the_moment(any_services: Services, any_http: httpx.Client) -> None:
    from lipwright.server.database.installation_files import store_file

    caller = new_caller(any_services, any_http, "free")
    with any_services.database.write() as connection:
        text = plans.built_in_text().replace("calls_per_10_s = 12", "calls_per_10_s = 1")
        store_file(connection, plans.FILE_NAME, text)
    any_services.refresh()
    body = {"style": {"prompt": "Hello.", "voice_name": "x"}}
    assert [caller.post("/v1/ai-voice-generator", body).status_code for _ in range(2)] == [200, 429]
