"""publish.toml and datapackages/ -> Project: portals, publishers, and the declared datasets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from odkit.decisions import Decisions
from odkit.errors import DeclarationError, UsageError
from odkit.model import DatasetSpec, Licence, Publisher, SourceSpec, usual_portal_name
from odkit.project.corrections import CORRECTIONS_FILE, read_corrections
from odkit.project.declare import read_toml
from odkit.project.schemas import INFERRED, current_schema
from odkit.project.vocab import find_licence

SETTINGS_FILE = "publish.toml"
DATASET_FILE = "dataset.toml"


@dataclass(frozen=True, kw_only=True, slots=True)
class PortalSpec:
    """A portal of publish.toml. `kind` is ``embedded`` or ``ckan``; `folder` is where the embedded one lives.

    `datastore`: tables are loaded into CKAN's DataStore; `interval`: least seconds between two writes.
    """

    name: str
    kind: str
    url: str
    folder: Path
    create_organizations: bool
    datastore: bool = False
    interval: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Project:
    """The declarations of one folder with a publish.toml, checked. It knows no secret and touches no network."""

    root: Path
    base_uri: str
    default_portal: str
    portals: Mapping[str, PortalSpec]
    publishers: Mapping[str, Publisher]
    token_env: Mapping[str, str]
    defaults: Mapping[str, Any]

    @property
    def build_folder(self) -> Path:
        """Where built packages go: build/<code6>/<dataset>/."""
        return self.root / "build"

    @property
    def cache_folder(self) -> Path:
        """Where what earlier builds came to is kept; it may be deleted at any time."""
        return self.root / ".odkit" / "cache"

    @property
    def parts_folder(self) -> Path:
        """Where workers of a cluster put pieces of large tables; it is there while they do."""
        return self.root / ".odkit" / "parts"

    def lock_file(self, dataset_id: str) -> Path:
        """The file that a process holds while it builds a dataset."""
        return self.root / ".odkit" / "locks" / f"{dataset_id.replace('/', '_')}.lock"

    def portal(self, name: str = "") -> PortalSpec:
        """A portal by name (default: `default_portal`); raises UsageError for a name that is not declared."""
        wanted = name or self.default_portal
        if wanted not in self.portals:
            raise UsageError("project.unknown-portal", value=wanted, known=", ".join(sorted(self.portals)))
        return self.portals[wanted]

    def dataset_ids(self) -> list[str]:
        """The ids of all declared datasets, ``120006/cultural_property``, sorted."""
        found = (self.root / "datapackages").glob(f"*/*/{DATASET_FILE}")
        return sorted(f"{path.parent.parent.name}/{path.parent.name}" for path in found)

    def namesakes(self) -> dict[str, str]:
        """Dataset -> another one that has its name on the portal: a copied folder would overwrite the first one's data.

        Declarations that are wrong are passed over: whoever reads them says so.
        """
        first: dict[str, str] = {}
        found: dict[str, str] = {}
        for dataset_id in self.dataset_ids():
            other = first.setdefault(self._name_on_portal(dataset_id), dataset_id)
            if other != dataset_id:
                found[dataset_id] = other
                found.setdefault(other, dataset_id)
        return found

    def _name_on_portal(self, dataset_id: str) -> str:
        # Few declare a name, and only these are read whole.
        path = self.root / "datapackages" / dataset_id / DATASET_FILE
        with suppress(OSError, DeclarationError, UsageError):
            if b"portal_name" in path.read_bytes():
                return self.dataset(dataset_id).portal_name
        return usual_portal_name(*dataset_id.split("/"))

    def select(self, wanted: Sequence[str]) -> list[str]:
        """The ids that `wanted` names (an id, or the part after the slash where it is unique); all where it is empty.

        What is named twice is there once.

        Raises UsageError for a name that is no dataset, or for a project without any.
        """
        known = self.dataset_ids()
        if not known:
            raise UsageError("project.no-datasets", file=f"datapackages/<code6>/<dataset>/{DATASET_FILE}")
        named = (self._one_id(name.strip("/").removeprefix("datapackages/"), known) for name in wanted)
        return list(dict.fromkeys(named)) or known

    def dataset(self, dataset_id: str) -> DatasetSpec:
        """Read one declared dataset; raises DeclarationError with file and path where it is wrong."""
        folder = self.root / "datapackages" / dataset_id
        shown = f"datapackages/{dataset_id}/{DATASET_FILE}"
        declared = read_toml(folder / DATASET_FILE, shown, "dataset")
        _, name = dataset_id.split("/")
        publisher = self.publisher_of(dataset_id)
        merged = {**self.defaults, **declared}
        return DatasetSpec(
            id=dataset_id,
            name=name,
            title=declared["title"],
            title_en=declared.get("title_en", ""),
            description=declared.get("description", ""),
            description_en=declared.get("description_en", ""),
            publisher=publisher,
            source=_source(folder, declared["source"], shown, self.root),
            standard=current_schema(declared.get("standard") or INFERRED),
            licence=_licence(merged.get("licence", ""), shown),
            encoding=merged.get("encoding", "utf-8-sig"),
            update_cycle=merged.get("update_cycle", ""),
            tags=tuple(dict.fromkeys([*self.defaults.get("tags", ()), *declared.get("tags", ())])),
            headings=declared.get("headings", {}),
            decisions=_decisions(folder, declared, f"datapackages/{dataset_id}/{CORRECTIONS_FILE}"),
            sample=declared.get("sample", False),
            name_on_portal=declared.get("portal_name", ""),
            also_as=tuple(merged.get("also_as", ())),
        )

    def publisher_of(self, dataset_id: str) -> Publisher:
        """Who publishes a dataset; raises DeclarationError where publish.toml does not name the government."""
        code = dataset_id.partition("/")[0]
        if code not in self.publishers:
            shown = f"datapackages/{dataset_id}/{DATASET_FILE}"
            raise DeclarationError("project.unknown-organization", file=shown, value=code, settings=SETTINGS_FILE)
        return self.publishers[code]

    @staticmethod
    def _one_id(name: str, known: Sequence[str]) -> str:
        matches = [item for item in known if name in (item, item.partition("/")[2])]
        if len(matches) == 1:
            return matches[0]
        near = get_close_matches(name, [*known, *(item.partition("/")[2] for item in known)], n=1)
        offered = ", ".join(matches or near or known)
        raise UsageError("project.unknown-dataset", value=name, known=offered)


def load_project(start: Path) -> Project:
    """Find publish.toml in `start` or a folder above it, and read it.

    Raises UsageError where there is none and DeclarationError where it is wrong.
    """
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / SETTINGS_FILE).is_file():
            return _parse(folder, read_toml(folder / SETTINGS_FILE, SETTINGS_FILE, "publish"))
    raise UsageError("project.no-settings", file=SETTINGS_FILE)


def _parse(root: Path, declared: dict[str, Any]) -> Project:
    portals = {name: _portal(root, name, item) for name, item in declared.get("portals", {}).items()}
    organizations = declared["organizations"]
    return Project(
        root=root,
        base_uri=declared["base_uri"],
        default_portal=declared.get("default_portal", "embedded"),
        portals=portals,
        publishers={code: _publisher(code, item) for code, item in organizations.items()},
        token_env={code: item.get("token_env", f"ODKIT_TOKEN_{code}") for code, item in organizations.items()},
        defaults=declared.get("defaults", {}),
    )


def _portal(root: Path, name: str, item: dict[str, Any]) -> PortalSpec:
    embedded = item["kind"] == "embedded"
    folder = root / item.get("folder", f".odkit/{name}")
    if not folder.resolve().is_relative_to(root.resolve()):
        raise DeclarationError(
            "project.outside", file=SETTINGS_FILE, path=f"portals.{name}.folder", value=item["folder"]
        )
    return PortalSpec(
        name=name,
        kind=item["kind"],
        url=item["url"],
        folder=folder,
        create_organizations=item.get("create_organizations", embedded),
        datastore=item.get("datastore", False),
        interval=float(item.get("interval", 0)),
    )


def _publisher(code: str, item: dict[str, Any]) -> Publisher:
    return Publisher(
        code=code,
        name=item.get("name", code),
        title=item["title"],
        title_en=item.get("title_en", ""),
        contact_name=item.get("contact_name", ""),
        contact_email=item.get("contact_email", ""),
        homepage=item.get("homepage", ""),
    )


def _source(folder: Path, item: dict[str, Any], shown: str, root: Path) -> SourceSpec:
    path = folder / item["path"]
    if not path.resolve().is_relative_to(_resolved(root)):
        raise DeclarationError("project.outside", file=shown, path="source.path", value=item["path"])
    return SourceSpec(
        path=path,
        member=item.get("member", ""),
        sheet=item.get("sheet", ""),
        range=item.get("range", ""),
        header_rows=tuple(item.get("header_rows", ())),
        encoding=item.get("encoding", ""),
    )


@lru_cache(16)
def _resolved(root: Path) -> Path:
    """The folder of a project without links: asked for with each of its datasets."""
    return root.resolve()


def _decisions(folder: Path, declared: dict[str, Any], shown: str) -> Decisions:
    return Decisions(
        corrections=read_corrections(folder / CORRECTIONS_FILE, shown),
        personal=declared.get("personal", {}),
        datum=declared["source"].get("datum", ""),
    )


def _licence(text: str, shown: str) -> Licence:
    if not text:
        raise DeclarationError("project.no-licence", file=shown)
    licence = find_licence(text)
    if licence is None:
        raise DeclarationError("project.unknown-licence", file=shown, value=text)
    return licence
