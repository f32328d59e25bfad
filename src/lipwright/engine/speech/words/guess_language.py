"""Which language a text is in, when nobody said so.

Letters tell most languages apart. Among those in Latin letters English is known by its small words; what is
left is decided by the statistics of `py3langid`, whose table of 5 MB is read only then.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

from lipwright.engine.speech.words.dictionary import dictionary
from lipwright.engine.speech.words.text import script_of

# Languages by the script that only they use among those that are spoken here.
_BY_SCRIPT = {
    "HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "DEVANAGARI": "hi", "BENGALI": "bn", "TAMIL": "ta",
    "GREEK": "el", "CJK": "zh",
}  # fmt: skip
# Those that share a script, by the codes of the statistics; ours for Norwegian is `nb`.
_LATIN = (
    "en", "de", "fr", "es", "it", "pt", "vi", "id", "pl", "cs", "nl", "sv", "da", "no", "fi", "hu", "ro",
    "tr", "ca",
)  # fmt: skip
_CYRILLIC, _ARABIC = ("ru", "uk"), ("ar", "fa", "ur")
_OUR_TAGS = {"no": "nb"}
# Words of which an English sentence holds several, and which are words of no other language here.
_ENGLISH_WORDS = frozenset({
    "the", "and", "you", "that", "with", "his", "they", "have", "this", "from", "not", "but", "what",
    "when", "there", "can", "your", "which", "their", "said", "each", "about", "how", "out", "them",
    "then", "she", "many", "some", "these", "would", "into", "more", "two", "him", "see", "could", "way",
    "than", "been", "call", "who", "now", "find", "get", "made", "my", "our", "i'm", "it's", "don't",
    "i've",
})  # fmt: skip
# One is enough in a text so short; in a longer one it may be a title, so this share is asked for.
_SHORT_WORDS, _ENGLISH_SHARE = 4, 0.15
# A guess at or above is sure; texts of a sentence or more come to .9 and above. Below it, a text whose words
# are all in the English dictionary is English, and so is what looks no more like another language than this.
_SURE, _LIKELY, _LIKELIER = 0.60, 0.20, 2.0
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")  # noqa: RUF001
# As much of a text as is looked at.
_ENOUGH_CHARS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class GuessedLanguage:
    """A language, as a tag such as `de`; is_sure: whether the text leaves no real doubt."""

    tag: str
    is_sure: bool


def guess_language(text: str) -> GuessedLanguage:
    """The language of a text; English where nothing speaks for another."""
    text = text[:_ENOUGH_CHARS]
    scripts = Counter(filter(None, map(script_of, text)))
    if not scripts:
        return GuessedLanguage(tag="en", is_sure=False)
    if scripts["HIRAGANA"] + scripts["KATAKANA"] > 0.1 * scripts.total():
        return GuessedLanguage(tag="ja", is_sure=True)
    script = scripts.most_common(1)[0][0]
    if script in _BY_SCRIPT:
        return GuessedLanguage(tag=_BY_SCRIPT[script], is_sure=True)
    if script in ("CYRILLIC", "ARABIC"):
        return _most_likely(text, _CYRILLIC if script == "CYRILLIC" else _ARABIC)[0]
    words = _WORD.findall(text.lower().replace("’", "'"))  # noqa: RUF001
    needed = 1 if len(words) <= _SHORT_WORDS else max(2.0, _ENGLISH_SHARE * len(words))
    if sum(word in _ENGLISH_WORDS for word in words) >= needed:
        return GuessedLanguage(tag="en", is_sure=True)
    best, chances = _most_likely(text, _LATIN)
    if best.is_sure:
        return best
    is_known = all(word in dictionary() for word in words)
    is_likelier = chances[best.tag] >= max(_LIKELY, _LIKELIER * chances["en"])
    if is_known or not is_likelier:
        return GuessedLanguage(tag="en", is_sure=is_known)
    return best


def _most_likely(text: str, among: tuple[str, ...]) -> tuple[GuessedLanguage, dict[str, float]]:
    """The likeliest of some languages, and the chances of each by our tags."""
    ranked = [(code, float(chance)) for code, chance in _statistics(among).rank(text)]
    chances = {_OUR_TAGS.get(code, code): chance for code, chance in ranked}
    tag = max(chances, key=lambda each: chances[each])
    return GuessedLanguage(tag=tag, is_sure=chances[tag] >= _SURE), chances


@cache
def _statistics(among: tuple[str, ...]):  # type: ignore[no-untyped-def]
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(among))
    return identifier
