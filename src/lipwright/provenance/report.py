"""What a check found in a file, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from lipwright.provenance.credentials.found import CredentialsFound, CredentialsState
from lipwright.provenance.plain_tags import PlainTags, source_type_of

MediaWord = Literal["image", "video", "audio"]


class Verdict(StrEnum):
    """What a check comes to, the strongest first."""

    # It has content credentials, and they do not hold.
    ALTERED = "altered"
    # Credentials that hold, or a watermark.
    RECOGNISED = "recognised"
    # Only tags that anybody can write.
    TAGGED = "tagged"
    # Nothing at all, which proves nothing.
    NOTHING_FOUND = "nothing_found"
    # No picture, sound or video that can be opened.
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class WatermarkFinding:
    """The watermark that was looked for in a picture.

    installation, number: what it names; None where none is there. is_ours: it names this installation.
    false_alarm_probability: that a picture without a mark looks like this. is_public: its key is the one that
    every Lipwright knows. not_looked_for: why nobody looked.
    """

    installation: int | None = None
    number: int | None = None
    is_ours: bool = False
    false_alarm_probability: float | None = None
    is_public: bool = True
    not_looked_for: str | None = None

    @property
    def is_there(self) -> bool:
        """Whether a watermark was found."""
        return self.number is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """Everything that says where a file is from.

    file: its name. media: what it holds, None where it cannot be opened; unreadable then says why.
    is_own_signer: its credentials hold and were signed by this installation.
    """

    file: str
    media: MediaWord | None
    credentials: CredentialsFound
    is_own_signer: bool
    watermark: WatermarkFinding
    tags: PlainTags
    unreadable: str | None = None

    @property
    def verdict(self) -> Verdict:
        """What all of it comes to."""
        if self.credentials.state is CredentialsState.BROKEN:
            return Verdict.ALTERED
        if self.credentials_hold or self.watermark.is_there:
            return Verdict.RECOGNISED
        if self.tags.are_there:
            return Verdict.TAGGED
        return Verdict.NOTHING_FOUND if self.unreadable is None else Verdict.UNREADABLE

    @property
    def credentials_hold(self) -> bool:
        """Whether the file has credentials, and nothing was changed since they were signed."""
        return self.credentials.state in (CredentialsState.TRUSTED, CredentialsState.UNKNOWN_SIGNER)

    @property
    def is_ours(self) -> bool:
        """Whether this installation signed the file as it is, or its watermark is in the picture."""
        return self.is_own_signer or self.watermark.is_ours

    @property
    def is_synthetic(self) -> bool:
        """Whether anything found says that AI made the file or a part of it. False says nothing."""
        credentials = self.credentials_hold and any(
            term is not None and term.is_synthetic
            for term in (source_type_of(action.digital_source_type) for action in self.credentials.actions)
        )
        return credentials or self.watermark.is_there or self.tags.say_synthetic
