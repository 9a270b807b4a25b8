"""What the portal holds, at a glance: a digest for each dataset, without an application or a call of the API."""

from __future__ import annotations

import sqlite3
from hashlib import blake2b
from pathlib import Path

from odkit.errors import PortalStop
from odkit.portal.store import Store

OF_DATASETS = (
    "SELECT package.id, package.name, package.body, organization.body"
    " FROM package JOIN organization ON organization.id = package.owner_org"
)
OF_FILES = "SELECT package_id, id, digest, body FROM resource ORDER BY package_id, position"


def holdings(folder: Path) -> dict[str, str]:
    """Dataset -> the digest of all that the portal in `folder` has stored of it, its organisation and its files.

    As of one moment, with the sizes that the files have on disk: one that is lost or cut off is another. Empty
    where there is no portal, or none that can be read: who wants to know more asks the portal.
    """
    store = Store(folder)
    if not store.exists:
        return {}
    try:
        with store.reading() as transaction:
            datasets = transaction.database.execute(OF_DATASETS).fetchall()
            files = transaction.database.execute(OF_FILES).fetchall()
        sizes = store.files.sizes() if files else {}
    except (sqlite3.Error, OSError, PortalStop):
        return {}
    texts: dict[str, list[str]] = {key: [key, body, owner] for key, _, body, owner in datasets}
    for key, name, digest, body in files:
        if key in texts:
            texts[key] += (name, digest, body, str(sizes.get(digest, "")))
    return {name: _digest(texts[key]) for key, name, _, _ in datasets}


def _digest(texts: list[str]) -> str:
    # None of the texts holds NUL: the portal takes none from anybody.
    return blake2b("\0".join(texts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
