"""Rows -> RDF: odkit beside other engines, on the same rows and the same statements, in one run; ratios count.

    python bench/rdf.py                      100,000 rows; the peers that are installed
    python bench/rdf.py --rows 1000000 --only odkit
    python bench/rdf.py --with rdflib        also rdflib's graph (minutes, gigabytes)

The statements are those of the mapping of 公衆無線LANアクセスポイント一覧 that RML can say, so that every engine makes
the same; `odkit, whole mapping` adds the rest. RML knows no condition: morph-kgc, and
pyoxigraph's generator like it, also write the parts whose cells are all empty, 67.9 statements a row (tarka-rdf 63.6,
odkit 62.5). Each run is a process of its own: wall seconds of the engine's work, from the CSV to the file, and the peak
memory of the process; the median of `--times` runs taken in turns.

Peers: pip install --group engines (morph-kgc, pyoxigraph, tarka-rdf), into the Python that ODKIT_TEST_ENGINES names if
it is set.
"""

from __future__ import annotations

import argparse
import csv
import gc
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from measure import having, in_turns, peak, python

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from odkit.model import DatasetSpec, Licence, Publisher, SourceSpec  # noqa: E402 - found beside this file
from odkit.project import load_schema, municipalities  # noqa: E402
from odkit.rdf.compile import compile_writer  # noqa: E402
from odkit.rdf.dataset import dataset_address  # noqa: E402
from odkit.rdf.formats import N_TRIPLES, TURTLE, Format, rdf_blocks, row_naming, row_tree, syntax_of  # noqa: E402
from odkit.rdf.mapping import Mapping, find_mapping  # noqa: E402
from odkit.rdf.ontology import namespaces  # noqa: E402
from odkit.rdf.reading import ROWS_PER_BLOCK  # noqa: E402
from odkit.rdf.rml import export_mapping, sayable  # noqa: E402
from odkit.rdf.subject import subject_namer  # noqa: E402
from odkit.rdf.terms import Iri, expand  # noqa: E402
from odkit.rdf.tree import Node, Slot  # noqa: E402

BASE = "https://opendata.pref.chiba.lg.jp/id/"
SCHEMA = "public_wireless_lan.v2"
SPEC = DatasetSpec(
    id="120006/public_wireless_lan",
    name="public_wireless_lan",
    title="公衆無線LANアクセスポイント一覧",
    title_en="Public wireless LAN",
    description="",
    description_en="",
    publisher=Publisher(code="120006", name="chiba", title="千葉県", title_en="Chiba Prefecture"),
    source=SourceSpec(path=Path("wifi.csv")),
    standard="public_wireless_lan",
    licence=Licence(id="CC-BY-4.0", title="", url="https://creativecommons.org/licenses/by/4.0/", open=True),
    encoding="utf-8",
    update_cycle="yearly",
)
COLUMNS = load_schema(SCHEMA).names
SHORT = tuple(f"c{place}" for place in range(len(COLUMNS)))
"""The columns' names for the engines whose variables take no brackets."""
Row = Sequence[str]


def make_rows(count: int) -> Iterator[list[str]]:
    """Made-up access points, the same on every run; some cells are empty, some need escaping."""
    choice, places = random.Random(7), [item for item in municipalities().values() if item.kind != "県"]  # noqa: S311
    notes = ("", "", "停電時は「00000JAPAN」を開放します。", '受付で"Wi-Fi利用申込書"を記入', "1回60分\n1日3回まで")
    for number in range(count):
        place = choice.choice(places)
        town, block = (
            choice.choice(("本町", "中央", "栄町", "緑が丘")),
            f"{choice.randrange(1, 90)}-{choice.randrange(1, 30)}",
        )
        cells = {
            "全国地方公共団体コード": place.code,
            "ID": f"W{number:08d}",
            "地方公共団体名": f"千葉県{place.name}",
            "名称": f"{place.name}{town}公民館",
            "名称_カナ": "コウミンカン",
            "名称_英語": f"Community Center {number}" if number % 3 else "",
            "所在地_全国地方公共団体コード": place.code,
            "町字ID": f"{choice.randrange(9999999):07d}",
            "所在地_連結表記": f"千葉県{place.name}{town}{block}",
            "所在地_都道府県": "千葉県",
            "所在地_市区町村": place.name,
            "所在地_町字": town,
            "所在地_番地以下": block,
            "緯度": f"{35 + choice.random():.6f}",
            "経度": f"{140 + choice.random():.6f}",
            "設置者": f"{place.name}役所",
            "電話番号": f"(04{choice.randrange(3, 8)}){choice.randrange(200, 999)}-{choice.randrange(1000, 9999)}",
            "郵便番号": f"{choice.randrange(2600000, 2999999)}",
            "SSID": "Chiba_Free_Wi-Fi",
            "提供エリア": "1階ロビー周辺",
            "URL": f"https://www.city.{place.code}.lg.jp/facility/{number}.html" if number % 7 else "",
            "備考": choice.choice(notes),
        }
        yield [cells.get(name, "") for name in COLUMNS]


def read_rows(path: str) -> Iterator[tuple[str, ...]]:
    """The rows of a CSV, as odkit's journey carries them."""
    with Path(path).open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        yield from map(tuple, rows)


def mapping() -> Mapping:
    """The mapping of the dataset."""
    found = find_mapping(SCHEMA)
    assert found
    return found


def tree() -> Node:
    """The statements that every engine makes."""
    return sayable(row_tree(SPEC, mapping(), COLUMNS, BASE))


def address() -> str:
    """What the rows' addresses begin with."""
    return f"{dataset_address(SPEC, BASE)}/"


# --- the engines: each writes `target` from the CSV `source`


def odkit(kind: Format, source: str, target: str) -> None:
    """The statements that all make, by odkit."""
    naming, place = row_naming(subject_namer(mapping().subjects, COLUMNS), address()), 0 if kind is TURTLE else 1
    syntax = syntax_of(kind, tree(), (), BASE)
    write = compile_writer(syntax, tree(), len(COLUMNS), lambda row: naming([row])[place][0])
    save(target, syntax.start(address()).encode(), write(read_rows(source)))


def odkit_whole(kind: Format, source: str, target: str) -> None:
    """The whole mapping, as `odkit rdf` writes it."""
    save(target, b"", rdf_blocks(kind, SPEC, mapping(), COLUMNS, BASE)(read_rows(source)))


def save(target: str, start: bytes, blocks: Iterator[bytes]) -> None:
    """Write blocks as odkit does, many at a time."""
    gc.disable()  # as the journey does while rows stream
    with Path(target).open("wb") as file:
        file.write(start)
        while data := b"".join(islice(blocks, ROWS_PER_BLOCK)):
            file.write(data)


def morph_kgc(_: Format, source: str, target: str) -> None:
    """The exported RML by morph-kgc, in one process; it writes N-Triples."""
    import morph_kgc as engine  # noqa: PLC0415 - the library of this process alone

    spaces = namespaces(BASE)
    exported = export_mapping(row_tree(SPEC, mapping(), COLUMNS, BASE), COLUMNS, address() + "{ID}", source, spaces)
    rules = Path(target).with_suffix(".rml.ttl")
    rules.write_text(exported.rml, encoding="utf-8")
    config = Path(target).with_suffix(".ini")
    config.write_text(
        f"[CONFIGURATION]\noutput_file={target}\nnumber_of_processes=1\nlogging_level=ERROR\n[d]\nmappings={rules}\n"
    )
    subprocess.run([sys.executable, "-m", engine.__name__, str(config)], check=True, stdout=subprocess.DEVNULL)


def pyoxigraph(kind: Format, source: str, target: str) -> None:
    """A generator of statements into pyoxigraph's serializer."""
    import pyoxigraph as ox  # noqa: PLC0415

    triples = statements(
        source, ox.NamedNode, lambda text, lang, datatype: ox.Literal(text, language=lang, datatype=datatype)
    )
    made = (ox.Triple(*triple) for triple in triples)
    ox.serialize(made, target, kind.media_type)


def rdflib(kind: Format, source: str, target: str) -> None:
    """A graph in memory, serialized: what a user would write first."""
    import rdflib as lib  # noqa: PLC0415

    graph = lib.Graph()
    for triple in statements(
        source, lib.URIRef, lambda text, lang, datatype: lib.Literal(text, lang=lang, datatype=datatype)
    ):
        graph.add(triple)
    graph.serialize(target, format="turtle" if kind is TURTLE else "nt", encoding="utf-8")


def statements(
    source: str, iri: Callable[[str], object], literal: Callable[..., object]
) -> Iterator[tuple[object, ...]]:
    """The statements as objects of a library; what does not change is made once."""
    spaces = namespaces(BASE)
    plan = []
    rdf_type = iri(expand("rdf:type", spaces))
    for node in tree().walk():
        fixed = [(rdf_type, iri(expand(name, spaces))) for name in node.types]
        fixed += [
            (iri(expand(name, spaces)), iri(term.text) if isinstance(term, Iri) else literal(term.text, None, None))
            for name, term in node.constants
        ]
        slots = [(iri(expand(slot.predicate, spaces)), slot, datatype(slot, iri)) for slot in node.slots]
        links = [(iri(expand(child.predicate, spaces)), f"#{child.fragment}") for child in node.children.values()]
        plan.append((f"#{node.fragment}" if node.fragment else "", fixed, slots, links))
    key = COLUMNS.index("ID")
    for row in read_rows(source):
        subject = address() + row[key]
        for fragment, fixed, slots, links in plan:
            here = iri(subject + fragment)
            for predicate, value in fixed:
                yield here, predicate, value
            for predicate, slot, kind in slots:
                text = cell(slot, row)
                if text:
                    lang = slot.language or None
                    yield here, predicate, iri(text) if slot.kind == "@id" else literal(text, lang, kind)
            for predicate, end in links:
                yield here, predicate, iri(subject + end)


def datatype(slot: Slot, iri: Callable[[str], object]) -> object:
    """The datatype of a slot's literals, None where they have none."""
    plain = slot.kind in {"", "@id"} or slot.language
    return None if plain else iri(expand(slot.kind, namespaces(BASE)))


def cell(slot: Slot, row: Row) -> str:
    """A slot's text, as RML copies it."""
    text = row[slot.recipe.columns[0]]
    if not slot.recipe.template or not text:
        return text
    filled = slot.recipe.template.replace("{値}", text)
    for place, name in zip(slot.recipe.columns, slot.recipe.names, strict=True):
        filled = filled.replace(f"{{{name}}}", row[place])
    return filled


def tarka(_: Format, source: str, target: str) -> None:
    """The same as a TARQL query, by tarka."""
    import tarka_rdf  # noqa: PLC0415

    tarka_rdf.Mapping.tarql(tarql()).run_csv(f"{source}.short.csv", target)


def tarql() -> str:
    """The mapping as a CONSTRUCT over the columns c0, c1 …"""
    spaces = namespaces(BASE)
    triples, binds = [], []
    for number, node in enumerate(tree().walk()):
        end = f"#{node.fragment}" if node.fragment else ""
        binds.append(f'BIND(IRI(CONCAT("{address()}", ?c{COLUMNS.index("ID")}, "{end}")) AS ?n{number})')
        triples += [f"?n{number} a {name} ." for name in node.types]
        for name, term in node.constants:
            triples.append(
                f"?n{number} {name} " + (f"<{term.text}>" if isinstance(term, Iri) else f'"{term.text}"') + " ."
            )
        for child in node.children.values():
            triples.append(f"?n{number} {child.predicate} ?n{[*tree_fragments()].index(child.fragment)} .")
        for place, slot in enumerate(node.slots):
            variable = f"?v{number}_{place}"
            binds.append(f"BIND({expression(slot)} AS {variable})")
            triples.append(f"?n{number} {slot.predicate} {variable} .")
    prefixes = "".join(f"PREFIX {prefix}: <{space}>\n" for prefix, space in spaces.items())
    return f"{prefixes}CONSTRUCT {{\n" + "\n".join(triples) + "\n} WHERE {\n" + "\n".join(binds) + "\n}\n"


def tree_fragments() -> Iterator[str]:
    """The fragments of the nodes, in the order of the walk."""
    return (node.fragment for node in tree().walk())


def expression(slot: Slot) -> str:
    """A slot's value in SPARQL."""
    value = f"?c{slot.recipe.columns[0]}"
    if slot.recipe.template:
        first, second = slot.recipe.columns
        value = f'CONCAT("POINT(", ?c{first}, " ", ?c{second}, ")")'
    if slot.kind == "@id":
        return f"IRI({value})"
    if slot.language:
        return f'STRLANG({value}, "{slot.language}")'
    return f"STRDT({value}, {slot.kind})" if slot.kind else value


ENGINES: dict[str, tuple[str, Callable[[Format, str, str], None], tuple[Format, ...]]] = {
    "odkit": ("odkit", odkit, (TURTLE, N_TRIPLES)),
    "odkit, whole mapping": ("odkit", odkit_whole, (TURTLE, N_TRIPLES)),
    "tarka-rdf": ("tarka_rdf", tarka, (TURTLE, N_TRIPLES)),
    "pyoxigraph": ("pyoxigraph", pyoxigraph, (TURTLE, N_TRIPLES)),
    "morph-kgc": ("morph_kgc", morph_kgc, (N_TRIPLES,)),
    "rdflib": ("rdflib", rdflib, (TURTLE, N_TRIPLES)),
}
"""Name -> the module it needs, the function, and what it writes."""
PYTHON = os.environ.get("ODKIT_TEST_ENGINES") or sys.executable
"""The Python that has the engines: where they do not get on with odkit's own libraries, one of their own."""
Medians = dict[tuple[str, str], tuple[float, float]]
TARGETS = {  # peer: (Turtle, N-Triples): odkit takes at most this part of the peer's time
    "morph-kgc": (1 / 15, 1 / 10),
    "pyoxigraph": (1 / 3, 1 / 1.5),
    "tarka-rdf": (1 / 2, 1.0),
}


def race(rows: int, times: int, names: Sequence[str]) -> Medians:
    """Run every engine in turns: the median seconds and peak MiB of each, by its name and what it writes."""
    with tempfile.TemporaryDirectory() as folder:
        source = f"{folder}/wifi.csv"
        for path, heading in ((source, COLUMNS), (f"{source}.short.csv", SHORT)):
            with Path(path).open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([heading])
                csv.writer(file).writerows(make_rows(rows))
        wanted = [(name, kind) for name in names for kind in ENGINES[name][2]]
        tools = {
            f"{name}\t{kind.name}": python(
                *("rdf.py", "--run", name, kind.name, source, f"{folder}/out.{kind.extension}"), interpreter=PYTHON
            )
            for name, kind in wanted
        }
        found = in_turns(tools, times)
    keys = {tool: (*tool.split("\t"),) for tool in tools}
    return {(name, kind): (found[tool]["seconds"], found[tool]["mib"]) for tool, (name, kind) in keys.items()}


def ratios(medians: Medians) -> Iterator[tuple[str, str, float, float]]:
    """odkit's part of each peer's time: the peer, what is written, the part, and the most that it should be."""
    for name, targets in TARGETS.items():
        for kind, target in zip((TURTLE, N_TRIPLES), targets, strict=True):
            ours = medians.get(("odkit", kind.name))
            theirs = medians.get((name, kind.name)) or medians.get((name, N_TRIPLES.name))
            if ours and theirs:
                yield name, kind.name, ours[0] / theirs[0], target


def here() -> list[str]:
    """The engines that are installed."""
    installed = having((library for library, _, _ in ENGINES.values()), PYTHON)
    return [name for name, (library, _, _) in ENGINES.items() if library in installed]


def report(rows: int, medians: Medians) -> None:
    """The medians, and odkit's part of each peer's time beside the target."""
    print(f"{rows:,} rows: seconds / peak MiB")
    for (name, kind), (seconds, mib) in medians.items():
        print(f"{name:22} {kind:9} {seconds:8.2f} {mib:8.0f}")
    for name, kind, part, target in ratios(medians):
        print(f"{kind}: odkit takes {part:.3f} of {name}'s time (target {target:.3f})")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--only", nargs="*", choices=list(ENGINES))
    parser.add_argument("--with", dest="more", nargs="*", choices=["rdflib"], default=[])
    parser.add_argument("--run", nargs=4, help=argparse.SUPPRESS)
    wishes = parser.parse_args()
    if wishes.run:
        name, kind, source, target = wishes.run
        began = time.perf_counter()
        ENGINES[name][1](N_TRIPLES if kind == N_TRIPLES.name else TURTLE, source, target)
        print(json.dumps({"seconds": time.perf_counter() - began, "mib": peak()}))
        return
    names = [name for name in here() if name in (wishes.only or ENGINES)]
    names = [name for name in names if name != "rdflib" or "rdflib" in (*wishes.more, *(wishes.only or ()))]
    report(wishes.rows, race(wishes.rows, wishes.times, names))


if __name__ == "__main__":
    main()
