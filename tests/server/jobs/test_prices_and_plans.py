"""What jobs cost, and the file that says so."""

from __future__ import annotations

import pytest

from lipwright.server.credits.plans import PriceList, built_in_text, parse_price_list
from lipwright.server.errors import BadSettings
from lipwright.server.jobs.kinds import estimate, final_cost
from lipwright.server.jobs.model import (
    FaceDetectionSpec,
    LipSyncSpec,
    Result,
    Source,
    SpeechSpec,
    TalkingPhotoSpec,
)

PNG = Source(field="image", extension="png", key="api-assets/a/image.png")
MP3 = Source(field="audio", extension="mp3", key="api-assets/a/audio.mp3")


@pytest.fixture
def price_list() -> PriceList:
    return parse_price_list(built_in_text(), "plans.toml")


def photo(end_s: float, mode: str = "realistic", text: str | None = None) -> TalkingPhotoSpec:
    return TalkingPhotoSpec.model_validate(
        {
            "image": PNG,
            "audio": MP3 if text is None else None,
            "text": text,
            "voice": None,
            "start_s": 0,
            "end_s": end_s,
            "mode": mode,
            "prompt": "",
            "intensity": 1.5,
            "longer_side_px": 1280,
            "transcript": None,
            "max_fetch_bytes": 1,
        }
    )


def sync(
    seconds: float, mode: str = "lite", limit: float | None = None, frames: int | None = None
) -> LipSyncSpec:
    return LipSyncSpec.model_validate(
        {
            "video": PNG,
            "youtube_url": None,
            "audio": MP3,
            "start_s": 0,
            "end_s": seconds,
            "mode": mode,
            "max_frame_rate": limit,
            "longer_side_px": 1280,
            "transcript": None,
            "max_fetch_bytes": 1,
            "probed_frames": frames,
        }
    )


@pytest.mark.parametrize(
    ("spec", "credits"),
    [
        (FaceDetectionSpec(target=PNG, min_confidence=0.5, max_fetch_bytes=1), 0),
        (SpeechSpec(text="x", voice=None, max_fetch_bytes=1), 1),
        (SpeechSpec(text="x" * 30, voice=None, max_fetch_bytes=1), 3),  # not 4: 0.1 * 30 is above 3
        (SpeechSpec(text="x" * 31, voice=None, max_fetch_bytes=1), 4),
        (photo(6.4), 308),
        (photo(10), 480),
        (photo(10, "prompted"), 200),
        (sync(10), 300),
        (sync(10, limit=24), 240),
        (sync(10, limit=60), 300),
        (sync(10, "pro"), 600),
        (sync(0.1, limit=1), 1),
        (sync(10, frames=2400), 2400),  # a source of 240 frames a second
        (sync(10, "pro", frames=600), 1200),
        (sync(10, frames=90), 300),  # a file that ends early: held as the API says, settled later
    ],
)
def test_estimates_follow_the_price_list_and_are_rounded_up(
    price_list: PriceList, spec: TalkingPhotoSpec | LipSyncSpec | SpeechSpec | FaceDetectionSpec, credits: int
) -> None:
    assert estimate(spec, price_list.prices) == credits


def test_a_lip_sync_costs_the_frames_that_it_has(price_list: PriceList) -> None:
    result = Result(output_keys=("x/output.mp4",), frame_count=251)
    assert final_cost(sync(10, "pro"), price_list.prices, result) == 502


@pytest.mark.parametrize(
    ("spec", "frames", "credits"),
    [
        (photo(60), 89, 143),  # a sound of 2.95 s of which a minute was asked for
        (photo(60, "prompted"), 89, 60),
        (photo(300), 3, 5),  # the shortest sound, the longest stretch
        (photo(2.95), 89, 142),  # the last frame outlasts the stretch by 17 ms: nobody pays for these
        (photo(6.4), 192, 308),
        (photo(10), 0, 0),
    ],
)
def test_a_talking_photo_costs_the_seconds_that_were_made(
    price_list: PriceList, spec: TalkingPhotoSpec, frames: int, credits: int
) -> None:
    result = Result(output_keys=("x/output.mp4",), frame_count=frames, duration_s=frames / 30)
    assert final_cost(spec, price_list.prices, result) == credits


def test_a_spoken_text_costs_its_real_length_and_never_more_than_was_held(price_list: PriceList) -> None:
    spec = photo(0, text="x" * 100)
    held = estimate(spec, price_list.prices)
    assert final_cost(spec, price_list.prices, Result(output_keys=(), duration_s=5)) == 240
    assert final_cost(spec, price_list.prices, Result(output_keys=(), duration_s=500)) == held


def test_the_default_plan_never_looks_at_the_balance(price_list: PriceList) -> None:
    assert not price_list.plan("unlimited").checks_balance
    assert price_list.plan("free").checks_balance
    assert price_list.plan("free").sync_modes == ("lite", "standard")


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "prices"), ("[prices", "not TOML"), ("[prices]\nwrong = 1", "prices")],
)
def test_a_bad_file_is_refused_with_the_place(text: str, words: str) -> None:
    with pytest.raises(BadSettings, match=words):
        parse_price_list(text, "plans.toml")


def test_an_unknown_plan_is_refused_with_the_list(price_list: PriceList) -> None:
    with pytest.raises(BadSettings, match="free, creator"):
        price_list.plan("gold")
