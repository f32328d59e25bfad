"""Help with the options under headings, for commands that have many."""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand


class SectionedCommand(TyperCommand):
    """A command whose help lists each option under the heading named by its `rich_help_panel`."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments, the headings in the order of the options, and the rest under "Options"."""
        sections: dict[str, list[tuple[str, str]]] = {"Arguments": []}
        rest: list[tuple[str, str]] = []
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is None:
                continue
            heading = getattr(parameter, "rich_help_panel", None)
            if parameter.param_type_name == "argument":
                heading = "Arguments"
            (sections.setdefault(heading, []) if heading else rest).append(record)
        for heading, records in {**sections, "Options": rest}.items():
            if records:
                with formatter.section(heading):
                    formatter.write_dl(records)
