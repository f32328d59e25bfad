"""Whose marks a check recognises."""

from __future__ import annotations

from dataclasses import dataclass, field

from lipwright.provenance.credentials import (
    known_installation,
    known_watermark_key,
    own_roots,
    trusted_roots,
)
from lipwright.provenance.settings import MarkingSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownMarks:
    """What the marks of a file are compared with.

    installation: the number of this one, None where it has made nothing yet. own_roots: the certificates, as
    PEM, that its credentials lead to. roots: those of others who are trusted. watermark_keys: secret ones
    with which a watermark is looked for; the public one is always tried as well.
    """

    installation: int | None = None
    own_roots: tuple[str, ...] = ()
    roots: tuple[str, ...] = ()
    watermark_keys: tuple[bytes, ...] = field(default=(), repr=False)


def known_marks(settings: MarkingSettings, roots: tuple[str, ...] = ()) -> KnownMarks:
    """The marks of this installation, and of those whom it trusts; makes nothing.

    roots: of others who are trusted as well. Raises what is wrong with the files: see
    :mod:`lipwright.provenance.errors`.
    """
    own = own_roots(settings)
    key = known_watermark_key(settings)
    return KnownMarks(
        installation=known_installation(settings),
        own_roots=own,
        roots=tuple(root for root in (*trusted_roots(settings), *roots) if root not in own),
        watermark_keys=() if key is None else (key,),
    )
