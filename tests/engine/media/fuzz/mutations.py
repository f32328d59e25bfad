"""Damage as files of strangers have it, and as somebody makes it on purpose: always the same for a seed."""

from __future__ import annotations

import struct
from collections.abc import Callable

import numpy as np

# What a length field is set to: nothing, nearly nothing, and the ends of what fits.
EXTREMES = (0, 1, 7, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF0, 0xFFFFFFFF)
# Names that stand beside a length, in RIFF, AIFF, ISO media files, PNG, AU and CAF.
_NAMES = (
    *(b"RIFF", b"fmt ", b"data", b"LIST", b"strh", b"strf", b"avih", b"movi", b"idx1", b"VP8 ", b"VP8L"),
    *(b"VP8X", b"FORM", b"COMM", b"SSND", b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd", b"stts"),
    *(b"stsc", b"stsz", b"stco", b"ctts", b"stss", b"tkhd", b"mdhd", b"mvhd", b"elst", b"edts", b"hdlr"),
    *(b"avcC", b"hvcC", b"esds", b"mdat", b"ftyp", b"udta", b"meta", b"iloc", b"iinf", b"iprp", b"ispe"),
    *(b"IHDR", b"IDAT", b"PLTE", b"tRNS", b"IEND", b"caff", b"desc", b"jp2h", b"ihdr", b"jp2c", b"pasp"),
)
# Elements of EBML by their ids: segment, tracks, cluster, blocks, sizes of pictures.
_ELEMENTS = (
    *(b"\x18\x53\x80\x67", b"\x16\x54\xae\x6b", b"\x1f\x43\xb6\x75", b"\xa3", b"\xa0", b"\xa1"),
    *(b"\xb0", b"\xba", b"\x53\xc0", b"\x75\xa1", b"\x44\x89", b"\x2a\xd7\xb1", b"\xae", b"\xe0", b"\xe1"),
)

Mutation = Callable[[bytearray, np.random.Generator], bytearray]


def mutated(content: bytes, seed: int) -> bytes:
    """A file with one to three kinds of damage."""
    rng = np.random.default_rng(seed)
    changed = bytearray(content)
    for _ in range(int(rng.integers(1, 4))):
        if len(changed) < 16:
            break
        changed = MUTATIONS[int(rng.integers(len(MUTATIONS)))](changed, rng)
    return bytes(changed)


def _place(content: bytearray, rng: np.random.Generator) -> int:
    """Somewhere, in every second case near the beginning, where headers are."""
    return int(rng.integers(min(len(content), 512) if rng.random() < 0.5 else len(content)))


def flipped_bits(content: bytearray, rng: np.random.Generator) -> bytearray:
    for _ in range(int(rng.integers(1, 30))):
        content[_place(content, rng)] ^= 1 << int(rng.integers(8))
    return content


def cut_tail(content: bytearray, rng: np.random.Generator) -> bytearray:
    return content[: max(1, int(len(content) * rng.random()))]


def doubled_block(content: bytearray, rng: np.random.Generator) -> bytearray:
    begin, size = _place(content, rng), int(rng.integers(1, 2048))
    return content[: begin + size] + content[begin:]


def missing_block(content: bytearray, rng: np.random.Generator) -> bytearray:
    begin, size = _place(content, rng), int(rng.integers(1, 512))
    return content[:begin] + content[begin + size :]


def noisy_block(content: bytearray, rng: np.random.Generator) -> bytearray:
    begin, size = _place(content, rng), int(rng.integers(1, 256))
    content[begin : begin + size] = rng.bytes(len(content[begin : begin + size]))
    return content


def swapped_blocks(content: bytearray, rng: np.random.Generator) -> bytearray:
    """Two parts of a file, boxes where they have names, in the wrong order."""
    places = sorted(_named(content, rng) for _ in range(3))
    one, other, end = places
    return content[:one] + content[other:end] + content[one:other] + content[end:]


def extreme_length(content: bytearray, rng: np.random.Generator) -> bytearray:
    """A length before or behind a name, or a number anywhere, set to an extreme."""
    at = _named(content, rng)
    if bytes(content[at : at + 4]) in _NAMES:
        # ISO media files and PNG have it before the name, RIFF behind it; then come counts.
        at += int(rng.choice([-4, 4, 8, 12, 16]))
    value = EXTREMES[int(rng.integers(len(EXTREMES)))]
    kind = ("<I", ">I", "<H", ">H")[int(rng.integers(4))]
    packed = struct.pack(kind, value & (0xFFFFFFFF if kind[1] == "I" else 0xFFFF))
    at = min(max(0, at), len(content) - len(packed))
    content[at : at + len(packed)] = packed
    return content


def extreme_element(content: bytearray, rng: np.random.Generator) -> bytearray:
    """The size of an element of Matroska, one to eight bytes long, or its value."""
    name = _ELEMENTS[int(rng.integers(len(_ELEMENTS)))]
    at = content.find(name, int(rng.integers(len(content))))
    if at < 0:
        return extreme_length(content, rng)
    sizes = (b"\x80", b"\x81", b"\xff", b"\x40\x00", b"\x7f\xff", b"\x10\x00\x00\x00", b"\x1f\xff\xff\xff")
    size = (*sizes, b"\x01" + b"\xff" * 7, b"\x01" + b"\0" * 7, b"\0" * 8)[int(rng.integers(10))]
    begin = at + len(name) + int(rng.integers(2))
    content[begin : begin + len(size)] = size
    return content


def _named(content: bytearray, rng: np.random.Generator) -> int:
    """Where a name stands that a length belongs to; anywhere where there is none."""
    found = [at for name in _NAMES if (at := content.find(name)) >= 0]
    if not found or rng.random() < 0.3:
        return _place(content, rng)
    return int(rng.choice(found))


MUTATIONS: tuple[Mutation, ...] = (
    flipped_bits,
    cut_tail,
    doubled_block,
    missing_block,
    noisy_block,
    swapped_blocks,
    extreme_length,
    extreme_length,
    extreme_element,
)
