"""Bytes -> Facts: sniff, then the reader for what it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from odkit.errors import SourceError
from odkit.model import Conform, Conformance, Look, Row, Standard
from odkit.score.archive import is_error_root, parse_xml
from odkit.score.blob import Blob
from odkit.score.columns import columns_of
from odkit.score.csvw import read_sidecar
from odkit.score.documents import asks_to_log_in, error_text, html_error, pdf_kind
from odkit.score.facts import Facts, Grid, Layout
from odkit.score.graph import BY_BEGINNING, read_graph, read_statements
from odkit.score.layout import find_layout, is_plain, plain_layout
from odkit.score.markup import html_tables, word_tables
from odkit.score.opendocument import read_opendocument
from odkit.score.records import read_json
from odkit.score.sniff import SMALL, declared_format, is_container, sniff
from odkit.score.text import decode, find_coding, garbled_places, read_table
from odkit.score.workbook import read_workbook, seen_grid

PROSE_LENGTH = 30
LONGEST_NAME = 200
"""Characters of a heading that are looked at: no layout has longer names, but a broken file may."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Served:
    """How a file reached us: its licence as it is stated, what the server said (`failure`: why it said
    nothing), and its CSVW metadata if it has any.
    """

    licence: str = ""
    status: int = 200
    content_type: str = ""
    failure: str = ""
    sidecar: bytes = b""

    @property
    def delivered(self) -> bool:
        """Whether what came is the file; the text of an error is none, whatever it looks like."""
        return not self.failure and 200 <= self.status < 300


def gather(name: str, blob: Blob, served: Served, conform: Conform | None = None, look: Look | None = None) -> Facts:
    """Everything the checks need to know of one file. Never raises for bad content: `broken` and `unread` say why."""
    blob = blob if served.delivered else Blob(b"")
    facts = Facts(
        name=name,
        size=blob.size,
        format=sniff(_telling(blob), name),
        declared=declared_format(name),
        licence=served.licence,
        status=served.status,
        content_type=served.content_type,
        failure=served.failure,
        conform=conform,
    )
    reader = READERS.get(facts.format)
    try:
        found = reader(facts, blob) if reader else _seen(facts, blob, look) if look else facts
        if found.grids and not found.delimiter:
            found = replace(found, conformance=_conformance(found, found.grids[0]))
        return read_sidecar(found, served.sidecar)
    except SourceError as error:
        return unreadable_facts(facts, error)


def unreadable_facts(facts: Facts, error: SourceError) -> Facts:
    """The facts of a file that is broken, or was not read for its own good."""
    kind = error.details["kind"]
    if kind != "broken":
        return replace(facts, unread=kind)
    return replace(facts, broken=kind, fault=(error.details.get("place", ""), error.details.get("text", "")))


def _telling(blob: Blob) -> bytes:
    """As much of a file as tells what it is: a container is looked into, of a large text the beginning will do."""
    head = blob.head(SMALL + 1)
    return blob.data() if is_container(head) or not head.strip() else head


def _conformance(facts: Facts, grid: Grid) -> Conformance | None:
    """How a table stands to the layout that its headings show."""
    standard = _standard(facts, grid.layout)
    if standard is None:
        return None
    counts, wrong = [column.counts for column in grid.columns], [column.wrong for column in grid.columns]
    return standard.measure(counts, len(grid.layout.data), wrong)


def _standard(facts: Facts, layout: Layout) -> Standard | None:
    return facts.conform([heading[:LONGEST_NAME] for heading in layout.headings]) if facts.conform else None


def _delimited(facts: Facts, blob: Blob) -> Facts:
    coding = find_coding(blob)
    delimiter, rows, measures, quoted = read_table(coding, "\t" if facts.format == "tsv" else ",")
    grid = plain_grid(rows, facts) or _grid(rows, facts, find_layout(rows, fixed_width=True, measures=measures))
    wrong = garbled_places(coding)
    return tabled(facts, grid, encoding=coding.encoding, delimiter=delimiter, wrong=wrong, quoted=quoted)


def tabled(
    facts: Facts,
    grid: Grid,
    *,
    encoding: str,
    delimiter: str,
    wrong: tuple[tuple[str, str], ...] = (),
    quoted: bool = True,
) -> Facts:
    """The facts with the table of a text, and how that is written; `wrong` are its garbled lines."""
    layout = grid.layout
    bare = layout.width == 1 and not layout.data
    return replace(
        facts,
        encoding=encoding,
        garbled=wrong or _lost(grid),
        error_page=error_text(layout.headings[0]) if bare and layout.headings else "",
        delimiter=delimiter,
        grids=(grid,),
        structure="empty" if not layout.width else "prose" if _is_prose(grid) else "",
        broken="" if quoted else "quotes",
        conformance=_conformance(facts, grid),
    )


def _grid(rows: Sequence[Row], facts: Facts, layout: Layout) -> Grid:
    return Grid(rows=rows, layout=layout, columns=columns_of(rows, layout, _standard(facts, layout), facts.size))


def plain_grid(rows: Sequence[Row], facts: Facts) -> Grid | None:
    """The table where it is one row of headings over as many rows of data: it need not be measured then."""
    layout = plain_layout(rows)
    grid = _grid(rows, facts, layout) if layout else None
    return grid if grid and is_plain(grid.columns, len(grid.layout.data)) else None


def _lost(grid: Grid) -> tuple[tuple[str, str], ...]:
    """The heading where its characters were lost on saving: at least two headings are question marks alone."""
    lost = [heading for heading in grid.layout.headings if len(heading) > 1 and not heading.strip("?")]
    return ((grid.place(grid.layout.header[0]), ",".join(lost)[:40]),) if len(lost) > 1 else ()


def _is_prose(grid: Grid) -> bool:
    """One column of sentences: text that only calls itself a table."""
    if grid.layout.width > 1 or not grid.layout.data:
        return False
    texts = [row[0] for row in grid.rows if row and row[0].strip()]
    sentences = sum(1 for text in texts if "。" in text or len(text) > PROSE_LENGTH)
    return sentences * 2 > len(texts)


def _text(facts: Facts, blob: Blob) -> Facts:
    """A text of no known kind: a table where its lines fall into cells, else plain text."""
    found = _delimited(facts, blob)
    layout = found.grids[0].layout
    if layout.width > 1 and layout.data and layout.ragged_count * 5 < len(layout.data):
        return replace(found, format="tsv" if found.delimiter == "\t" else "csv")
    return replace(facts, format="txt")


def _workbook(facts: Facts, data: bytes) -> Facts:
    return _with_sheets(facts, read_workbook(data))


def _with_sheets(facts: Facts, grids: tuple[Grid, ...]) -> Facts:
    if any(grid.rows for grid in grids):
        return replace(facts, grids=grids)
    return replace(facts, grids=grids, structure="image-only" if grids else "empty")


def _seen(facts: Facts, blob: Blob, look: Look) -> Facts:
    """An old workbook, by the eyes of who knows it. What is damaged to these may yet open in Excel: not looked into."""
    if facts.format != "xls":
        return facts
    try:
        sheets = look(blob.data(), facts.name)
    except SourceError as error:
        return replace(facts, unread="encrypted") if error.code == "read.password" else facts
    grids = tuple(grid for grid in map(seen_grid, sheets) if grid.rows or grid.drawings)
    return _with_sheets(facts, grids)


def _opendocument(facts: Facts, data: bytes) -> Facts:
    grids = read_opendocument(data)
    return replace(facts, grids=grids, structure="" if grids else "empty")


def _html(facts: Facts, data: bytes) -> Facts:
    text, encoding, _ = decode(data)
    grids, error = html_tables(text), html_error(text)
    # A page under the name of a data file, without a table: the server answers, but not with the data.
    if not error and facts.declared != "html" and (asks_to_log_in(text) or (facts.declared and not grids)):
        error = "html"
    return replace(facts, encoding=encoding, grids=grids, structure="" if grids else "no-table", error_page=error)


def _word(facts: Facts, data: bytes) -> Facts:
    """A docx without a table is stage 2 all the same, as the national table has it."""
    grids = word_tables(data)
    return replace(facts, grids=grids, structure="" if grids else "text")


def _xml(facts: Facts, data: bytes) -> Facts:
    root = parse_xml(data)
    said = " ".join(text.strip() for text in root.itertext() if text.strip()) if is_error_root(root) else ""
    return replace(facts, records=len(root), structure="" if len(root) else "no-records", error_page=said)


def _calendar(facts: Facts, blob: Blob) -> Facts:
    """Events are records; of tasks and free times, which also stand in calendars, nothing is asked."""
    coding = find_coding(blob)
    events = sum(1 for line in coding.lines() if line.startswith("BEGIN:VEVENT"))
    return replace(facts, encoding=coding.encoding, garbled=garbled_places(coding), records=events)


def _pdf(facts: Facts, data: bytes) -> Facts:
    return replace(facts, pdf=pdf_kind(data))


def _json(facts: Facts, data: bytes) -> Facts:
    found = read_json(facts, data)
    return read_graph(found, data) if found.format == "json-ld" else found


def _whole(reader: Callable[[Facts, bytes], Facts]) -> Callable[[Facts, Blob], Facts]:
    """A reader that needs all bytes at once."""
    return lambda facts, blob: reader(facts, blob.data())


READERS: dict[str, Callable[[Facts, Blob], Facts]] = {
    "csv": _delimited,
    "tsv": _delimited,
    "text": _text,
    "txt": _text,
    "xlsx": _whole(_workbook),
    "xlsm": _whole(_workbook),
    "ods": _whole(_opendocument),
    "html": _whole(_html),
    "docx": _whole(_word),
    "xml": _whole(_xml),
    "kml": _whole(_xml),
    "gml": _whole(_xml),
    "ics": _calendar,
    "pdf": _whole(_pdf),
    "json": _whole(_json),
    "geojson": _whole(_json),
    "json-ld": _whole(_json),
    **dict.fromkeys(BY_BEGINNING, read_statements),
    "rdfxml": _whole(read_graph),
}
