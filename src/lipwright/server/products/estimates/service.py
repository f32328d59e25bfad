"""Estimating an order: the same checks and prices as placing it, without files and without a trace."""

from __future__ import annotations

from pydantic import BaseModel, ValidationError

from lipwright.engine import CHARACTERS_PER_S, LipSyncMode, lip_sync_time_s, talking_photo_time_s
from lipwright.server.accounts.repository import Account
from lipwright.server.credits.plans import Plan
from lipwright.server.credits.repository import balance
from lipwright.server.errors import NotInPlan, Refused, ServiceError
from lipwright.server.jobs.kinds import estimate as credits_of
from lipwright.server.jobs.model import JobSpec, LipSyncSpec, Source, SpeechSpec, TalkingPhotoSpec
from lipwright.server.jobs.prices import ASSUMED_FRAME_RATE, assumed_frame_rate
from lipwright.server.products.estimates.schemas import (
    Estimate,
    EstimateRemark,
    EstimateRequest,
    KnownSources,
)
from lipwright.server.products.lip_sync.schemas import LipSyncRequest
from lipwright.server.products.lip_sync.service import check_length, checked_sync_mode
from lipwright.server.products.speech.schemas import SpeechRequest
from lipwright.server.products.talking_photo.schemas import TalkingPhotoRequest
from lipwright.server.products.talking_photo.service import (
    checked_photo_mode,
    photo_longer_side_px,
    photo_times,
    wanted_longer_side_px,
)
from lipwright.server.request_body import describe_problems
from lipwright.server.services import Services

_NOTHING = KnownSources.model_validate({})
_ORDERS: dict[str, type[BaseModel]] = {
    "ai-talking-photo": TalkingPhotoRequest,
    "lip-sync": LipSyncRequest,
    "ai-voice-generator": SpeechRequest,
}


def estimate_order(services: Services, account: Account, request: EstimateRequest) -> Estimate:
    """What an order would cost. Whatever is wrong with it is said in `error`."""
    try:
        order = _ORDERS[request.product].model_validate(request.order)
    except ValidationError as error:
        problems = [{**one, "loc": ("order", *one["loc"])} for one in error.errors()]
        return _refusal("invalid_parameters", describe_problems(problems))
    plan = services.price_list.plan(account.plan)
    known = request.sources or _NOTHING
    try:
        match order:
            case TalkingPhotoRequest():
                found = _talking_photo(services, account, order, plan, known)
            case LipSyncRequest():
                found = _lip_sync(services, account, order, plan, known)
            case SpeechRequest():
                spec = SpeechSpec(text=order.style.prompt, voice=None, max_fetch_bytes=0)
                found = _estimate(services, spec, None, None, len(order.style.prompt) / CHARACTERS_PER_S / 10)
            case _:
                raise AssertionError(order)
    except NotInPlan as refusal:
        return _refusal("not_in_plan", refusal.message)
    except (Refused, ServiceError) as refusal:
        return _refusal("invalid_parameters", refusal.message)
    return _with_balance(services, account, plan, found)


def _talking_photo(
    services: Services, account: Account, order: TalkingPhotoRequest, plan: Plan, known: KnownSources
) -> Estimate:
    mode, word = checked_photo_mode(order, plan, account.plan)
    start_s, end_s = photo_times(order, word, services.price_list.limits)
    cap_px = photo_longer_side_px(order, mode, plan)
    text = order.assets.text
    spec = TalkingPhotoSpec(
        image=Source(field="image", extension="png"),
        audio=None,
        text=text,
        voice=None,
        start_s=start_s,
        end_s=end_s,
        mode=mode,
        prompt="",
        intensity=1.0,
        longer_side_px=cap_px,
        transcript=None,
        max_fetch_bytes=0,
    )
    size_wh = _fitted((known.image_width, known.image_height), cap_px)
    sound_s = end_s - start_s if text is None else len(text) / CHARACTERS_PER_S
    if known.audio_seconds is not None and text is None:
        sound_s = max(0.0, min(sound_s, known.audio_seconds - start_s))
    seconds = talking_photo_time_s(size_wh=size_wh or (cap_px, cap_px), sound_s=sound_s)
    found = _estimate(services, spec, size_wh, ASSUMED_FRAME_RATE, seconds)
    wanted_px = wanted_longer_side_px(order, mode, plan)
    if wanted_px > plan.photo_longer_side_px:
        found.limits.append(_smaller(account, plan.photo_longer_side_px))
    return found


def _lip_sync(
    services: Services, account: Account, order: LipSyncRequest, plan: Plan, known: KnownSources
) -> Estimate:
    mode = checked_sync_mode(order, plan, account.plan)
    check_length(order, services.price_list.limits.sync_frames)
    length_s = order.end_seconds - order.start_seconds
    frame_rate = assumed_frame_rate(order.max_fps_limit)
    frames = None
    if known.video_frame_rate is not None:
        frame_rate = min(known.video_frame_rate, order.max_fps_limit or known.video_frame_rate)
        frames = round(length_s * frame_rate)
    spec = LipSyncSpec(
        video=None,
        youtube_url=None,
        audio=None,
        start_s=order.start_seconds,
        end_s=order.end_seconds,
        mode=mode,
        max_frame_rate=order.max_fps_limit,
        longer_side_px=plan.longer_side_px,
        transcript=None,
        max_fetch_bytes=0,
        probed_frames=frames,
    )
    size_wh = _fitted((known.video_width, known.video_height), plan.longer_side_px)
    seconds = lip_sync_time_s(
        size_wh=size_wh or (1280, 720),
        length_s=length_s,
        frame_rate=frame_rate,
        takes_from_frames=mode is not LipSyncMode.LITE,
    )
    found = _estimate(services, spec, size_wh, frame_rate, seconds)
    if known.video_width and known.video_height:
        longer_px = max(known.video_width, known.video_height)
        if longer_px > plan.longer_side_px:
            found.limits.append(_smaller(account, plan.longer_side_px))
    return found


def _estimate(
    services: Services,
    spec: JobSpec,
    size_wh: tuple[int, int] | None,
    frame_rate: float | None,
    seconds: float,
) -> Estimate:
    return Estimate(
        credits=credits_of(spec, services.price_list.prices),
        seconds_estimate=round(seconds, 1),
        width=None if size_wh is None else size_wh[0],
        height=None if size_wh is None else size_wh[1],
        frame_rate=frame_rate,
        limits=[],
        error=None,
    )


def _with_balance(services: Services, account: Account, plan: Plan, found: Estimate) -> Estimate:
    """The same, or why it cannot be paid."""
    if not plan.checks_balance or not found.credits:
        return found
    with services.database.read() as connection:
        have = balance(connection, account.id)
    if have >= found.credits:
        return found
    message = (
        f"This needs {found.credits} credits and the balance is {have}; {found.credits - have} are missing."
    )
    return found.model_copy(update={"error": EstimateRemark(code="insufficient_credits", message=message)})


def _refusal(code: str, message: str) -> Estimate:
    return Estimate(
        credits=None,
        seconds_estimate=None,
        width=None,
        height=None,
        frame_rate=None,
        limits=[],
        error=EstimateRemark(code=code, message=message),
    )


def _smaller(account: Account, most_px: int) -> EstimateRemark:
    return EstimateRemark(
        code="resolution",
        message=f"The plan {account.plan} makes videos of at most {most_px} pixels on the longer side.",
    )


def _fitted(size_wh: tuple[int | None, int | None], cap_px: int) -> tuple[int, int] | None:
    """The even size that a picture has in a video; None where it is not known."""
    width, height = size_wh
    if width is None or height is None:
        return None
    shrink = min(1.0, cap_px / max(width, height))
    return max(2, int(width * shrink) // 2 * 2), max(2, int(height * shrink) // 2 * 2)
