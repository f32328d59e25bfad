"""The words for modes that the API documents are the words that the engine knows."""

from __future__ import annotations

from typing import get_args

import pytest

from lipwright.engine import BadParameters, LipSyncMode, PhotoMode
from lipwright.server.products.lip_sync.schemas import LipSyncModeWord
from lipwright.server.products.talking_photo.schemas import PhotoModeWord


def test_the_modes_of_a_lip_sync_are_the_engines() -> None:
    assert set(get_args(LipSyncModeWord)) == set(LipSyncMode)


def test_every_documented_word_is_a_mode_of_a_photo_and_no_other_word_is() -> None:
    with pytest.raises(BadParameters) as refused:
        PhotoMode.parse("")
    known = str(refused.value).partition("Choose one of: ")[2].rstrip(".").split(", ")
    assert set(known) == set(get_args(PhotoModeWord))
    assert {PhotoMode.parse(word) for word in known} == set(PhotoMode)
