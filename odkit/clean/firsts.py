"""Where values stood first, for any number of them: 20 bytes each where there are many, 200 in a dict of texts."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping

FEW = 100_000
"""Values up to which a dict of the texts themselves is kept."""
EMPTY = 0
"""No value has this hash."""


class Firsts:
    """Values with the number of the row where each stood first.

    Of many values only their 64-bit hashes are kept: among ten million the chance that any two of them share one is
    three in a million.
    """

    def __init__(self, few: int = FEW) -> None:
        self._few = few
        self._texts: dict[str, int] = {}
        self._hashes = array("q")
        self._rows = array("I")
        self._used = 0

    def __len__(self) -> int:
        return self._used or len(self._texts)

    def add(self, values: Mapping[str, int]) -> bool:
        """Keep all of these, none of which stood before; False, and nothing kept, where one did."""
        if self.knows_any(values):
            return False
        if not self._used and len(self._texts) + len(values) <= self._few:
            self._texts.update(values)
            return True
        for value, row in values.items():
            self.first(value, row)
        return True

    def knows_any(self, values: Iterable[str]) -> bool:
        """Whether any of these stood before."""
        if not self._used:
            return not self._texts.keys().isdisjoint(values)
        hashes = self._hashes
        return any(hashes[self._slot(hash(value) or 1)] != EMPTY for value in values)

    def first(self, value: str, row: int) -> int:
        """The row where a value stood first: this one, where it did not before."""
        if not self._used:
            if len(self._texts) < self._few or value in self._texts:
                return self._texts.setdefault(value, row)
            self._condense()
        key = hash(value) or 1
        slot = self._slot(key)
        if self._hashes[slot] == EMPTY:
            self._put(slot, key, row)
            return row
        return self._rows[slot]

    def _condense(self) -> None:
        """Let go of the texts."""
        self._resize(1 << (2 * len(self._texts)).bit_length())
        for value, row in self._texts.items():
            key = hash(value) or 1
            self._put(self._slot(key), key, row)
        self._texts.clear()

    def _put(self, slot: int, key: int, row: int) -> None:
        self._hashes[slot], self._rows[slot] = key, row
        self._used += 1
        if self._used * 3 > len(self._hashes) * 2:
            self._grow()

    def _grow(self) -> None:
        hashes, rows = self._hashes, self._rows
        self._resize(2 * len(hashes))
        for key, row in zip(hashes, rows, strict=True):
            if key != EMPTY:
                slot = self._slot(key)
                self._hashes[slot], self._rows[slot] = key, row

    def _resize(self, size: int) -> None:
        self._hashes, self._rows = array("q", bytes(8 * size)), array("I", bytes(4 * size))

    def _slot(self, key: int) -> int:
        """Where a hash stands, or would."""
        hashes, mask = self._hashes, len(self._hashes) - 1
        slot = key & mask
        while hashes[slot] not in (EMPTY, key):
            slot = (slot + 1) & mask
        return slot
