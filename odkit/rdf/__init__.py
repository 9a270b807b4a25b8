"""Package + mapping -> RDF in the common vocabulary (共通語彙基盤); and what a given RDF file holds.

The only importer of rdflib and pyshacl, which read and check RDF; ours is written without them.
"""

from odkit.rdf.documents import documents
from odkit.rdf.formats import FORMATS
from odkit.rdf.probe import RdfFacts, probe
from odkit.rdf.reading import Chunk
from odkit.rdf.survey import survey
from odkit.rdf.write import USUAL, note_unmapped, write_catalogue, write_rdf

__all__ = [
    "FORMATS",
    "USUAL",
    "Chunk",
    "RdfFacts",
    "documents",
    "note_unmapped",
    "probe",
    "survey",
    "write_catalogue",
    "write_rdf",
]
