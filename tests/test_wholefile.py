"""A file is written whole, even where the system takes it piece by piece."""

from __future__ import annotations

from io import FileIO
from pathlib import Path

from odkit.wholefile import write_all, write_file


class Slow(FileIO):
    """Takes three bytes at a time."""

    def write(self, data: bytes | memoryview, /) -> int:  # type: ignore[override]  # what is written here
        return super().write(data[:3])


def test_a_file_holds_what_was_written_last(tmp_path: Path) -> None:
    for data in (b"longer", b"", b"short"):
        write_file(tmp_path / "a", data)
        assert (tmp_path / "a").read_bytes() == data


def test_pieces_come_one_after_the_other(tmp_path: Path) -> None:
    with Slow(tmp_path / "a", "wb") as file:
        write_all(file, b"0123456789")
        write_all(file, b"")
    assert (tmp_path / "a").read_bytes() == b"0123456789"
