"""OLE2, the container of old Office files: the bytes of one stream; no chain of sectors is followed for ever."""

from __future__ import annotations

import struct

_SPECIAL = 0xFFFFFFFA
"""Sector numbers from here on are marks: free, end of chain, part of the tables."""
_HEADER = 512
_ENTRY = 128
_STREAM, _ROOT = 2, 5


class Container:
    """A parsed container. Raises ValueError or struct.error where its tables do not hold together."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._size = 1 << _among(struct.unpack_from("<H", data, 30)[0], (9, 12))
        (directory,) = struct.unpack_from("<I", data, 48)
        self._cutoff, small_table = struct.unpack_from("<II", data, 56)
        self._table = self._sector_table()
        self._entries = self._directory(self._chain(directory))
        self._small_table = _numbers(self._chain(small_table)) if small_table < _SPECIAL else ()
        start, size = next((start, size) for kind, start, size in self._entries.values() if kind == _ROOT)
        self._small = self._chain(start)[:size] if start < _SPECIAL else b""

    def has(self, name: str) -> bool:
        """Whether there is a stream of that name."""
        return self._entries.get(name, (0, 0, 0))[0] == _STREAM

    def stream(self, *names: str) -> bytes:
        """The first stream that has one of `names`."""
        for name in names:
            kind, start, size = self._entries.get(name, (0, 0, 0))
            if kind == _STREAM and size >= self._cutoff:
                return self._chain(start)[:size]
            if kind == _STREAM:
                return b"".join(self._small[at << 6 : (at + 1) << 6] for at in _walk(self._small_table, start))[:size]
        raise ValueError(f"no stream {names[0]}")

    def _sector(self, number: int) -> bytes:
        start = max(_HEADER, self._size) + number * self._size
        return self._data[start : start + self._size]

    def _chain(self, start: int) -> bytes:
        return b"".join(self._sector(number) for number in _walk(self._table, start))

    def _sector_table(self) -> tuple[int, ...]:
        """The table that says for each sector which one follows; its own sectors are listed from the header on."""
        (more,) = struct.unpack_from("<I", self._data, 68)
        listed = list(struct.unpack_from("<109I", self._data, 76))
        for _ in range(len(self._data) // self._size):
            if more >= _SPECIAL:
                break
            *numbers, more = _numbers(self._sector(more))
            listed.extend(numbers)
        known = dict.fromkeys(number for number in listed if number < _SPECIAL)
        return _numbers(b"".join(self._sector(number) for number in known))

    @staticmethod
    def _directory(data: bytes) -> dict[str, tuple[int, int, int]]:
        """Name -> kind, first sector, size; the root has its own name."""
        found: dict[str, tuple[int, int, int]] = {}
        for at in range(0, len(data) - _ENTRY + 1, _ENTRY):
            length, kind = struct.unpack_from("<HB", data, at + 64)
            start, size = struct.unpack_from("<II", data, at + 116)
            if kind:
                name = data[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", errors="replace")
                found.setdefault(name, (kind, start, size))
        return found


def _walk(table: tuple[int, ...], start: int) -> list[int]:
    """The chain of sectors from `start`; a chain that bites its tail is refused."""
    numbers: dict[int, None] = {}
    while start < _SPECIAL:
        if start in numbers or start >= len(table):
            raise ValueError("a broken chain of sectors")
        numbers[start] = None
        start = table[start]
    return list(numbers)


def _numbers(data: bytes) -> tuple[int, ...]:
    count = len(data) // 4
    return struct.unpack(f"<{count}I", data[: count * 4])


def _among(value: int, allowed: tuple[int, ...]) -> int:
    if value not in allowed:
        raise ValueError(f"{value} is none of {allowed}")
    return value
