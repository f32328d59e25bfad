"""How each kind of file is encoded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from lipwright.engine.media.values import Container

# Between key frames: seeking is instant and a talking head still costs little.
_KEY_FRAME_EVERY_S = 2

# Of what `veryfast` does, finer steps of motion and smaller blocks between frames take two fifths of the time
# and save 6 % of the file at 0.2 dB (1080x1920, a person who speaks).
_X264_SAVINGS = "subme=1:partitions=i8x8,i4x4"

# Constant rate factors at which a trained eye finds no difference in a face beside the source. Lower
# doubles the file for nothing that is seen; above 23 the film grain of skin and stubble is washed out.
H264_CRF = 18
VP9_CRF = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundCodec:
    """An encoder of sound: the rates it takes as they are, and the one used for any other."""

    name: str
    sample_rates_hz: frozenset[int]
    fallback_rate_hz: int

    def sample_rate_hz(self, source_rate_hz: int) -> int:
        """The rate to encode at: the source's own where the codec has it."""
        return source_rate_hz if source_rate_hz in self.sample_rates_hz else self.fallback_rate_hz

    def bit_rate(self, sample_rate_hz: int, channels: int) -> int:
        """Bits a second at which speech and music sound like the source, within what AAC may use."""
        wanted = 128_000 if channels == 1 else 192_000
        return min(wanted, 5 * sample_rate_hz * channels)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlphaCodec:
    """An encoder that keeps the opacity of frames. options: instead of those of the recipe."""

    name: str
    pixel_format: str
    options: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How one container is filled.

    muxer, stream_muxer_options: FFmpeg's name, and what makes it write to a pipe.
    file_muxer_options: what makes a file start to play before it is loaded.
    alpha_codec: for frames with opacity; None where the container has none that players know.
    """

    muxer: str
    video_codec: str
    crf: int
    sound_codec: SoundCodec
    alpha_codec: AlphaCodec | None = None
    file_muxer_options: Mapping[str, str] = field(default_factory=dict)
    stream_muxer_options: Mapping[str, str] = field(default_factory=dict)

    def video_options(self, frame_rate: Fraction, *, has_alpha: bool = False) -> dict[str, str]:
        """Options of the video encoder."""
        if has_alpha and self.alpha_codec is not None:
            own = self.alpha_codec.options
            is_usual = self.alpha_codec.name == self.video_codec
            return {**(self.video_options(frame_rate) if is_usual else {}), **own}
        key_interval = max(1, round(_KEY_FRAME_EVERY_S * frame_rate))
        if self.video_codec == "libvpx-vp9":
            return {
                "crf": str(self.crf),
                "b": "0",
                "deadline": "realtime",
                # 6 is the slowest setting that keeps up with 720p30 on two cores.
                "cpu-used": "6",
                "row-mt": "1",
                "tile-columns": "2",
                "g": str(key_interval),
            }
        return {
            "crf": str(self.crf),
            "preset": "veryfast",
            "profile": "high",
            "g": str(key_interval),
            "x264-params": _X264_SAVINGS,
        }


_AAC = SoundCodec(
    name="aac",
    sample_rates_hz=frozenset({8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000}),
    fallback_rate_hz=48000,
)
_OPUS = SoundCodec(
    name="libopus",
    sample_rates_hz=frozenset({8000, 12000, 16000, 24000, 48000}),
    fallback_rate_hz=48000,
)
# Frames that only serve others have no opacity of their own.
_VP9_ALPHA = AlphaCodec(name="libvpx-vp9", pixel_format="yuva420p", options={"auto-alt-ref": "0"})
# What editors exchange cut-out people in.
_PRORES_4444 = AlphaCodec(
    name="prores_ks",
    pixel_format="yuva444p10le",
    options={"profile": "4444", "alpha_bits": "8", "vendor": "apl0"},
)
_FAST_START = {"movflags": "+faststart"}
# The index comes with the first fragment, when the delay of the encoders is known.
_FRAGMENTS = {"movflags": "+frag_keyframe+delay_moov+default_base_moof"}

RECIPES: Mapping[Container, Recipe] = {
    Container.MP4: Recipe(
        muxer="mp4",
        video_codec="libx264",
        crf=H264_CRF,
        sound_codec=_AAC,
        file_muxer_options=_FAST_START,
        stream_muxer_options=_FRAGMENTS,
    ),
    Container.MOV: Recipe(
        muxer="mov",
        video_codec="libx264",
        crf=H264_CRF,
        sound_codec=_AAC,
        alpha_codec=_PRORES_4444,
        file_muxer_options=_FAST_START,
        stream_muxer_options=_FRAGMENTS,
    ),
    Container.WEBM: Recipe(
        muxer="webm",
        video_codec="libvpx-vp9",
        crf=VP9_CRF,
        sound_codec=_OPUS,
        alpha_codec=_VP9_ALPHA,
    ),
}


def carries_opacity(container: Container) -> bool:
    """Whether frames can keep their opacity in such a file."""
    recipe = RECIPES.get(container)
    return recipe is not None and recipe.alpha_codec is not None
