"""Options that `lipwright talk`, `sync` and `remote` have in common, under each command's own headings."""

from __future__ import annotations

from typing import Any

from typer import Option


def mouth_scale(heading: str) -> Any:
    """How far the mouth moves."""
    return Option(
        "--mouth", rich_help_panel=heading, metavar="X", help="Scale of the mouth's movement, 0 to 3."
    )


def seed(heading: str) -> Any:
    """What makes a result repeatable."""
    return Option(rich_help_panel=heading, metavar="N", help="The same input and seed give the same frames.")


def max_resolution(heading: str) -> Any:
    """The largest size of the result."""
    return Option(rich_help_panel=heading, metavar="PX", help="Cap on the longer side, pixels.")
