"""Tables as towns really send them, through the whole journey: the RDF is right, or says nothing and an Issue does."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest
from rdflib import DCTERMS, Graph, Literal, Namespace, URIRef

from odkit.model import CleanTable, Package, TableSchema
from odkit.project import current_schema, load_project, load_schema, standards
from odkit.publish import build
from odkit.rdf import write_rdf
from odkit.rdf.check import check_graph, check_terms
from odkit.rdf.formats import FORMATS
from odkit.rdf.parse import parse

ROOT = Path(__file__).resolve().parent.parent.parent
BASE = "https://opendata.pref.chiba.lg.jp/id/"
IC = Namespace("http://imi.go.jp/ns/core/rdf#")
AWKWARD: Mapping[str, tuple[str, ...]] = {
    "id": ("W/1 ア＃?%41[2]", "", ".", "..", "W2", "W2", "W2-2", "a:b//c", "x\ny", "<script>", "外字\ue000", '"\\'),
    "name": ("庁舎 /本館", "改行\nあり", "", "同じ", "同じ", '"引用"\\', "tab\tあり", "\u202e逆", "x" * 9000),
    "phone": ("047-712-8569、047-712-8570", "047-712-8569（内線3）", "なし", "市役所 047-712-8569", "+81-47-712-8569"),
    "url": (
        "www.city.ichikawa.lg.jp",
        "https://www.city.ichikawa.lg.jp/a b/日本語?x[]=1#f",
        "https://",
        "javascript:alert(1)",
        "https://a.jp:80a/",
        "https://a.jp/#a#b|<>",
        "http://a.jp;http://b.jp",
        "https://例え.jp/道（本館）",
        "なし",
    ),
    "latitude": ("35.7", "北緯35度43分", "35.72139.93", "1e5", "0", "NaN", "３５．７", "-35.7", "139.93"),
    "longitude": ("-139.9", "139,93", "0", "", "139.93 ", "東経139度", "139.93", "Infinity", "35.72"),
    "time": ("9:00", "24:00", "25:30", "午前9時", "9時〜17時", "23:59:59", "終日", "８：３０"),
    "date": ("2024/2/30", "令和6年4月1日", "2024-13-45", "未定", "S32.4.1", "2024年4月", "明治45年7月30日"),
    "integer": ("約30", "-1", "1,234", "３", "30名", "1.5", "1e3"),
    "number": ("-1.5e3", "約2", "12.5m", "１．５"),
    "email": ("a@b.jp、c@d.jp", "a＠b.jp", "a@b.jp", "なし", "a b@c.jp"),
    "corporate_number": ("1234567890123", "8000020130001", "８０００", "1.2E+12"),
    "code_municipality": ("122033", "12203", "１２２０３３", "999999", ""),
    "enum": ("無", "その他（\n）", "", "○", "?"),
    "flag": ("有", "○", "1", "×", "一部"),
}
ROWS = 12
OTHERS = (("data.ttl", "turtle"), ("data.jsonld", "json-ld"), ("data.rdf", "xml"))
TYPED = frozenset({"phone", "url", "latitude", "longitude", "time", "date", "email"})
ADDRESS = re.compile(  # RFC 3987, less what nobody writes
    r"[A-Za-z][A-Za-z0-9+.-]*:(?://[^\s/?#\[\]@:]+(?::[0-9]*)?)?(?P<path>[^\s?#\[\]<>\"{}|\\^`]*)"
    r"(?:\?[^\s#\[\]<>\"{}|\\^`]*)?(?:#[^\s#\[\]<>\"{}|\\^`]*)?"
)
STRANGE = re.compile("[\x00-\x20\x7f-\x9f\u200e\u200f\u202a-\u202e\ue000-\uf8ff\U000e0000-\U000e0fff]|%(?![0-9A-F]{2})")
STANDARDS = [name for name in standards() if load_schema(current_schema(name)).kind == "recommended"]
WHOLE = frozenset({"event", "public_wireless_lan"})
"""Those checked in every syntax, and with the SHACL shapes; for the others this would only take time."""


def rows_of(schema: TableSchema) -> Iterator[list[str]]:
    for number in range(ROWS):
        texts = (AWKWARD.get(field.meaning, ("", "文字\r\n列", 'a"b\\c')) for field in schema.fields)
        yield [several[number % len(several)] for several in texts]


def built(standard: str, folder: Path) -> Package:
    """A package of a table whose every column holds awkward values."""
    shutil.copy(ROOT / "publish.toml", folder)
    place = folder / "datapackages" / "122033" / standard
    place.mkdir(parents=True)
    said = f'title = "困った表"\nstandard = "{standard}"\n[source]\npath = "a.csv"\n'
    (place / "dataset.toml").write_text(said, encoding="utf-8")
    schema = load_schema(current_schema(standard))
    with (place / "a.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([schema.names, *rows_of(schema)])
    made = load_project(folder)
    package, _, _ = build(made.dataset(f"122033/{standard}"), made)
    return package


@pytest.mark.parametrize("standard", STANDARDS)
def test_an_awkward_table_makes_right_rdf_or_none(standard: str, tmp_path: Path) -> None:
    package = built(standard, tmp_path)
    write_rdf(package, BASE, [*FORMATS.values()])
    (table,) = package.tables
    graph = Graph().parse(package.folder / "data.nt", format="nt")
    for name, syntax in OTHERS if standard in WHOLE else ():
        assert set(parse((package.folder / name).read_bytes(), syntax)[0]) == set(graph), name
    assert [literal for literal in graph.objects() if isinstance(literal, Literal) and literal.ill_typed] == []
    assert [address for address in addresses(graph) if not is_address(address)] == []
    assert "http://data.e-stat.go.jp/lod/sac/C99999" not in addresses(graph)
    assert (check_graph if standard in WHOLE else check_terms)(graph) == ()
    things = set(graph.subjects(DCTERMS.isPartOf, URIRef(f"{BASE}122033/{standard}")))
    assert len(things) == len(table.rows)
    assert unreported(table, graph) == []
    assert all(20 <= float(str(value)) <= 46 for value in graph.objects(None, IC.緯度))
    assert all(122 <= float(str(value)) <= 154 for value in graph.objects(None, IC.経度))


def addresses(graph: Graph) -> set[str]:
    return {str(term) for triple in graph for term in triple if isinstance(term, URIRef)}


def is_address(text: str) -> bool:
    """Whether any engine takes this for an IRI, and leaves it as it is."""
    found = ADDRESS.fullmatch(text)
    return bool(found) and not STRANGE.search(text) and not {".", ".."} & set(found["path"].split("/") if found else ())


def unreported(table: CleanTable, graph: Graph) -> list[tuple[str, str]]:
    """The cells with a value of a kind that RDF is strict about, of which neither the RDF nor an Issue speaks."""
    said = {str(value) for value in graph.objects()}
    reported = {issue.where.field for issue in table.issues}
    return [
        (field.name, cell)
        for place, field in enumerate(table.schema.fields)
        if field.meaning in TYPED and field.name not in reported
        for cell in dict.fromkeys(row[place] for row in table.rows)
        if cell and not said.intersection(spellings(cell))
    ]


def spellings(cell: str) -> Iterable[str]:
    """How a cell may stand in RDF."""
    return {cell, f"{cell}:00", "00:00:00" if cell == "24:00" else cell, *cell.split(" / "), cell.replace(" ", "%20")}
