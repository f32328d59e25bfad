"""Finding recordings and their texts in a folder of unpacked packages."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.support.sounds import voice, write_sound
from training.recordings import PROMPT_FOLDERS, english_dialogues, recordings

SCRIPT = r"""
dialogId("fish-m-what", "font_small", "What~s that?")
dialogStr("Co je \"to\"?")

dialogId("fish-v-mute", "font_big", "...")
dialogStr("...")
""".replace("~", "\u2019")


@pytest.fixture
def unpacked(tmp_path: Path) -> Path:
    """A game with two lines, a stamp that is named in two languages, and prompts without any sound."""
    share = tmp_path / "usr" / "share"
    for language in PROMPT_FOLDERS:
        short = language.split("-")[0]
        listing = share / "doc" / f"asterisk-core-sounds-{short}" / f"core-sounds-{short}.txt.gz"
        listing.parent.mkdir(parents=True, exist_ok=True)
        listing.write_bytes(gzip.compress(b"absent: nobody recorded this\n"))
    game = share / "games" / "fillets-ng"
    stamps = share / "tuxpaint" / "stamps" / "birds"
    for folder in (game / "script" / "start", game / "sound" / "start" / "cs", stamps):
        folder.mkdir(parents=True)
    for language in ("cs", "en"):
        (game / "script" / "start" / f"dialogs_{language}.lua").write_text(SCRIPT, encoding="utf-8")
    for name in ("fish-m-what", "fish-v-mute", "fish-m-unknown"):
        write_sound(game / "sound" / "start" / "cs" / f"{name}.ogg", voice(0.5))
    (stamps / "gull.txt").write_text("A gull.\nfr.utf8=Une mouette.\nsq.utf8=Pulëbardhë.\n", encoding="utf-8")
    write_sound(stamps / "gull_desc_fr.ogg", voice(0.5))
    write_sound(stamps / "gull_desc_es.ogg", voice(0.5))  # its text is missing
    write_sound(stamps / "gull_desc_sq.ogg", voice(0.5))  # no language of the training
    write_sound(stamps / "gull_desc_ru.ogg", voice(0.1))  # too short for a word
    return tmp_path


def test_recordings_are_those_with_words_in_a_known_language(unpacked: Path) -> None:
    found = list(recordings(unpacked))
    assert [(one.language, one.text) for one in found] == [("cs", 'Co je "to"?'), ("fr", "Une mouette.")]
    assert all(len(one.samples) > 0.4 * 16_000 for one in found)


def test_english_lines_are_read_from_the_names_of_the_dialogues(unpacked: Path) -> None:
    assert english_dialogues(unpacked) == ["What's that?", "..."]
