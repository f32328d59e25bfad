"""Picture files whose end is missing, completed so that what is there can be decoded as viewers show it.

Formats that viewers show in part: JPEG, PNG, WebP, BMP and plain TIFF. Others are not completed.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

# A picture of which more than this is missing shows no person any more: it is refused.
MOST_LOST = 0.5
# Larger files are no pictures; nothing larger is read into the memory.
_LONGEST_FILE = 512_000_000
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_END_OF_JPEG = b"\xff\xd9"
# What the decoder of JPEG paints where nothing was sent.
_JPEG_GREY = (127, 128)
_BLOCK_PX = 8
# How much more than was written a decoder of WebP may want to look at.
_WEBP_ROOM = 65_536
# Bits of a pixel by PNG's kind of colour, for one bit a sample.
_PNG_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
# Columns and rows of the seven passes of an interlaced PNG: first, step.
_PNG_PASSES = (
    ((0, 8), (0, 8)),
    ((4, 8), (0, 8)),
    ((0, 4), (4, 8)),
    ((2, 4), (0, 4)),
    ((0, 2), (2, 4)),
    ((1, 2), (0, 2)),
    ((0, 1), (1, 2)),
)
_UNPACKED = 1  # TIFF's compression of plain pixels


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletedPicture:
    """A picture file that can be decoded to its end.

    lost: share of the picture that is missing and was filled up, 0 to 1; None where only the pixels tell it.
    """

    content: bytes
    lost: float | None


def completed_picture(content: bytes) -> CompletedPicture | None:
    """A cut picture file with its end made up; None where nothing is missing, or nothing can be done."""
    if len(content) > _LONGEST_FILE:
        return None
    if content.startswith(b"\xff\xd8"):
        return CompletedPicture(content=content + _END_OF_JPEG, lost=None)
    try:
        if content.startswith(_PNG_SIGNATURE):
            return _completed_png(content)
        if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
            return _completed_webp(content)
        if content.startswith(b"BM"):
            return _completed_bmp(content)
        if content[:4] in (b"II*\0", b"MM\0*"):
            return _completed_tiff(content)
    except (struct.error, KeyError, ValueError, TypeError, ZeroDivisionError):  # its header makes no sense
        return None
    return None


def lost_jpeg_share(pixels: NDArray[np.uint8]) -> float:
    """How much of a JPEG was never sent, 0 to 1; pixels: as decoded, (row, column) or with channels.

    Its decoder leaves what is missing in an even middle grey, from somewhere in a row to the end.
    """
    is_sample_grey = np.asarray(np.isin(pixels, _JPEG_GREY)).reshape(*pixels.shape[:2], -1)
    is_grey = np.asarray(is_sample_grey.all(axis=2))
    # The row in which it begins counts for what it lacks: its last block is the last one to come.
    shown = np.flatnonzero(~is_grey[:, -_BLOCK_PX:].all(axis=1))
    begin = int(shown[-1]) + 1 if len(shown) else 0
    return float(is_grey[begin:].sum() / is_grey.size)


def is_soft_jpeg(content: bytes) -> bool:
    """Whether the last passes of a progressive JPEG are missing, so that it is blurred."""
    components: set[int] = set()
    sharp: set[int] = set()
    is_progressive = False
    for marker, body in _jpeg_segments(content):
        if marker == 0xC2 and len(body) > 5:
            is_progressive = True
            components = {body[6 + 3 * number] for number in range(body[5]) if 6 + 3 * number < len(body)}
        if marker == 0xDA and body:
            parts = body[1 : 1 + 2 * body[0] : 2]
            last, steps = body[-2], body[-1] & 0x0F
            if last == 63 and steps == 0:
                sharp |= set(parts)
    return is_progressive and not components <= sharp


def _jpeg_segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    at = 2
    while (at := content.find(b"\xff", at)) >= 0 and at + 4 <= len(content):
        marker = content[at + 1]
        if marker in (0x00, 0x01, 0xFF) or 0xD0 <= marker <= 0xD9:
            at += 1 if marker == 0xFF else 2
            continue
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        yield marker, content[at + 4 : at + 2 + length]
        at += 2 + max(2, length)


def _completed_png(content: bytes) -> CompletedPicture | None:
    head, packed, at = [_PNG_SIGNATURE], [], len(_PNG_SIGNATURE)
    size_wh, bits_per_pixel, is_interlaced = (0, 0), 0, False
    while at + 8 <= len(content):
        (length,), name = struct.unpack_from(">I", content, at), content[at + 4 : at + 8]
        body = content[at + 8 : at + 8 + length]
        if name == b"IHDR":
            width, height, depth, colour, _, _, interlace = struct.unpack(">IIBBBBB", body)
            size_wh, is_interlaced = (width, height), interlace == 1
            bits_per_pixel = depth * _PNG_SAMPLES[colour]
        if name == b"IDAT":
            packed.append(body)
        elif name != b"IEND" and len(body) == length and not packed:
            head.append(_png_chunk(name, body))
        at += length + 12
    wanted = sum(_png_pass_bytes(size_wh, bits_per_pixel, is_interlaced=is_interlaced))
    if not 0 < wanted <= _LONGEST_FILE or not packed:
        return None
    rows = _unpacked(b"".join(packed), wanted)
    lost = 1 - len(rows) / wanted
    whole = zlib.compress(rows.ljust(wanted, b"\0"), 1)
    head += [_png_chunk(b"IDAT", whole), _png_chunk(b"IEND", b"")]
    return CompletedPicture(content=b"".join(head), lost=lost)


def _unpacked(packed: bytes, most: int) -> bytes:
    """What of a stream of deflate can be unpacked, at most this much."""
    stream, parts, step = zlib.decompressobj(), bytearray(), 4096
    for at in range(0, len(packed), step):
        try:
            parts += stream.decompress(packed[at : at + step], max(1, most - len(parts)))
        except zlib.error:
            break
        if len(parts) >= most:
            break
    return bytes(parts[:most])


def _png_pass_bytes(size_wh: tuple[int, int], bits: int, *, is_interlaced: bool) -> Iterator[int]:
    passes = _PNG_PASSES if is_interlaced else (((0, 1), (0, 1)),)
    for (left, across), (top, down) in passes:
        width, height = -(-(size_wh[0] - left) // across), -(-(size_wh[1] - top) // down)
        if width > 0 and height > 0:
            yield height * (1 + (width * bits + 7) // 8)


def _png_chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _completed_webp(content: bytes) -> CompletedPicture | None:
    """With the picture's chunk filled up; what comes behind it says nothing of pixels."""
    chunks, at, lost = [], 12, 0.0
    while at + 8 <= len(content):
        name, (length,) = content[at : at + 4], struct.unpack_from("<I", content, at + 4)
        body = content[at + 8 : at + 8 + length]
        is_picture = name in (b"VP8 ", b"VP8L")
        if len(body) < length:
            if not is_picture or length > _LONGEST_FILE:
                break
            lost = 1 - len(body) / length
            length += _WEBP_ROOM
            body = body.ljust(length, b"\0")
        if name == b"VP8X":  # no animation, EXIF, XMP: they are where it is cut
            body = bytes([body[0] & 0b0011_0000]) + body[1:]
        if name in (b"VP8X", b"ICCP", b"ALPH") or is_picture:
            chunks.append(name + struct.pack("<I", length) + body + b"\0" * (length % 2))
        if is_picture:
            whole = b"WEBP" + b"".join(chunks)
            return CompletedPicture(content=b"RIFF" + struct.pack("<I", len(whole)) + whole, lost=lost)
        at += 8 + length + length % 2
    return None


def _completed_bmp(content: bytes) -> CompletedPicture | None:
    begin, _, width, height, _, bits, packing = struct.unpack_from("<IIiiHHI", content, 10)
    if packing not in (0, 3):
        return None
    return _filled_up(content, [(begin, abs(height) * ((abs(width) * bits + 31) // 32 * 4))])


def _completed_tiff(content: bytes) -> CompletedPicture | None:
    with Image.open(io.BytesIO(content), formats=("TIFF",)) as image:
        tags = getattr(image, "tag_v2", {})
        if tags.get(259, _UNPACKED) != _UNPACKED:
            return None
        return _filled_up(content, list(zip(tags[273], tags[279], strict=True)))


def _filled_up(content: bytes, strips: list[tuple[int, int]]) -> CompletedPicture | None:
    """With zeros where strips of plain pixels, (first byte, length), lie beyond the end."""
    end = max(begin + length for begin, length in strips)
    total = sum(length for _, length in strips)
    missing = sum(min(length, max(0, begin + length - len(content))) for begin, length in strips)
    if not missing or end > _LONGEST_FILE:
        return None
    return CompletedPicture(content=content.ljust(end, b"\0"), lost=missing / total)
