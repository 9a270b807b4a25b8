"""The only reader of declarations: publish.toml, datapackages/, schemas/ and vocab/."""

from odkit.project.accepted import ACCEPTED_FILE, accepted_beside, read_accepted
from odkit.project.corrections import CORRECTIONS_FILE
from odkit.project.data import data_file, read_csv
from odkit.project.schemas import (
    INFERRED,
    current_schema,
    inferred_field,
    inferred_schema,
    load_schema,
    schema_descriptor,
    schema_ids,
    standards,
)
from odkit.project.settings import DATASET_FILE, SETTINGS_FILE, PortalSpec, Project, load_project
from odkit.project.vocab import (
    Era,
    Extent,
    Municipality,
    Ward,
    eras,
    extents,
    file_types,
    find_licence,
    heading_aliases,
    municipalities,
    prefectures,
    wards,
)

__all__ = [
    "ACCEPTED_FILE",
    "CORRECTIONS_FILE",
    "DATASET_FILE",
    "INFERRED",
    "SETTINGS_FILE",
    "Era",
    "Extent",
    "Municipality",
    "PortalSpec",
    "Project",
    "Ward",
    "accepted_beside",
    "current_schema",
    "data_file",
    "eras",
    "extents",
    "file_types",
    "find_licence",
    "heading_aliases",
    "inferred_field",
    "inferred_schema",
    "load_project",
    "load_schema",
    "municipalities",
    "prefectures",
    "read_accepted",
    "read_csv",
    "schema_descriptor",
    "schema_ids",
    "standards",
    "wards",
]
