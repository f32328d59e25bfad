"""The tables. Times are milliseconds since 1970 in UTC; credits are whole numbers.

A row of `projects` is a job; its states are drawn in jobs/lifecycle.py.
"""

from __future__ import annotations

import sqlalchemy as sa

METADATA = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# One row per secret of the server itself, e.g. the key that signs addresses.
server_secrets = sa.Table(
    "server_secrets",
    METADATA,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("value", sa.String(128), nullable=False),
)

# Files of the operator that count for the whole installation, by their names; without a row the built-in one.
installation_files = sa.Table(
    "installation_files",
    METADATA,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("changed_at_ms", sa.BigInteger, nullable=False),
)

accounts = sa.Table(
    "accounts",
    METADATA,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(200), nullable=False, unique=True),
    sa.Column("plan", sa.String(64), nullable=False),
    sa.Column("created_at_ms", sa.BigInteger, nullable=False),
    # When a job of this account was last given to a worker; the fair queue looks at it.
    sa.Column("last_served_at_ms", sa.BigInteger, nullable=False, server_default="0"),
)

api_keys = sa.Table(
    "api_keys",
    METADATA,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("account_id", sa.String(64), sa.ForeignKey("accounts.id"), nullable=False, index=True),
    sa.Column("name", sa.String(200), nullable=False),
    # SHA-256 of the key: keys are long and random, so a slow hash would only slow the calls.
    sa.Column("key_hash", sa.String(64), nullable=False, unique=True),
    sa.Column("hint", sa.String(32), nullable=False),
    sa.Column("created_at_ms", sa.BigInteger, nullable=False),
    sa.Column("revoked_at_ms", sa.BigInteger),
)

# Who is signed in with a browser. Neither the cookie nor the one-use code is stored, only what they hash to.
sessions = sa.Table(
    "sessions",
    METADATA,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("account_id", sa.String(64), sa.ForeignKey("accounts.id"), nullable=False, index=True),
    # The key that it was signed in with: it ends with the key. Null for one that began with a link.
    sa.Column("api_key_id", sa.String(64), sa.ForeignKey("api_keys.id")),
    sa.Column("csrf_token", sa.String(64), nullable=False),
    sa.Column("created_at_ms", sa.BigInteger, nullable=False),
    sa.Column("expires_at_ms", sa.BigInteger, nullable=False, index=True),
)

# One-use codes in the links that sign somebody in. The row goes when the code is used.
sign_in_codes = sa.Table(
    "sign_in_codes",
    METADATA,
    sa.Column("code_hash", sa.String(64), primary_key=True),
    sa.Column("account_id", sa.String(64), sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("expires_at_ms", sa.BigInteger, nullable=False),
)

# Rows are added, never changed. `reference` makes each fact enter once.
ledger = sa.Table(
    "ledger",
    METADATA,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("account_id", sa.String(64), sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("reference", sa.String(128), nullable=False),
    sa.Column("credits", sa.BigInteger, nullable=False),
    sa.Column("note", sa.String(200), nullable=False),
    sa.Column("created_at_ms", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("account_id", "reference"),
)

uploads = sa.Table(
    "uploads",
    METADATA,
    sa.Column("file_path", sa.String(200), primary_key=True),
    sa.Column("account_id", sa.String(64), sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("created_at_ms", sa.BigInteger, nullable=False, index=True),
)

# Jobs that were ordered in one call. They name it; what became of them is counted from their rows.
batches = sa.Table(
    "batches",
    METADATA,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("account_id", sa.String(64), sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("name", sa.Text),
    sa.Column("created_at_ms", sa.BigInteger, nullable=False),
    # When the last of its jobs became final.
    sa.Column("ended_at_ms", sa.BigInteger),
    sa.Index("ix_batches_account", "account_id", "created_at_ms"),
)

projects = sa.Table(
    "projects",
    METADATA,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("account_id", sa.String(64), sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("enabled", sa.Boolean, nullable=False),
    sa.Column("created_at_ms", sa.BigInteger, nullable=False),
    sa.Column("finished_at_ms", sa.BigInteger),
    sa.Column("public_url", sa.Text, nullable=False),
    # The job as it was accepted, a JobSpec of jobs/model.py.
    sa.Column("order", sa.JSON, key="spec", nullable=False),
    # The prices as it was accepted, Prices of credits/plans.py; null in rows of before 0002.
    sa.Column("prices", sa.JSON(none_as_null=True)),
    sa.Column("start_s", sa.Float, nullable=False),
    sa.Column("end_s", sa.Float, nullable=False),
    sa.Column("credits_charged", sa.BigInteger, nullable=False),
    # -1 where there is no size, 0 where there is no frame rate.
    sa.Column("width_px", sa.Integer, nullable=False),
    sa.Column("height_px", sa.Integer, nullable=False),
    sa.Column("frame_rate", sa.Float, nullable=False),
    sa.Column("error_code", sa.String(64)),
    sa.Column("error_message", sa.Text),
    # Keys in storage of what came out, in order.
    sa.Column("output_keys", sa.JSON, nullable=False),
    sa.Column("warnings", sa.JSON, nullable=False),
    # Which worker renders it; a job whose worker is not in `processes` is taken over.
    sa.Column("worker_id", sa.String(64)),
    sa.Column("takeovers", sa.Integer, nullable=False, server_default="0"),
    sa.Column("progress", sa.Float, nullable=False, server_default="0"),
    sa.Column("stage", sa.String(32)),
    sa.Column("seconds_left", sa.Float),
    # The path and the body of the create call; null in rows of before 0003, as all that follows.
    sa.Column("request", sa.JSON(none_as_null=True)),
    # Measures of what came out, and the key of a picture of it.
    sa.Column("duration_s", sa.Float),
    sa.Column("size_bytes", sa.BigInteger),
    sa.Column("poster_key", sa.Text),
    # How well it speaks, in words: QualityRemark of jobs/model.py.
    sa.Column("report", sa.JSON(none_as_null=True)),
    # When it was deleted, as long as that can be undone; its files go afterwards.
    sa.Column("deleted_at_ms", sa.BigInteger, index=True),
    # What the watermark of its files says, 1 to 2**32 - 1; null until it is rendered.
    sa.Column("watermark_number", sa.BigInteger),
    # Of a job that was ordered in a batch: which, its place from 0, and the caller's word for it.
    sa.Column("batch_id", sa.String(64), index=True),
    sa.Column("batch_place", sa.Integer),
    sa.Column("reference", sa.Text),
    sa.Index("ix_projects_queue", "status", "account_id", "created_at_ms"),
    sa.Index("ix_projects_account", "account_id", "created_at_ms"),
    sa.Index("ix_projects_watermark_number", "watermark_number", unique=True),
)

# One row per file that a job gave out. Rows are added and, after their time, removed; a trigger keeps them
# from being changed. They outlive files, projects and what is known of them.
made_files = sa.Table(
    "made_files",
    METADATA,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("made_at_ms", sa.BigInteger, nullable=False, index=True),
    sa.Column("account_id", sa.String(64), nullable=False),
    sa.Column("project_id", sa.String(64), nullable=False, index=True),
    # A JobKind of jobs/model.py.
    sa.Column("product", sa.String(32), nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False, index=True),
    # 16 hexadecimal digits, of pictures and videos.
    sa.Column("perceptual_hash", sa.String(16)),
    # What its watermark says; null where it has none.
    sa.Column("installation", sa.Integer),
    sa.Column("watermark_number", sa.BigInteger, index=True),
    sa.Column("is_signed", sa.Boolean, nullable=False),
)

# The newest frame of each job that is rendered, small. The row goes when the job ends.
previews = sa.Table(
    "previews",
    METADATA,
    sa.Column("project_id", sa.String(64), sa.ForeignKey("projects.id"), primary_key=True),
    sa.Column("frame", sa.Integer, nullable=False),
    sa.Column("made_at_ms", sa.BigInteger, nullable=False),
    sa.Column("jpeg", sa.LargeBinary, nullable=False),
)

# The answer to a create call under its Idempotency-Key, so that a repeat gets the same one.
idempotency_keys = sa.Table(
    "idempotency_keys",
    METADATA,
    sa.Column("account_id", sa.String(64), primary_key=True),
    sa.Column("key", sa.String(255), primary_key=True),
    sa.Column("request_hash", sa.String(64), nullable=False),
    sa.Column("answer", sa.JSON, nullable=False),
    sa.Column("created_at_ms", sa.BigInteger, nullable=False, index=True),
)

# Servers and workers and their last heartbeats; a process whose row is too old counts as dead.
processes = sa.Table(
    "processes",
    METADATA,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("host", sa.String(255), nullable=False),
    sa.Column("pid", sa.Integer, nullable=False),
    sa.Column("started_at_ms", sa.BigInteger, nullable=False),
    sa.Column("seen_at_ms", sa.BigInteger, nullable=False),
)

webhooks = sa.Table(
    "webhooks",
    METADATA,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("account_id", sa.String(64), sa.ForeignKey("accounts.id"), nullable=False, index=True),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("event_types", sa.JSON, nullable=False),
    sa.Column("secret", sa.String(128), nullable=False),
    sa.Column("enabled", sa.Boolean, nullable=False),
    sa.Column("created_at_ms", sa.BigInteger, nullable=False),
)

# One fact each; `body` holds the exact bytes that are signed and sent.
webhook_events = sa.Table(
    "webhook_events",
    METADATA,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("account_id", sa.String(64), nullable=False),
    sa.Column("project_id", sa.String(64), nullable=False),
    sa.Column("type", sa.String(32), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("created_at_ms", sa.BigInteger, nullable=False, index=True),
    sa.UniqueConstraint("project_id", "type"),
)

# One event on its way to one webhook: pending -> delivered | failed.
webhook_deliveries = sa.Table(
    "webhook_deliveries",
    METADATA,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("event_id", sa.String(64), sa.ForeignKey("webhook_events.id"), nullable=False, index=True),
    sa.Column("webhook_id", sa.String(64), sa.ForeignKey("webhooks.id"), nullable=False, index=True),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("created_at_ms", sa.BigInteger, nullable=False),
    sa.Column("next_attempt_at_ms", sa.BigInteger, nullable=False),
    sa.Index("ix_webhook_deliveries_due", "status", "next_attempt_at_ms"),
)

webhook_attempts = sa.Table(
    "webhook_attempts",
    METADATA,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column(
        "delivery_id", sa.String(64), sa.ForeignKey("webhook_deliveries.id"), nullable=False, index=True
    ),
    sa.Column("made_at_ms", sa.BigInteger, nullable=False),
    sa.Column("duration_ms", sa.Integer, nullable=False),
    sa.Column("status_code", sa.Integer),
    sa.Column("failure", sa.Text),
)
