"""Our own videos before the judge: photos that talk, and clips that say something else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.media.reading.sound import load_speech
from lipwright.engine.media.values import SoundClip
from lipwright.engine.pipelines.lip_sync.run import lip_sync
from lipwright.engine.pipelines.options import LipSyncOptions, TalkingPhotoOptions
from lipwright.engine.pipelines.talking_photo import talking_photo
from lipwright.engine.progress import JobContext
from lipwright.engine.quality.listener.expectation import expected_mouth
from lipwright.engine.quality.observe import MouthRecord, scan_mouth
from lipwright.engine.quality.verdict import judge_sync
from lipwright.engine.speech.channels import voice_weights

# Picture or clip, sound, and its first and last second. Both of a row are of different people.
TALKS = (
    ("images/ai_man_grey_suit_closed.jpg", "videos/hdtf_old_man_15s.mp4", 0.0, 8.0),
    ("images/ai_woman_curly_closed_large.jpg", "videos/ls_demo1_woman_sitting_1080x1920.mp4", 0.0, 8.0),
)
SYNCS = (
    ("videos/vr_4_woman_30fps.mp4", "audio/es_ivr_congrats.wav", 0.0, 6.5),
    ("train2/hdtf_WDA_EdMarkey0_000.mp4", "audio/en_jfk_11s.flac", 0.0, 8.0),
    ("train2/hdtf_RD_Radio2_000.mp4", "train2/de_german_20s.mp4", 8.0, 16.0),
    ("videos/hdtf_old_man_15s.mp4", "audio/en_news_RD_Radio31.wav", 0.0, 8.0),
)
SMALL_PX = 384

Source = tuple[str, str, float, float]


def ours_table(assets: Path, folder: Path) -> Iterator[str]:
    """The videos with their own sound, and with that of the next one."""
    folder.mkdir(parents=True, exist_ok=True)
    made = [(row, "photo", _talk(assets, folder, row)) for row in TALKS]
    made += [(row, "lip sync", _sync(assets, folder, row)) for row in SYNCS]
    seen = [scan_mouth(path, JobContext()) for _, _, path in made]
    yield "| ours | of | sound | seconds | agreement | offset, ms | verdict | with the next one's sound |"
    yield "| --- | --- | --- | ---: | ---: | ---: | --- | ---: |"
    for place, (row, kind, path) in enumerate(made):
        own, seconds = _judged(seen[place], path)
        other, _ = _judged(seen[place], made[(place + 1) % len(made)][2])
        cells = [Path(row[0]).stem, kind, Path(row[1]).stem, f"{seconds:.1f}", *own, other[0]]
        yield "| " + " | ".join(cells) + " |"


def _talk(assets: Path, folder: Path, row: Source) -> Path:
    output = folder / f"talk_{Path(row[0]).stem}.mp4"
    if not output.is_file():
        sound = SoundClip(path=assets / row[1], start_s=row[2], end_s=row[3])
        talking_photo(assets / row[0], sound, output, TalkingPhotoOptions(max_resolution_px=SMALL_PX))
    return output


def _sync(assets: Path, folder: Path, row: Source) -> Path:
    output = folder / f"sync_{Path(row[0]).stem}.mp4"
    if not output.is_file():
        sound = SoundClip(path=assets / row[1], start_s=row[2], end_s=row[3])
        lip_sync(assets / row[0], sound, output, LipSyncOptions(end_s=row[3] - row[2]))
    return output


def _judged(record: MouthRecord, heard: Path) -> tuple[list[str], float]:
    """Agreement, offset and verdict of a mouth with the sound of a video, and the seconds that were
    judged.
    """
    expected = expected_mouth(load_speech(SoundClip(path=heard), voice_weights))
    mouth, is_seen = record.channels(), record.seen_at_curve_rate()
    seconds = min(len(mouth), len(expected)) / CURVE_RATE_HZ
    verdict = judge_sync(mouth, expected, is_seen, seconds)
    if verdict is None:
        return ["-", "-", "-"], seconds
    agreement = verdict.sync.as_seen
    word = "good" if agreement >= verdict.sure else "poor" if agreement < verdict.least else "too short"
    offset = f"{1000 * verdict.sync.offset_s:+.0f}" if verdict.is_offset_sure else "-"
    return [f"{agreement:.2f}", offset, word], seconds
