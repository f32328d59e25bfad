"""The language of a text is heard from its letters and words."""

# ruff: noqa: RUF001 (letters of many scripts)
from __future__ import annotations

import pytest

from lipwright.engine.speech.words.guess_language import guess_language

SURE = {
    "en": ("Hello there.", "This is a test", "Papa may buy a big map, Bob.", "Welcome to our store"),
    "de": ("Ja, natürlich.", "Das ist ein Test", "Ich liebe dich", "Guten Morgen, wie geht es Ihnen heute?"),
    "fr": ("Bonjour à tous", "C'est la vie.", "Je suis content de vous voir"),
    "es": ("Buenos días", "Hola, ¿qué tal?", "Vamos a la playa"),
    "it": ("Buongiorno a tutti", "Vado al mercato con mia madre."),
    "pt": ("Bom dia, como vai você?",),
    "nl": ("Ik ben blij", "Goedemorgen allemaal"),
    "pl": ("Dzień dobry",),
    "cs": ("Dobrý den, jak se máte",),
    "hu": ("Jó napot kívánok",),
    "tr": ("Günaydın",),
    "ro": ("Bună ziua tuturor",),
    "fi": ("Tervetuloa Suomeen",),
    "sv": ("Jag heter Anna",),
    "da": ("Jeg hedder Peter",),
    "vi": ("Xin chào các bạn",),
    "id": ("Selamat pagi semua",),
    "ru": ("Доброе утро, друзья",),
    "uk": ("Добрий ранок, друзі, як справи",),
    "el": ("Καλημέρα",),
    "ar": ("مرحبا بكم في بيتنا",),
    "fa": ("سلام حال شما چطور است",),
    "hi": ("नमस्ते",),
    "ja": ("こんにちは世界", "東京へ行きます"),
    "zh": ("你好，朋友",),
    "ko": ("안녕하세요",),
}


@pytest.mark.parametrize(("tag", "text"), [(tag, text) for tag, texts in SURE.items() for text in texts])
def test_a_sentence_is_known_for_sure(tag: str, text: str) -> None:
    guess = guess_language(text)
    assert (guess.tag, guess.is_sure) == (tag, True)


@pytest.mark.parametrize("text", ["Guten Morgen!", "God morgon", "Come stai, amico mio?"])
def test_a_greeting_is_guessed_with_doubt(text: str) -> None:
    guess = guess_language(text)
    assert guess.tag in ("de", "sv", "it")
    assert not guess.is_sure


@pytest.mark.parametrize(
    "text", ["Hi!", "Oh.", "No", "Ah, aha!", "Banana", "42", "https://example.com", "Nike Air Max", "?!"]
)
def test_what_tells_nothing_is_english(text: str) -> None:
    assert guess_language(text).tag == "en"
