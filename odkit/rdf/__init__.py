"""Package + mapping -> RDF in the common vocabulary (共通語彙基盤); and what a given RDF file holds.

The only importer of rdflib, which reads RDF; ours is written without it.
"""

from odkit.rdf.probe import RdfFacts, probe
from odkit.rdf.write import note_unmapped, write_rdf

__all__ = ["RdfFacts", "note_unmapped", "probe", "write_rdf"]
