"""Looking up what was made, for its owner and for the operator."""

from __future__ import annotations

import sqlalchemy as sa

from lipwright.server.made_files import repository
from lipwright.server.made_files.model import MadeFile
from lipwright.server.services import Services

# Bits of 64 in which the perceptual hashes of two copies of a picture may differ. Of pictures that have
# nothing in common half of them do; pictures of the same studio or of one person come down to about 18.
# Fewer miss a copy that was cropped a little or written over.
LARGEST_DISTANCE = 10


def find_made(services: Services, number: int, account_id: str | None = None) -> tuple[MadeFile, ...]:
    """The files whose watermark says this number, newest first.

    account_id: whose files alone are looked at. None, for the operator, looks at those of everybody.
    """
    with services.database.read() as connection:
        return repository.find_by_number(connection, number, account_id)


def find_similar(connection: sa.Connection, hashes: frozenset[str]) -> tuple[tuple[int, MadeFile], ...]:
    """Files that look like a picture with one of these perceptual hashes: (bits that differ, file), closest
    first. Reads the whole log.
    """
    wanted = [int(each, 16) for each in hashes]
    found = []
    for made in repository.all_made(connection):
        if made.perceptual_hash is None:
            continue
        own = int(made.perceptual_hash, 16)
        distance = min(((own ^ each).bit_count() for each in wanted), default=64)
        if distance <= LARGEST_DISTANCE:
            found.append((distance, made))
    return tuple(sorted(found, key=lambda pair: (pair[0], -pair[1].id)))
