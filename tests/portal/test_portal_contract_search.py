"""package_search, the same on the embedded portal and a real CKAN."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from ckanapi.errors import SearchError, SearchQueryError

if TYPE_CHECKING:
    from tests.portal.conftest import Door


@pytest.fixture
def found(portal: Door) -> Any:
    """Three datasets and a function that says which a search finds."""
    portal.create(
        "a",
        title="岡山県 人口統計",
        notes="世帯 households",
        license_id="cc-by",
        tags=[{"name": "人口"}, {"name": "census data"}],
        extras=[{"key": "theme", "value": "人口"}],
        resources=[{"url": "http://e.example/1", "format": "CSV"}],
    )
    portal.create(
        "b",
        title="避難所一覧",
        notes="防災",
        tags=[{"name": "防災"}],
        resources=[{"url": "http://e.example/2", "format": "TTL"}],
    )
    portal.create("c", title="文化財 一覧", private=True)

    def search(**parameters: Any) -> str:
        parameters.setdefault("fq", f"organization:{portal.org}")
        answer = portal.api.action.package_search(**parameters)
        names = "".join(package["name"][-1] for package in answer["results"])
        return names if "sort" in parameters else "".join(sorted(names))

    return search


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("*:*", "ab"),
        ("", "ab"),
        ("人口", "a"),
        ("世帯", "a"),
        ("households 人口統計", "a"),
        ("households nowhere", ""),
        ('"人口統計"', "a"),
        ("title:人口統計", "a"),
        ("title:*人口*", "a"),
        ("tags:人口", "a"),
        ('tags:"census data"', "a"),
        ("tags:人口 OR tags:防災", "ab"),
        ("NOT tags:防災", "a"),
        ("-tags:防災 +res_format:CSV", "a"),
        ("tags:防災 AND (res_format:TTL OR res_format:CSV)", "b"),
        ("res_format:csv", ""),
        ("extras_theme:人口", "a"),
        ("license_id:cc-by", "a"),
        ("bogus:x", ""),
        ("id:*", "ab"),
        ("theme:人口", "a"),
        ("dataset_type:dataset", "ab"),
        ("capacity:public", "ab"),
        ("metadata_modified:[2020-01-01T00:00:00Z TO *]", "ab"),
        ("metadata_modified:[NOW-1DAY TO NOW+1DAY] -tags:防災", "a"),
        ("metadata_modified:[* TO NOW/DAY-1YEAR]", ""),
        ("metadata_created:{2020-01-01T00:00:00Z TO 2020-02-01T00:00:00Z}", ""),
        ("name:[zzzz TO *] OR tags:防災", "b"),
    ],
)
def test_queries(found: Any, query: str, names: str) -> None:
    assert found(q=query) == names


def test_filters_sorting_and_pages(portal: Door, found: Any) -> None:
    assert found(fq=f"organization:{portal.org} tags:防災") == "b"
    assert found(fq=f"+organization:{portal.org} -tags:防災") == "a"
    assert found(fq=f"name:{portal.name('a')}") == "a"
    assert found(fq=f'name:"{portal.name("a")}"') == "a"
    assert found(fq=f"name:({portal.name('a')} OR {portal.name('b')})") == "ab"
    assert found(q=f"name:{portal.prefix}*") == "ab"
    assert found(sort="name asc") == "ab"
    assert found(sort="name desc") == "ba"
    assert found(sort="metadata_modified asc") == "ab"
    assert found(rows=1) == "b"
    assert found(rows=1, start=1) == "a"
    assert found(rows=0) == ""


def test_private_datasets_are_found_on_request_only(portal: Door, found: Any) -> None:
    assert found(include_private=True, sort="name asc") == "abc"
    assert found(include_private="true", q="private:true") == "c"
    answer = portal.anonymous.action.package_search(fq=f"organization:{portal.org}", include_private=True)
    assert answer["count"] == 2


def test_facets_count(portal: Door, found: Any) -> None:
    fields = ["organization", "tags", "res_format", "license_id", "groups"]
    for given in (fields, json.dumps(fields)):
        answer = portal.api.action.package_search(fq=f"organization:{portal.org}", **{"facet.field": given})
        assert answer["facets"] == {
            "organization": {portal.org: 2},
            "tags": {"人口": 1, "census data": 1, "防災": 1},
            "res_format": {"CSV": 1, "TTL": 1},
            "license_id": {"cc-by": 1},
            "groups": {},
        }
    assert answer["search_facets"]["organization"] == {
        "title": "organization",
        "items": [{"name": portal.org, "display_name": "架空県", "count": 2}],
    }
    assert answer["search_facets"]["license_id"]["items"][0]["display_name"] == "Creative Commons Attribution"
    assert found(**{"facet.field": ["tags"], "facet.limit": 1}) == "ab"


def test_searches_answer_whole_datasets(portal: Door, found: Any) -> None:
    answer = portal.api.action.package_search(q=f"name:{portal.name('a')}")
    assert set(answer) == {"count", "facets", "results", "sort", "search_facets"}
    assert (answer["count"], answer["facets"], answer["sort"]) == (1, {}, "score desc, metadata_modified desc")
    assert set(answer["results"][0]) == portal.package_keys | {"license_url"}
    (short,) = portal.api.action.package_search(q=f"name:{portal.name('a')}", fl=["name", "title"])["results"]
    assert short == {"name": portal.name("a"), "title": "岡山県 人口統計"}


def test_searches_that_cannot_be(portal: Door) -> None:
    assert portal.error("package_search", rows=-1)[1] == {
        "rows": ["Must be a natural number"],
        "__type": "Validation Error",
    }
    assert portal.error("package_search", rows="abc")[1]["rows"] == ["Invalid integer", "Please enter an integer value"]
    assert portal.error("package_search", start=-1)[1]["start"] == ["Must be a natural number"]
    status, error = portal.error("package_search", bogus=1)
    assert (status, error["__type"]) == (400, "Search Query Error")
    with pytest.raises(SearchQueryError):
        portal.api.action.package_search(sort="name")
    with pytest.raises(SearchError):
        portal.api.action.package_search(q="title:(")
    with pytest.raises(SearchError):
        portal.api.action.package_search(q="metadata_modified:[yesterday TO *]")
    wrong = portal.error("package_search", **{"facet.field": "organization"})
    assert wrong[1]["facet.field"] == ["Could not parse as valid JSON", "Not a list"]
