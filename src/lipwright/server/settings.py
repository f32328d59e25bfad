"""Everything an operator can set, in one class, with where each value came from.

A value is looked for in the environment (`LIPWRIGHT_` and the name in capitals), then in
`lipwright.toml` in the data folder, then here.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from lipwright.provenance.settings import (
    FILE_NAME,
    PREFIX,
    MarkingSettings,
    data_folder,
    marking_settings,
)
from lipwright.server.errors import BadSettings


class Settings(BaseSettings):
    """The settings of one server or worker."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    home: Path = Field(default_factory=data_folder, description="Data folder; only the environment sets it.")

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on.")
    public_url: str | None = Field(
        None, description="Address under which clients reach the server; absent: as in each request."
    )
    forwarded_allow_ips: str = Field(
        "127.0.0.1", description="Proxies whose X-Forwarded headers are believed, separated by commas."
    )
    processes: int = Field(
        1,
        ge=1,
        le=64,
        description="Processes that answer calls, all on one socket.",
    )
    max_connections: int = Field(
        1000,
        ge=8,
        description="Connections at once of each process; fewer where the system allows fewer open files.",
    )
    client_timeout_s: float = Field(
        30, gt=0, description="A client that sends or takes nothing for so long is cut off."
    )
    wrong_keys_per_minute: int = Field(
        10, ge=1, description="Wrong keys that one address may try before it has to wait."
    )
    studio_enabled: bool = Field(True, description="Whether the studio's pages are served at `/`.")
    session_days: float = Field(
        14, gt=0, le=400, description="A browser that signed in has to do so again after this time."
    )

    database_url: str | None = Field(
        None, description="postgresql://...; absent: a SQLite file in the data folder."
    )
    storage_url: str | None = Field(
        None, description="s3://bucket/prefix; absent: the folder `files` in the data folder."
    )
    s3_endpoint: str | None = Field(None, description="Address of an S3-compatible store other than AWS.")
    s3_region: str = Field("us-east-1", description="Region of the bucket.")
    s3_access_key: str | None = Field(None, description="Access key; absent: as the AWS tools find it.")
    s3_secret_key: SecretStr | None = Field(None, description="Secret of the access key.")

    default_plan: str = Field("unlimited", description="Plan of accounts that are created without one.")
    plans_file: Path | None = Field(
        None,
        description="Plans and prices for a database without; absent: `plans.toml` in the data folder.",
    )
    voices_file: Path | None = Field(
        None,
        description="Voice names for a database without; absent: `voices.toml` in the data folder.",
    )

    workers: int = Field(
        default_factory=lambda: os.cpu_count() or 1, ge=0, description="Workers that `serve` starts."
    )
    render_timeout_s: float = Field(3600, gt=0, description="A job that renders longer is stopped.")
    render_memory_mb: int = Field(6000, ge=256, description="A render that needs more is stopped.")
    render_file_mb: int = Field(10_000, ge=1, description="A render that writes a larger file is stopped.")
    render_attempts: int = Field(3, ge=1, description="Tries of a job that fails for no fault of its input.")
    sandbox: Literal["auto", "require", "off"] = Field(
        "auto",
        description="Around files of strangers: every layer there is; the same, or no work; limits only.",
    )
    sandbox_files: list[Path] = Field(
        default_factory=list,
        description="Files and folders that a render may read besides, e.g. of a renderer.",
    )
    sandbox_variables: list[str] = Field(
        default_factory=list, description="Environment variables that a render gets besides, by name."
    )
    poll_interval_s: float = Field(0.05, gt=0, description="How often an idle worker looks for a job.")
    shutdown_grace_s: float = Field(
        20, ge=0, description="How long running jobs may finish at shutdown before they are handed back."
    )

    upload_lifetime_s: int = Field(7200, ge=60, description="How long an upload address is good.")
    download_lifetime_s: int = Field(86_400, ge=60, description="How long a download address is good.")
    asset_retention_days: float = Field(7, gt=0, description="Uploads are deleted after this time.")
    output_retention_days: float | None = Field(
        None, gt=0, description="Results are deleted after this time; absent: they are kept."
    )

    marking: bool = Field(
        True,
        description="Whether files get content credentials and a watermark, as the EU AI Act asks of those "
        "who offer such software.",
    )
    credentials_folder: Path | None = Field(
        None, description="Where the installation's own credentials are; absent: in the data folder."
    )
    credentials_certificates: Path | None = Field(
        None, description="A chain of certificates in PEM that signs instead, the signer's first."
    )
    credentials_key: Path | None = Field(None, description="The key of that certificate, in PEM.")
    credentials_pkcs11: SecretStr | None = Field(
        None, description="Or the address of its key in a PKCS#11 module, as RFC 7512 writes it."
    )
    credentials_command: str | None = Field(None, description="Or a program that signs.")
    credentials_timeout_s: float = Field(
        30, gt=0, description="Longest time that a program or a module may take to sign."
    )
    credentials_time_stamp_url: str | None = Field(
        None, description="Time-stamp server after RFC 3161 for signatures; absent: none is asked."
    )
    label_font: Path | None = Field(
        None, description="TrueType or OpenType font of the labels of plans; absent: one for English."
    )
    made_files_days: float | None = Field(
        None, gt=0, description="Rows of the log of what was made are deleted after this time; absent: kept."
    )

    fetch_timeout_s: float = Field(300, gt=0, description="Longest time to fetch one asset by address.")
    webhooks_per_account: int = Field(10, ge=0, description="Webhooks that one account may have.")
    webhook_retention_days: float = Field(
        30, gt=0, description="Webhook events and their deliveries are deleted after this time."
    )
    reachable_hosts: list[str] = Field(
        default_factory=list,
        description="Inner hosts or networks that assets and webhooks may address, e.g. 10.0.0.0/8.",
    )
    youtube: bool = Field(True, description="Whether lip sync may fetch from YouTube.")

    log_format: Literal["json", "console"] = Field("console", description="How logs are written.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least log level.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then the file."""
        file = TomlConfigSettingsSource(settings_cls, data_folder() / FILE_NAME)
        return init_settings, env_settings, file

    @property
    def sql_url(self) -> str:
        """Address of the tables, with the driver named."""
        if self.database_url is None:
            return f"sqlite:///{self.home / 'lipwright.sqlite3'}"
        scheme, _, rest = self.database_url.partition("://")
        return f"postgresql+psycopg://{rest}" if scheme in ("postgresql", "postgres") else self.database_url

    @property
    def workflow_url(self) -> str:
        """Address of the durable workflows' own tables: a second file, or a schema in the same database."""
        if self.database_url is None:
            return f"sqlite:///{self.home / 'workflows.sqlite3'}"
        return self.sql_url

    @property
    def marking_settings(self) -> MarkingSettings:
        """The settings of credentials and watermarks, as the parts that sign take them."""
        names = {field.name for field in fields(MarkingSettings)}
        values = {name: value for name, value in self if name in names}
        if self.credentials_pkcs11 is not None:
            values["credentials_pkcs11"] = self.credentials_pkcs11.get_secret_value()
        return marking_settings(values, self.home)

    @property
    def files_folder(self) -> Path:
        """Where files are kept unless an S3 store is set."""
        return self.home / "files"

    @property
    def scratch_folder(self) -> Path:
        """Where unfinished files lie, one folder per process; on the same disk as the finished ones."""
        return self.home / "scratch"


def load_settings(**given: Any) -> Settings:
    """The settings, `given` before all else. Raises BadSettings with one line per wrong value."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
        raise BadSettings("The settings cannot be used: " + "; ".join(lines) + ".") from None
    except ValueError as error:
        raise BadSettings(f"{data_folder() / FILE_NAME} cannot be read: {error}.") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingLine:
    """One setting for a person to read; secrets are hidden."""

    name: str
    value: str
    source: Literal["environment", "file", "default"]
    description: str


def describe(settings: Settings) -> list[SettingLine]:
    """Every setting with its value and where it came from."""
    in_file = set(TomlConfigSettingsSource(Settings, data_folder() / FILE_NAME)())
    lines = []
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        source: Literal["environment", "file", "default"] = "default"
        if f"{PREFIX}{name.upper()}" in {key.upper() for key in os.environ}:
            source = "environment"
        elif name in in_file:
            source = "file"
        lines.append(
            SettingLine(
                name=name,
                value=_shown(name, value),
                source=source,
                description=field.description or "",
            )
        )
    return lines


def _shown(name: str, value: object) -> str:
    """A value as text, passwords in addresses left out."""
    if value is None:
        return "-"
    if name == "database_url" and isinstance(value, str) and "@" in value:
        scheme, _, rest = value.partition("://")
        return f"{scheme}://***@{rest.rpartition('@')[2]}"
    return str(value)
