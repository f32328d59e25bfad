"""Real voices from ordinary Debian packages: recordings with their texts, and music without voices.

Telephone prompts of Asterisk, the dialogues of a game (Fish Fillets) and the names of the stamps of a drawing
program (Tux Paint).
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.media.values import SPEECH_RATE_HZ

# Folders of Asterisk's prompts by the voice of eSpeak NG that reads their language.
PROMPT_FOLDERS = {
    "en-us": "en_US_f_Allison",
    "es": "es_MX_f_Allison",
    "fr": "fr_CA_f_June",
    "it": "it_IT_m_Carlo",
    "ru": "ru_RU_f_IvrvoiceRU",
}
# Languages in which the game was acted.
DIALOGUE_LANGUAGES = ("cs", "nl")
# Languages in which the stamps are named aloud, each by other people.
STAMP_LANGUAGES = ("be", "bg", "ca", "da", "el", "es", "fr", "nl", "ro", "ru")
# Shorter is a click or an empty file.
SHORTEST_S = 0.3

_DIALOGUE = re.compile(r'dialogId\("([^"]+)"[^\n]*\)\s*\n\s*dialogStr\("((?:[^"\\]|\\.)*)"\)')
# The game's scripts are written in English: every line has its English text beside its name.
_ENGLISH = re.compile(r'dialogId\("[^"]+",\s*"[^"]*",\s*"((?:[^"\\]|\\.)*)"\)')
_NAMED = re.compile(r"(.+)_desc_([a-z]+)")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recording:
    """A recording and what is said in it. samples: float32 at SPEECH_RATE_HZ. language: an eSpeak voice."""

    language: str
    text: str
    samples: NDArray[np.float32]


def recordings(debian_path: Path) -> Iterator[Recording]:
    """All of them, from a folder into which the packages of training/README.md were unpacked."""
    share = debian_path / "usr" / "share"
    for language, text, path in (*_prompts(share), *_dialogues(share), *_stamps(share)):
        samples = read_sound(path)
        if len(samples) >= SHORTEST_S * SPEECH_RATE_HZ and re.search(r"\w", text):
            yield Recording(language=language, text=text, samples=samples)


def hold_music(debian_path: Path) -> list[NDArray[np.float32]]:
    """Music out of Debian's asterisk-moh-opsound-g722; one piece is kept for measuring."""
    folder = debian_path / "usr" / "share" / "asterisk" / "moh"
    return [read_sound(path) for path in sorted(folder.glob("*.g722")) if "the_simplicity" not in path.name]


def english_dialogues(debian_path: Path) -> list[str]:
    """What the figures of the game say, in English, for voices to read."""
    scripts = (debian_path / "usr" / "share" / "games" / "fillets-ng" / "script").glob("*/*dialogs_en.lua")
    texts = [text for path in sorted(scripts) for text in _ENGLISH.findall(path.read_text(encoding="utf-8"))]
    return [text.replace("\\", "").replace("\u2019", "'") for text in texts]


def read_sound(path: Path) -> NDArray[np.float32]:
    """A sound file, one channel at SPEECH_RATE_HZ. Also raw G.722, which the media room does not know."""
    blocks: list[NDArray[np.float32]] = [np.zeros(0, np.float32)]
    resampler = av.AudioResampler(format="flt", layout="mono", rate=SPEECH_RATE_HZ)
    with av.open(str(path), format="g722" if path.suffix == ".g722" else None) as container:
        for frame in [*container.decode(audio=0), None]:
            blocks += [part.to_ndarray()[0] for part in resampler.resample(frame)]
    return np.concatenate(blocks).astype(np.float32)


def _prompts(share: Path) -> Iterator[tuple[str, str, Path]]:
    for language, folder in PROMPT_FOLDERS.items():
        short = language.split("-")[0]
        listing = share / "doc" / f"asterisk-core-sounds-{short}" / f"core-sounds-{short}.txt.gz"
        with gzip.open(listing, "rt", encoding="utf-8-sig") as lines:
            entries = [line.split(":", 1) for line in lines if ":" in line and not line.startswith(";")]
        for name, text in entries:
            path = share / "asterisk" / "sounds" / folder / f"{name.strip()}.g722"
            # Brackets hold descriptions of sounds instead of words.
            if path.is_file() and not re.search(r"[\[(<]", text):
                yield language, text.strip(), path


def _dialogues(share: Path) -> Iterator[tuple[str, str, Path]]:
    game = share / "games" / "fillets-ng"
    for language in DIALOGUE_LANGUAGES:
        texts: dict[str, str] = {}
        for script in sorted(game.glob(f"script/*/*dialogs_{language}.lua")):
            texts.update(_DIALOGUE.findall(script.read_text(encoding="utf-8")))
        for path in sorted(game.glob(f"sound/**/{language}/*.ogg")):
            if path.stem in texts:
                yield language, texts[path.stem].replace("\\", ""), path


def _stamps(share: Path) -> Iterator[tuple[str, str, Path]]:
    for path in sorted((share / "tuxpaint/stamps").rglob("*_desc_*.ogg")):
        named = _NAMED.fullmatch(path.stem)
        if named is None or named[2] not in STAMP_LANGUAGES:
            continue
        listing = path.with_name(f"{named[1]}.txt")
        if listing.is_file():
            lines = listing.read_text(encoding="utf-8", errors="replace").splitlines()
            marked = f"{named[2]}.utf8="
            texts = [line.removeprefix(marked).strip() for line in lines if line.startswith(marked)]
            yield from ((named[2], text, path) for text in texts[:1])
