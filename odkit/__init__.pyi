from odkit.clean import clean_table as clean_table
from odkit.package import build_package as build_package
from odkit.package import load_package as load_package
from odkit.project import load_project as load_project
from odkit.project import load_schema as load_schema
from odkit.push import apply_plan as apply_plan
from odkit.push import connect as connect
from odkit.push import plan_push as plan_push
from odkit.rdf import write_rdf as write_rdf
from odkit.read import read_source as read_source
from odkit.score import score_file as score_file
from odkit.score import score_package as score_package
from odkit.score import score_path as score_path

__all__ = [
    "apply_plan",
    "build_package",
    "clean_table",
    "connect",
    "load_package",
    "load_project",
    "load_schema",
    "plan_push",
    "read_source",
    "score_file",
    "score_package",
    "score_path",
    "write_rdf",
]
__version__: str
