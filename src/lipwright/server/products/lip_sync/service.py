"""From a lip sync request to a spec, within the limits of the caller's plan."""

from __future__ import annotations

from typing import Any

from lipwright.engine import LipSyncMode
from lipwright.server.credits.plans import Plan
from lipwright.server.errors import NotInPlan, Refused
from lipwright.server.jobs.lifecycle import (
    ROUNDING_FRAMES,
    CreateCall,
    create_job,
    find_earlier_answer,
)
from lipwright.server.jobs.model import LipSyncSpec, PersonVoice
from lipwright.server.jobs.prices import assumed_frame_rate
from lipwright.server.jobs.schemas import CreateAnswer
from lipwright.server.products.lip_sync.schemas import LipSyncRequest, SyncAssets, SyncStyle
from lipwright.server.products.probing.probe import probe_frames
from lipwright.server.products.sources import resolve_source
from lipwright.server.services import Services


def create_lip_sync(services: Services, call: CreateCall, request: LipSyncRequest) -> CreateAnswer:
    """Queue a lip sync. Raises Refused, NotInPlan or PaymentRequired."""
    plan = services.price_list.plan(call.account.plan)
    mode = checked_sync_mode(request, plan, call.account.plan)
    check_length(request, services.price_list.limits.sync_frames)
    return find_earlier_answer(services, call) or create_job(
        services, call, request.name, _spec(services, call, request, mode, plan)
    )


def lip_sync_spec(services: Services, call: CreateCall, request: LipSyncRequest) -> LipSyncSpec:
    """What create_lip_sync would queue. Raises Refused, NotInPlan."""
    plan = services.price_list.plan(call.account.plan)
    mode = checked_sync_mode(request, plan, call.account.plan)
    check_length(request, services.price_list.limits.sync_frames)
    return _spec(services, call, request, mode, plan)


def checked_sync_mode(request: LipSyncRequest, plan: Plan, plan_name: str) -> LipSyncMode:
    """The mode. Raises NotInPlan."""
    mode = LipSyncMode.parse((request.style.generation_mode if request.style else None) or "lite")
    if mode not in plan.sync_modes:
        raise NotInPlan(f"The mode {mode} is not part of the plan {plan_name}.")
    return mode


def _spec(
    services: Services, call: CreateCall, request: LipSyncRequest, mode: LipSyncMode, plan: Plan
) -> LipSyncSpec:
    assets, video = request.assets, None
    if assets.video_source == "file":
        if not assets.video_file_path:
            raise Refused("video_file_path is missing. Give it, or set video_source to youtube.")
        video = resolve_source(services, call.account, "video", assets.video_file_path)
    elif not assets.youtube_url:
        raise Refused("youtube_url is missing. Give it, or set video_source to file.")
    audio = None
    if assets.audio_file_path is not None:
        audio = resolve_source(services, call.account, "audio", assets.audio_file_path)
    frames = None
    if video is not None:
        frames = probe_frames(
            services, video, request.start_seconds, request.end_seconds, request.max_fps_limit
        )
        _check_frames(frames or 0, services.price_list.limits.sync_frames)
    return LipSyncSpec(
        video=video,
        youtube_url=assets.youtube_url if video is None else None,
        audio=audio,
        start_s=request.start_seconds,
        end_s=request.end_seconds,
        mode=mode,
        max_frame_rate=request.max_fps_limit,
        longer_side_px=plan.longer_side_px,
        transcript=request.transcript,
        max_fetch_bytes=plan.upload_bytes,
        label=plan.label or request.label,
        probed_frames=frames,
        text=assets.text,
        voice=assets.voice,
        voices=_voices(services, call, assets),
        **_chosen(request.style),
    )


def _voices(services: Services, call: CreateCall, assets: SyncAssets) -> tuple[PersonVoice, ...]:
    """What each of several people says; nothing where one sound or text is for all."""
    found = []
    for number, row in enumerate(assets.voices or []):
        source = None
        if row.audio_file_path is not None:
            source = resolve_source(services, call.account, "audio", row.audio_file_path)
            source = source.model_copy(update={"number": number})
        found.append(PersonVoice(face=row.face, audio=source, text=row.text, voice=row.voice))
    return tuple(found)


def _chosen(style: SyncStyle | None) -> dict[str, Any]:
    """The fields of the spec that were chosen beside the Magic Hour API's; the others have their defaults."""
    if style is None:
        return {}
    wanted = {
        "face": style.face,
        "seed": style.seed,
        "mouth_scale": style.mouth,
        "loop": style.loop,
        "keep_sound_db": style.keep_sound_db,
    }
    return {name: value for name, value in wanted.items() if value is not None}


def check_length(request: LipSyncRequest, max_frames: int) -> None:
    """Raise Refused where the stretch makes no sense, or has more frames than one job may."""
    start_s, end_s = request.start_seconds, request.end_seconds
    if end_s <= start_s:
        raise Refused(f"end_seconds ({end_s:g}) must be greater than start_seconds ({start_s:g}).")
    frame_rate = assumed_frame_rate(request.max_fps_limit)
    if (end_s - start_s) * frame_rate > max_frames:
        raise Refused(
            f"The clip is {end_s - start_s:g} s long; at most {max_frames} frames are rendered, "
            f"{max_frames / frame_rate:g} s. Move start_seconds and end_seconds closer together."
        )


def _check_frames(frames: int, max_frames: int) -> None:
    if frames > max_frames + ROUNDING_FRAMES:
        raise Refused(
            f"The stretch has {frames} frames; at most {max_frames} are rendered. "
            "Move start_seconds and end_seconds closer together, or set max_fps_limit."
        )
