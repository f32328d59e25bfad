"""Whether content credentials stand somewhere in a file, found in its bytes: nothing is taken apart."""

from __future__ import annotations

from pathlib import Path

# The head of a store of credentials as it lies in every kind of file: the description of a JUMBF box whose
# type is `c2pa` (ISO 19566-5; C2PA specification 2.2, section 11.1).
_STORE_MARK = b"jumdc2pa\x00\x11\x00\x10"
READ_BYTES = 1 << 20


class StoreSearch:
    """Looks for credentials in a file that is given block by block."""

    def __init__(self) -> None:
        self.has_found = False
        self._tail = b""

    def look_at(self, block: bytes) -> None:
        """Look at the next block; what begins in the one before is found, too."""
        self.has_found = self.has_found or _STORE_MARK in self._tail + block
        self._tail = block[-len(_STORE_MARK) :]


def has_store(path: Path) -> bool:
    """Whether there are content credentials somewhere in a file. Raises OSError."""
    search = StoreSearch()
    with path.open("rb") as file:
        while not search.has_found and (block := file.read(READ_BYTES)):
            search.look_at(block)
    return search.has_found
