"""What a check found in a file, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from lipwright.provenance.check.plain_tags import DigitalSourceType, PlainTags, source_type_of
from lipwright.provenance.credentials import FoundManifest

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


class CredentialsStanding(StrEnum):
    """Whether a file has content credentials, and whether they hold."""

    ABSENT = "absent"
    # Nothing was changed since they were signed, by somebody who is trusted here.
    TRUSTED = "trusted"
    # Nothing was changed since they were signed, by somebody who is not known here.
    WHOLE = "whole"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialsFinding:
    """The content credentials of a file.

    is_ours: they hold, and this installation signed them. failures: codes of C2PA for what does not hold.
    manifests: the file's own first, then those of what it was made from; none where they cannot be read.
    sidecar: the name of the file beside it that they lie in, None where they are inside.
    """

    standing: CredentialsStanding = CredentialsStanding.ABSENT
    is_ours: bool = False
    failures: tuple[str, ...] = ()
    manifests: tuple[FoundManifest, ...] = ()
    sidecar: str | None = None

    @property
    def hold(self) -> bool:
        """Whether there are some, and nothing was changed since they were signed."""
        return self.standing in (CredentialsStanding.TRUSTED, CredentialsStanding.WHOLE)

    @property
    def own(self) -> FoundManifest | None:
        """The file's own; None where there are none, or they cannot be read."""
        return self.manifests[0] if self.manifests else None

    @property
    def source_types(self) -> tuple[DigitalSourceType, ...]:
        """How the file came to be, as its own credentials say."""
        if self.own is None:
            return ()
        terms = map(source_type_of, self.own.source_types)
        return tuple(dict.fromkeys(term for term in terms if term is not None))

    def manifest_of(self, name: str | None) -> FoundManifest | None:
        """The credentials of that name among those of inputs."""
        return next((one for one in self.manifests if one.name == name), None)


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
    """

    file: str
    media: MediaWord | None
    credentials: CredentialsFinding
    watermark: WatermarkFinding
    tags: PlainTags
    unreadable: str | None = None

    @property
    def verdict(self) -> Verdict:
        """What all of it comes to."""
        if self.credentials.standing is CredentialsStanding.BROKEN:
            return Verdict.ALTERED
        if self.credentials.hold or self.watermark.is_there:
            return Verdict.RECOGNISED
        if self.tags.are_there:
            return Verdict.TAGGED
        return Verdict.NOTHING_FOUND if self.unreadable is None else Verdict.UNREADABLE

    @property
    def is_ours(self) -> bool:
        """Whether this installation signed the file as it is, or its watermark is in the picture."""
        return self.credentials.is_ours or self.watermark.is_ours

    @property
    def is_synthetic(self) -> bool:
        """Whether anything that holds says that AI made the file or a part of it. False says nothing."""
        signed = self.credentials.hold and any(term.is_synthetic for term in self.credentials.source_types)
        return signed or self.watermark.is_there or self.tags.say_synthetic
