"""From a talking photo request to a spec, within the limits of the caller's plan."""

from __future__ import annotations

from typing import Any

from lipwright.engine import DEFAULT_INTENSITY, MIN_RESOLUTION_PX, PhotoMode
from lipwright.server.credits.plans import Limits, Plan
from lipwright.server.errors import NotInPlan, Refused
from lipwright.server.jobs.lifecycle import CreateCall, create_job, find_earlier_answer
from lipwright.server.jobs.model import DirectionSpec, TalkingPhotoSpec
from lipwright.server.jobs.schemas import CreateAnswer
from lipwright.server.products.probing.probe import check_sound_stretch
from lipwright.server.products.sources import resolve_source
from lipwright.server.products.talking_photo.schemas import PhotoStyle, TalkingPhotoRequest
from lipwright.server.services import Services

# Longer side of the two presets, 16:9.
PRESET_480P_PX = 854
PRESET_720P_PX = 1280


def create_talking_photo(services: Services, call: CreateCall, request: TalkingPhotoRequest) -> CreateAnswer:
    """Queue a talking photo. Raises Refused, NotInPlan or PaymentRequired."""
    plan = services.price_list.plan(call.account.plan)
    mode, word = checked_photo_mode(request, plan, call.account.plan)
    start_s, end_s = photo_times(request, word, services.price_list.limits)
    return find_earlier_answer(services, call) or create_job(
        services, call, request.name, _spec(services, call, request, mode, (start_s, end_s), plan)
    )


def talking_photo_spec(
    services: Services, call: CreateCall, request: TalkingPhotoRequest
) -> TalkingPhotoSpec:
    """What create_talking_photo would queue. Raises Refused, NotInPlan."""
    plan = services.price_list.plan(call.account.plan)
    mode, word = checked_photo_mode(request, plan, call.account.plan)
    stretch = photo_times(request, word, services.price_list.limits)
    return _spec(services, call, request, mode, stretch, plan)


def checked_photo_mode(request: TalkingPhotoRequest, plan: Plan, plan_name: str) -> tuple[PhotoMode, str]:
    """The mode, and the word that it was asked for with. Raises NotInPlan."""
    word = (request.style.generation_mode if request.style else None) or "realistic"
    mode = PhotoMode.parse(word)
    if mode not in plan.photo_modes:
        raise NotInPlan(f"The mode {mode} is not part of the plan {plan_name}.")
    return mode, word


def _spec(
    services: Services,
    call: CreateCall,
    request: TalkingPhotoRequest,
    mode: PhotoMode,
    stretch: tuple[float, float],
    plan: Plan,
) -> TalkingPhotoSpec:
    assets = request.assets
    image = resolve_source(services, call.account, "image", assets.image_file_path)
    audio = None
    if assets.text is None and assets.audio_file_path is not None:
        audio = resolve_source(services, call.account, "audio", assets.audio_file_path)
    named = assets.performance_file_path or assets.motion_file_path
    motion = None if named is None else resolve_source(services, call.account, "motion", named)
    start_s, end_s = stretch
    heard = motion if assets.performance_file_path is not None else audio
    if heard is not None:
        check_sound_stretch(services, heard, start_s, end_s)
    return TalkingPhotoSpec(
        image=image,
        audio=audio,
        text=assets.text,
        voice=assets.voice,
        rate=assets.rate,
        start_s=start_s,
        end_s=end_s,
        mode=mode,
        prompt=(request.style.prompt or "") if request.style and mode is PhotoMode.PROMPTED else "",
        direction=_direction(request),
        intensity=_intensity(request),
        longer_side_px=photo_longer_side_px(request, mode, plan),
        transcript=request.transcript,
        motion=motion,
        motion_start_s=assets.motion_start_seconds or 0.0,
        motion_end_s=assets.motion_end_seconds,
        is_performance=assets.performance_file_path is not None,
        max_fetch_bytes=plan.upload_bytes,
        label=plan.label or request.label,
        **_chosen(request.style),
    )


def _chosen(style: PhotoStyle | None) -> dict[str, Any]:
    """The fields of the spec that were chosen beside the Magic Hour API's; the others have their defaults."""
    if style is None:
        return {}
    wanted = {
        "face": style.face,
        "seed": style.seed,
        "mouth_scale": style.mouth,
        "head_scale": style.head,
        "blink_scale": style.blinks,
        "expression_scale": style.expression,
    }
    return {name: value for name, value in wanted.items() if value is not None}


def photo_times(request: TalkingPhotoRequest, word: str, limits: Limits) -> tuple[float, float]:
    """Start and end in the sound; 0 and 0 for a text, whose length is not known yet. Raises Refused."""
    if request.assets.text is not None:
        return 0.0, 0.0
    start_s, end_s = request.start_seconds, request.end_seconds
    assert start_s is not None  # the schema demands both where there is no text
    assert end_s is not None
    if end_s <= start_s:
        raise Refused(f"end_seconds ({end_s:g}) must be greater than start_seconds ({start_s:g}).")
    longest_s = {
        "prompted": limits.photo_prompted_s,
        "standard": limits.photo_standard_s,
        "expressive": limits.photo_expressive_s,
    }.get(word, limits.photo_realistic_s)
    if end_s - start_s > longest_s:
        raise Refused(
            f"The clip is {end_s - start_s:g} s long; the mode {word} takes up to {longest_s:g} s. "
            "Move start_seconds and end_seconds closer together."
        )
    return start_s, end_s


def _direction(request: TalkingPhotoRequest) -> tuple[DirectionSpec, ...]:
    rows = (request.style.direction or []) if request.style else []
    return tuple(
        DirectionSpec(start_s=row.start_seconds, end_s=row.end_seconds, prompt=row.prompt) for row in rows
    )


def _intensity(request: TalkingPhotoRequest) -> float:
    """Only the word expressive ever used it."""
    style = request.style
    if style is None or style.generation_mode != "expressive" or style.intensity is None:
        return DEFAULT_INTENSITY
    return style.intensity


def photo_longer_side_px(request: TalkingPhotoRequest, mode: PhotoMode, plan: Plan) -> int:
    """The cap on the longer side: what was asked, within the plan."""
    return min(wanted_longer_side_px(request, mode, plan), plan.photo_longer_side_px)


def wanted_longer_side_px(request: TalkingPhotoRequest, mode: PhotoMode, plan: Plan) -> int:
    """The longer side that was asked for, else a preset of the Magic Hour API."""
    if request.resolution is not None:
        return PRESET_480P_PX if request.resolution == "480p" else PRESET_720P_PX
    if request.max_resolution is not None:
        return max(request.max_resolution, MIN_RESOLUTION_PX)
    if mode is PhotoMode.REALISTIC and plan.photo_longer_side_px >= PRESET_720P_PX:
        return PRESET_720P_PX
    return PRESET_480P_PX
