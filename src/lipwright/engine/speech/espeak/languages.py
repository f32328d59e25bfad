"""The languages of eSpeak NG that are offered, by our tags, and the scripts that it reads in each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """One language of the library. tag: ours. scripts: what it reads beside Latin letters."""

    tag: str
    espeak_name: str
    words: str
    scripts: tuple[str, ...] = ()

    @property
    def accent(self) -> str:
        """Which of the language's accents it is, in words; empty where there is but one here."""
        return _ACCENTS.get(self.tag, "")


_ACCENTS = {
    "en-us": "American", "en-gb": "British", "es": "Spain", "es-419": "Latin America", "pt-br": "Brazil",
    "pt": "Portugal",
}  # fmt: skip

LANGUAGES = (
    Language("en-us", "en-us", "American English"),
    Language("en-gb", "en", "British English"),
    Language("de", "de", "German"),
    Language("fr", "fr", "French"),
    Language("es", "es", "Spanish (Spain)"),
    Language("es-419", "es-419", "Spanish (Latin America)"),
    Language("it", "it", "Italian"),
    Language("pt-br", "pt-br", "Portuguese (Brazil)"),
    Language("pt", "pt", "Portuguese (Portugal)"),
    Language("ru", "ru", "Russian", ("CYRILLIC",)),
    Language("uk", "uk", "Ukrainian", ("CYRILLIC",)),
    Language("zh", "cmn", "Mandarin Chinese", ("CJK",)),
    Language("hi", "hi", "Hindi", ("DEVANAGARI",)),
    Language("bn", "bn", "Bengali", ("BENGALI",)),
    Language("ta", "ta", "Tamil", ("TAMIL",)),
    Language("ur", "ur", "Urdu", ("ARABIC",)),
    Language("ar", "ar", "Arabic", ("ARABIC",)),
    Language("fa", "fa", "Persian", ("ARABIC",)),
    Language("ja", "ja", "Japanese (in kana, not kanji)", ("HIRAGANA", "KATAKANA")),
    Language("ko", "ko", "Korean", ("HANGUL",)),
    Language("vi", "vi", "Vietnamese"),
    Language("id", "id", "Indonesian"),
    Language("pl", "pl", "Polish"),
    Language("cs", "cs", "Czech"),
    Language("nl", "nl", "Dutch"),
    Language("sv", "sv", "Swedish"),
    Language("da", "da", "Danish"),
    Language("nb", "nb", "Norwegian"),
    Language("fi", "fi", "Finnish"),
    Language("hu", "hu", "Hungarian"),
    Language("ro", "ro", "Romanian"),
    Language("el", "el", "Greek", ("GREEK",)),
    Language("tr", "tr", "Turkish"),
    Language("ca", "ca", "Catalan"),
)
_ALWAYS_READ = frozenset({"LATIN", "FULLWIDTH", "MODIFIER", "FEMININE", "MASCULINE", "MICRO"})


def find_language(tag: str) -> Language | None:
    """The language of a tag such as `fr`, `fr-FR` or `zh_CN`: the exact one, or the first of its kind."""
    wanted = tag.strip().lower().replace("_", "-")
    family = wanted.split("-")[0]
    same = [entry for entry in LANGUAGES if entry.tag == wanted]
    alike = [entry for entry in LANGUAGES if family in (entry.tag.split("-")[0], entry.espeak_name)]
    return next(iter([*same, *alike]), None)


def readable_scripts(language: Language) -> frozenset[str]:
    """The scripts that a language's voices can read."""
    return _ALWAYS_READ | frozenset(language.scripts)
