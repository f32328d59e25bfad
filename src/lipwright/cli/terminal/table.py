"""Tables on standard output: columns for a person, tab-separated lines for a pipe."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from lipwright.cli.terminal.console import console, one_line


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under headings. Into a pipe every row is one line, its cells parted by tabs."""
    lines = [[one_line(cell) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        for line in [list(headings), *lines]:
            console.data("\t".join(line))
        return
    from rich.console import Console as RichConsole
    from rich.table import Table
    from rich.text import Text

    table = Table(*headings, box=None, pad_edge=False, header_style="bold")
    for line in lines:
        table.add_row(*(Text(cell) for cell in line))
    RichConsole().print(table)
