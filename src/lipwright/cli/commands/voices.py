"""`lipwright voices`: the voices that can speak a text, and what each needs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from lipwright.cli.terminal import output_options
from lipwright.cli.terminal.console import console
from lipwright.cli.terminal.table import print_table
from lipwright.engine import UnknownVoice

if TYPE_CHECKING:
    from lipwright.engine import TtsVoice

app = typer.Typer()


@app.command()
def voices(
    language: Annotated[
        str | None, typer.Option(metavar="CODE", help="Only voices of this language, e.g. de or en-us.")
    ] = None,
    as_json: output_options.JsonResult = False,
) -> None:
    """List the voices that can speak a text."""
    console.configure(json_events=as_json)
    from lipwright.engine import list_voices

    found = [voice for voice in list_voices() if language is None or _speaks(voice, language)]
    if not found:
        raise UnknownVoice(f"No voice speaks '{language}'. `lipwright voices` lists all.")
    if as_json:
        console.data(json.dumps([_as_json(voice) for voice in found], ensure_ascii=False, indent=2))
        return
    print_table(
        ("voice", "language", "gender", "description", "needs"),
        [
            (
                voice.name,
                voice.language,
                voice.gender.value,
                voice.description,
                "" if voice.is_available else voice.needs,
            )
            for voice in found
        ],
    )


def _speaks(voice: TtsVoice, language: str) -> bool:
    """Whether the voice's language is this one or a variety of it."""
    wanted = language.strip().lower()
    return voice.language.lower() == wanted or voice.language.lower().startswith(f"{wanted}-")


def _as_json(voice: TtsVoice) -> dict[str, object]:
    return {
        "name": voice.name,
        "language": voice.language,
        "gender": voice.gender.value,
        "description": voice.description,
        "available": voice.is_available,
        "needs": voice.needs,
    }
