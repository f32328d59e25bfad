"""What a command printed and returned."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """One finished command."""

    status: int
    out: str
    err: str

    @property
    def error_line(self) -> str:
        """The only line on standard error; fails when there are more or fewer."""
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        return lines[0]

    @property
    def events(self) -> list[dict[str, Any]]:
        """The events on standard output."""
        return [json.loads(line) for line in self.out.splitlines()]


class Command(Protocol):
    """Runs `lipwright` with these arguments."""

    def __call__(self, *arguments: object) -> Finished: ...
