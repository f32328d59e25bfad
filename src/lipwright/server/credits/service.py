"""Holding, settling and refunding credits, each at most once per job.

hold      when a job is accepted          - estimate
settle    when it is complete             estimate - real cost
refund    when it failed or was canceled  + estimate
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

from lipwright.server.credits import repository
from lipwright.server.credits.plans import Plan
from lipwright.server.database.connection import lock_account
from lipwright.server.errors import PaymentRequired
from lipwright.server.ids import now_ms


def hold(connection: sa.Connection, account_id: str, plan: Plan, job_id: str, credits: int) -> None:
    """Take the estimate from the balance. Raises PaymentRequired when the plan limits it and it is lower."""
    lock_account(connection, account_id)
    grant_allowances(connection, account_id, plan)
    if plan.checks_balance:
        balance = repository.balance(connection, account_id)
        if balance < credits:
            raise PaymentRequired(
                f"Payment required: this needs {credits} credits and the balance is {balance}; "
                f"{credits - balance} are missing."
            )
    repository.add_entry(connection, account_id, f"hold:{job_id}", -credits, "estimate held")


def settle(connection: sa.Connection, account_id: str, job_id: str, held: int, cost: int) -> None:
    """Correct what was held to what it really cost."""
    lock_account(connection, account_id)
    repository.add_entry(connection, account_id, f"end:{job_id}", held - cost, "settled")


def refund(connection: sa.Connection, account_id: str, job_id: str, held: int) -> None:
    """Return all that was held."""
    lock_account(connection, account_id)
    repository.add_entry(connection, account_id, f"end:{job_id}", held, "refunded")


def grant_allowances(connection: sa.Connection, account_id: str, plan: Plan) -> None:
    """Enter what the plan grants by itself and was not entered yet."""
    today = datetime.fromtimestamp(now_ms() / 1000, UTC)
    for reference, credits in (
        ("allowance:once", plan.credits_once),
        (f"allowance:{today:%Y-%m-%d}", plan.credits_daily),
        (f"allowance:{today:%Y-%m}", plan.credits_monthly),
    ):
        if credits:
            repository.add_entry(connection, account_id, reference, credits, "granted by the plan")
