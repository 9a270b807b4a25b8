"""What packages share is written once: filled in, it is what would be written for each of them alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odkit.model import DatasetSpec, Licence, Origin, Package, Publisher, Resource, Row
from odkit.project import load_schema
from odkit.rdf import formats
from odkit.rdf.formats import JSON_LD, N_TRIPLES, TURTLE, Format, rdf_blocks, thing_blocks
from odkit.rdf.mapping import find_mapping
from odkit.rdf.mould import kin_of
from odkit.rdf.record import package_record
from odkit.rdf.record_file import record_turtle

MakePackage = Callable[[str, Sequence[Row]], Package]
BASES = ("https://opendata.pref.chiba.lg.jp/id/", "https://data.example.lg.jp/861115309001")
WIFI = "public_wireless_lan.v2"
TEXTS = st.one_of(
    st.sampled_from(("", "", "千葉県", '"\\\n', "860005309003", "861115309000x", "\ud800", "%", "mailto:a b@c.jp")),
    st.text(max_size=5),
)
SPECS = st.fixed_dictionaries(
    {
        **dict.fromkeys(("title", "title_en", "description", "description_en", "name_on_portal"), TEXTS),
        "name": st.sampled_from(("wifi", "無線 LAN/1", "861115309001", "%", "..")),
        "update_cycle": st.sampled_from(("", "monthly", "now and then")),
        "standard": st.sampled_from((WIFI, "inferred")),
        "tags": st.lists(TEXTS, max_size=2).map(tuple),
        "licence": st.sampled_from(
            (
                Licence(
                    id="CC-BY-4.0", title="表示 4.0", url="https://creativecommons.org/licenses/by/4.0/", open=True
                ),
                Licence(id="closed", title="861115309", url="", open=False),
            )
        ),
        "publisher": st.builds(
            Publisher,
            code=st.sampled_from(("120006", "122033", "12/0", "", "1", "861115309000x")),
            name=st.just("name"),
            **dict.fromkeys(("title", "title_en", "contact_name", "contact_email", "homepage"), TEXTS),
        ),
    }
)
FILE = Resource(
    key="data-rdf",
    path="data.ttl",
    title="RDF",
    title_en="",
    format="TTL",
    media_type="text/turtle",
    bytes=0,
    sha256="",
)
FILES = st.lists(
    st.builds(lambda size, sha256: replace(FILE, bytes=size, sha256=sha256), st.integers(0, 10**12), TEXTS), max_size=2
)
origins = st.builds(Origin, location=TEXTS, sha256=TEXTS)
here = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("base", BASES)
@here
@given(said=SPECS, origin=origins, files=FILES)
def test_a_record_from_a_mould_is_the_record(
    base: str, said: dict[str, Any], origin: Origin, files: list[Resource], make_package: MakePackage
) -> None:
    package = make_package(WIFI, [])
    tables = tuple(replace(table, origin=origin) for table in package.tables)
    package = replace(package, spec=replace(package.spec, **said), tables=tables)
    alone = b"".join(thing_blocks(package_record(package, files, base), base))
    assert record_turtle(package, files, base) == alone


@pytest.mark.parametrize("kind", [TURTLE, JSON_LD, N_TRIPLES])
@pytest.mark.parametrize("base", BASES)
@here
@given(said=SPECS)
def test_a_beginning_from_a_mould_is_the_beginning(
    kind: Format, base: str, said: dict[str, Any], spec: DatasetSpec
) -> None:
    mapping, columns, own = find_mapping(WIFI), load_schema(WIFI).names, replace(spec, **said)
    assert mapping
    alone = formats._start(kind, mapping, columns, base, own)[0].encode()
    assert rdf_blocks(kind, own, mapping, columns, base).start == alone


def test_datasets_of_all_publishers_share_a_mould(spec: DatasetSpec) -> None:
    other = Publisher(code="121002", name="chiba", title="千葉市", title_en="Chiba City", homepage="https://a.jp/")
    town = replace(spec, name="aed", title="AED", publisher=other)
    assert kin_of(spec) == kin_of(town)
    assert kin_of(replace(town, publisher=replace(other, code="120006"))) != kin_of(town)
    assert kin_of(replace(town, publisher=replace(other, code="12/0"))) is None
