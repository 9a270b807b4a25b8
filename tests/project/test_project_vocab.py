"""Licences as portals spell them, schemas by id, heading variants."""

from __future__ import annotations

import json

import pytest

from odkit.errors import DeclarationError
from odkit.project import current_schema, find_licence, heading_aliases, load_schema, schema_descriptor, schema_ids


@pytest.mark.parametrize(
    ("spelt", "licence", "is_open"),
    [
        ("CC-BY-4.0", "CC-BY-4.0", True),
        ("cc-by-40-intl", "CC-BY-4.0", True),
        ("ＣＣ　ＢＹ　４.０", "CC-BY-4.0", True),
        ("https://creativecommons.org/licenses/by/4.0/deed.ja", "CC-BY-4.0", True),
        ("http://creativecommons.org/licenses/by/4.0/legalcode", "CC-BY-4.0", True),
        ("公共データ利用規約（第1.0版）", "PDL-1.0", True),
        ("pdl", "PDL-1.0", True),
        ("CC-BY-ND-4.0", "CC-BY-ND-4.0", False),
        ("cc by-nc 4.0", "CC-BY-NC-4.0", False),
    ],
)
def test_licences_are_known_by_their_spellings(spelt: str, licence: str, is_open: bool) -> None:
    found = find_licence(spelt)
    assert found is not None
    assert (found.id, found.open) == (licence, is_open)


@pytest.mark.parametrize("spelt", ["", "Truecc-by-40-intl", "自由にお使いください"])
def test_an_unknown_licence_is_not_guessed(spelt: str) -> None:
    assert find_licence(spelt) is None


def test_every_schema_parses_and_is_found_by_its_name() -> None:
    for schema_id in schema_ids():
        schema = load_schema(schema_id)
        assert schema_id == f"{schema.name}.{schema.version}"
        versions = [item for item in schema_ids() if load_schema(item).name == schema.name]
        assert current_schema(schema.name) == max(versions)
        assert current_schema(schema_id) == schema_id
        assert len(set(schema.names)) == len(schema.fields)


def test_an_unknown_standard_lists_the_known_ones() -> None:
    with pytest.raises(DeclarationError) as caught:
        current_schema("xyz")
    assert "cultural_property" in caught.value.text("en")
    with pytest.raises(DeclarationError):
        load_schema("toilets.v1")


def test_headings_of_one_standard_win_over_the_general_ones() -> None:
    aliases = heading_aliases("public_wireless_lan")
    assert aliases["住所"] == "所在地_連結表記"
    assert heading_aliases("no_such_standard")["住所"] == aliases["住所"]


@pytest.mark.parametrize("schema_id", schema_ids())
def test_numbers_of_schemas_are_whole(schema_id: str) -> None:
    """So are those of a package's descriptor, which has no others, then: `seal_package` relies on it."""
    text = json.dumps(schema_descriptor(schema_id))
    assert json.loads(text, parse_float=lambda number: pytest.fail(f"a fraction: {number}"))
