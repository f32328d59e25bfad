"""`lipwright voices`: the voices that can speak a text, what each needs, and fetching one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from lipwright.cli.terminal import output_options
from lipwright.cli.terminal.console import console
from lipwright.cli.terminal.progress import ProgressUpdate, shown_progress
from lipwright.cli.terminal.table import print_table
from lipwright.engine import UnknownVoice

if TYPE_CHECKING:
    from lipwright.engine import TtsVoice

app = typer.Typer()


@app.callback(invoke_without_command=True)
def voices(
    context: typer.Context,
    language: Annotated[
        str | None, typer.Option(metavar="CODE", help="Only voices of this language, e.g. de or en-us.")
    ] = None,
    as_json: output_options.JsonResult = False,
) -> None:
    """List the voices that can speak a text; `install NAME` fetches one."""
    if context.invoked_subcommand is not None:
        return
    console.configure(json_events=as_json)
    from lipwright.engine import list_voices

    found = [voice for voice in list_voices() if language is None or _speaks(voice, language)]
    if not found:
        raise UnknownVoice(f"No voice speaks '{language}'. `lipwright voices` lists all.")
    if as_json:
        console.data(json.dumps([_as_json(voice) for voice in found], ensure_ascii=False, indent=2))
        return
    print_table(
        ("voice", "language", "gender", "description", "licence", "needs"),
        [
            (
                voice.name,
                voice.language,
                voice.gender.value,
                voice.description,
                voice.licence,
                "" if voice.is_available else voice.needs,
            )
            for voice in found
        ],
    )


@app.command()
def install(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The voice, e.g. en-us-fenrir.")],
    address: Annotated[
        str | None,
        typer.Option("--from", metavar="URL", help="Another folder on the web that holds the voice's file."),
    ] = None,
    quiet: output_options.Quiet = False,
) -> None:
    """Fetch a voice into the folder of voices; nothing is fetched otherwise."""
    console.configure(json_events=False, quiet=quiet)
    from lipwright.engine import VOICES_ADDRESS, find_voice, install_voice, voices_path

    voice = find_voice(name)
    if voice.is_available and voice.download_bytes is not None:
        console.say(f"The voice {voice.name} is there already.")
        return
    with shown_progress(console) as listener:

        def show(done: int, total: int) -> None:
            if listener is not None:
                update = ProgressUpdate(
                    stage="fetching",
                    title=f"Fetching {voice.name}",
                    share=done / total,
                    seconds_left=None,
                    fields={"bytes": done, "total_bytes": total},
                )
                listener(update)

        path = install_voice(voice.name, voices_path(), address=address or VOICES_ADDRESS, advance=show)
    console.say(f"The voice {voice.name} lies in {path}.")


def _speaks(voice: TtsVoice, language: str) -> bool:
    """Whether the voice's language is this one or a variety of it."""
    wanted = language.strip().lower()
    return voice.language.lower() == wanted or voice.language.lower().startswith(f"{wanted}-")


def _as_json(voice: TtsVoice) -> dict[str, object]:
    return {
        "name": voice.name,
        "language": voice.language,
        "accent": voice.accent,
        "gender": voice.gender.value,
        "description": voice.description,
        "natural": voice.is_natural,
        "licence": voice.licence,
        "available": voice.is_available,
        "needs": voice.needs,
        "download_bytes": voice.download_bytes,
    }
