"""CleanTable -> Package on disk: data.csv, its Frictionless descriptor, CSVW metadata and the ledgers."""

from odkit.package.build import add_files, build_package, seal_package
from odkit.package.files import describe_file, exclusive, staged_folder, write_csv, write_json
from odkit.package.load import load_package

__all__ = [
    "add_files",
    "build_package",
    "describe_file",
    "exclusive",
    "load_package",
    "seal_package",
    "staged_folder",
    "write_csv",
    "write_json",
]
