"""Holding, settling and refunding credits, each at most once per job and sum.

hold       when a job is accepted                    - estimate
hold_more  when its input turns out to cost more     - the rest
settle     when it is complete                       held - real cost, which is no more than was held
refund     when it failed or was canceled            + held
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import sqlalchemy as sa

from lipwright.server.credits import repository
from lipwright.server.credits.plans import Plan
from lipwright.server.database.clock import read_now_ms
from lipwright.server.database.connection import lock_account
from lipwright.server.errors import PaymentRequired


def hold(connection: sa.Connection, account_id: str, plan: Plan, job_id: str, credits: int) -> None:
    """Take the estimate from the balance. Raises PaymentRequired when the plan limits it and it is lower."""
    missing = missing_credits(connection, account_id, plan, credits)
    if missing:
        raise PaymentRequired(
            f"Payment required: this needs {credits} credits and the balance is {credits - missing}; "
            f"{missing} are missing."
        )
    repository.add_entry(connection, account_id, f"hold:{job_id}", -credits, "estimate held")


def hold_all(connection: sa.Connection, account_id: str, plan: Plan, credits_of: Mapping[str, int]) -> None:
    """Take the estimates of several jobs, by their ids, or of none. Raises PaymentRequired."""
    total = sum(credits_of.values())
    missing = missing_credits(connection, account_id, plan, total)
    if missing:
        raise PaymentRequired(
            f"Payment required: these {len(credits_of)} orders need {total} credits and the balance is "
            f"{total - missing}; {missing} are missing. Nothing was ordered."
        )
    for job_id, credits in credits_of.items():
        repository.add_entry(connection, account_id, f"hold:{job_id}", -credits, "estimate held")


def hold_more(connection: sa.Connection, account_id: str, job_id: str, held: int, credits: int) -> None:
    """Raise what is held for a job to `credits`; missing_credits has said before that they are there."""
    reference = f"hold:{job_id}:{credits}"  # what is held only grows: each sum is reached once
    repository.add_entry(connection, account_id, reference, held - credits, "more held")


def settle(connection: sa.Connection, account_id: str, job_id: str, held: int, cost: int) -> None:
    """Correct what was held to what it really cost."""
    lock_account(connection, account_id)
    repository.add_entry(connection, account_id, f"end:{job_id}", held - cost, "settled")


def refund(connection: sa.Connection, account_id: str, job_id: str, held: int) -> None:
    """Return all that was held."""
    lock_account(connection, account_id)
    repository.add_entry(connection, account_id, f"end:{job_id}", held, "refunded")


def missing_credits(connection: sa.Connection, account_id: str, plan: Plan, credits: int) -> int:
    """How many credits the balance lacks for a sum, 0 on a plan that does not look. Locks the account."""
    lock_account(connection, account_id)
    grant_allowances(connection, account_id, plan)
    if not plan.checks_balance or credits <= 0:
        return 0
    return max(0, credits - repository.balance(connection, account_id))


def grant_allowances(connection: sa.Connection, account_id: str, plan: Plan) -> None:
    """Enter what the plan grants by itself and was not entered yet."""
    today = datetime.fromtimestamp(read_now_ms(connection) / 1000, UTC)
    for reference, credits in (
        ("allowance:once", plan.credits_once),
        (f"allowance:{today:%Y-%m-%d}", plan.credits_daily),
        (f"allowance:{today:%Y-%m}", plan.credits_monthly),
    ):
        if credits:
            repository.add_entry(connection, account_id, reference, credits, "granted by the plan")
