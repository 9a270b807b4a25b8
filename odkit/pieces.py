"""Pieces of one large table on a cluster: what a worker is handed, and how its results come back through a depot."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from pickle import dumps, loads
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from odkit.cache import installed
from odkit.depot.parcel import Parcel, pack, unpack
from odkit.errors import UsageError
from odkit.model import Hands, OnFiles
from odkit.schedule import WORTH, hands_of_cluster

if TYPE_CHECKING:
    from odkit.depot.place import Depot

SMALL = 64 << 10
"""Bytes of results that go by way of the scheduler."""
QUICK = 1
"""zlib's level: RDF is packed to an eighth in less time than it takes to write it."""


@dataclass(frozen=True, slots=True)
class Part:
    """The results of some pieces, packed: the bytes themselves, or the `name` of their object in the depot."""

    size: int
    sha256: str
    name: str = ""
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class Parts:
    """How pieces of the tables of a `dataset` come and go: `odkit.schedule.Carrier`. Travels with the task.

    Tables of at least `worth` rows are divided. Workers see the files of a project that is `shared`; others are sent
    what they look at, as far as it is not `there` already.
    """

    depot: Depot
    odkit: str
    shared: bool
    worth: int = WORTH
    there: frozenset[str] = frozenset()
    dataset: str = ""

    def hands(self, dataset: str) -> Hands:
        """The workers of the cluster this runs on, for the tables of a dataset."""
        return hands_of_cluster(replace(self, dataset=dataset), self.worth)

    def handed(self, work: Callable[[Any], Any], pieces: Sequence[Any]) -> Callable[[], Part]:
        """What a worker is to call. Rows travel with it; files are put into the depot."""
        # As bytes: Dask would look into every cell for results of other work.
        return partial(make_part, self.depot, self.odkit, self.dataset, dumps((work, [*map(self._sent, pieces)])))

    def taken(self, part: Part) -> list[Any]:
        """The result of each piece; UsageError where the store has something else than what the worker tells."""
        data = part.data
        if part.name:
            data = b"".join(self.depot.pieces(part.name, part.size))
            self.depot.remove((part.name,))
        if sha256(data).hexdigest() != part.sha256:
            raise self.depot.damaged(part.name)
        results: list[Any] = loads(zlib.decompress(data))  # noqa: S301 - what a worker packed, by its digest
        return results

    def _sent(self, piece: Any) -> tuple[Any, Parcel]:
        if self.shared or not isinstance(piece, OnFiles):
            return piece, ()
        files = piece.files()
        return piece, pack(self.depot, files[0].parent, [path.name for path in files], set(self.there)) if files else ()


def make_part(depot: Depot, odkit: str, dataset: str, packed: bytes) -> Part:
    """What a worker does, who is told the digest of the `odkit` that asks; `packed` are the work and the pieces.

    Each attempt has an object of its own: one that was cut off is told to nobody, and one of a worker that was given
    up disturbs nobody.
    """
    if odkit != installed():
        raise UsageError("cli.other-odkit", dataset=dataset)
    work, pieces = loads(packed)  # noqa: S301 - of the same odkit, by way of the scheduler
    with TemporaryDirectory(prefix="odkit-") as folder:
        places = (Path(folder) / str(number) for number in range(len(pieces)))
        results = [
            work(_at(depot, piece, parcel, place)) for (piece, parcel), place in zip(pieces, places, strict=True)
        ]
    data = zlib.compress(dumps(results), QUICK)
    digest = sha256(data).hexdigest()
    if len(data) < SMALL:
        return Part(len(data), digest, data=data)
    name = f"{digest}-{depot.mark()}"
    depot.put(name, data)
    if not depot.is_wanted():
        depot.remove((name,))
        raise depot.damaged(name)
    return Part(len(data), digest, name=name)


def _at(depot: Depot, piece: Any, parcel: Parcel, folder: Path) -> Any:
    if not parcel:
        return piece
    folder.mkdir()
    unpack(depot, parcel, folder)
    return piece.within(folder)
