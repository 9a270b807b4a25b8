"""A whole portal: CKAN's API and data eye's, served by a loopback server; and the embedded portal as it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from odkit.cli import main
from odkit.errors import PortalStop
from odkit.score import fetch as fetching
from odkit.score.portal import Budget, score_portal, stages

if TYPE_CHECKING:
    from tests.score.conftest import Answer, Site

TABLE = "名称,住所\nA館,市川市\nB館,船橋市\n"
ROOT = "/api/3/action/"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "PAUSE", 0.0)


def resource(url: str, **more: str) -> dict[str, str]:
    return {"url": url, "name": url.rpartition("/")[2], "format": "CSV", **more}


def package(name: str, owner: str, *resources: dict[str, str], **more: str) -> dict[str, Any]:
    organization = {"name": owner, "title": {"ichikawa": "市川市", "funabashi": "船橋市"}[owner]}
    body = {"id": f"id-{name}", "name": name, "title": f"題 {name}", "license_id": "CC-BY-4.0"}
    return {**body, "organization": organization, "resources": list(resources), **more}


def envelope(result: Any) -> str:
    return json.dumps({"success": True, "result": result})


def ckan(site: Site, packages: list[dict[str, Any]], root: str = ROOT, page: int = 2) -> None:
    """An API that answers in pages of `page`, whatever it is asked for."""
    listing = sorted(packages, key=lambda item: str(item["name"]))

    def search(path: str) -> str:
        asked = parse_qs(urlsplit(path).query)
        wanted = asked.get("fq", [""])[0].removeprefix("organization:").strip('"')
        found = [item for item in listing if wanted in ("", item["organization"]["name"])]
        start = int(asked.get("start", ["0"])[0])
        rows = min(page, int(asked["rows"][0]))
        return envelope({"count": len(found), "results": found[start : start + rows]})

    def answer(_: dict[str, str]) -> Answer:
        return site.answer(search(site.asked[-1]))

    site.answers[f"{root}package_search"] = answer


def fill(site: Site) -> None:
    site.serve("/f/a.csv", TABLE)
    site.serve("/f/a.pdf", "%PDF-1.4 /Font")
    site.serve("/f/b.csv", f"題\n{TABLE}".replace(",", ",x,"))
    ckan(
        site,
        [
            package("a", "ichikawa", resource(f"{site.url}/f/a.pdf"), resource("/f/a.csv", hash="1")),
            package("b", "ichikawa", resource(f"{site.url}/f/b.csv"), license_id="cc-by-nc"),
            package("c", "funabashi", resource(f"{site.url}/f/gone.csv")),
            package("d", "funabashi"),
            package("e", "funabashi", resource("ftp://old.example/x.csv")),
        ],
    )


def test_every_dataset_by_its_best_file(site: Site) -> None:
    fill(site)
    found = score_portal(site.url)
    assert [(item.dataset.name, item.score.level if item.score else "-") for item in found] == [
        ("a", 3),
        ("b", 0),
        ("c", 0),
        ("d", "-"),
        ("e", None),
    ]
    assert found[0].score is not None
    assert dict(found[0].score.resources) == {site.url + "/f/a.pdf": 1, site.url + "/f/a.csv": 3}
    assert stages(found) == {"市川市": {"0": 1, "3": 1}, "船橋市": {"0": 2, "?": 1}}


def test_one_organisation_and_a_limit(site: Site) -> None:
    fill(site)
    names = [item.dataset.name for item in score_portal(site.url, "funabashi")]
    assert names == ["c", "d", "e"]
    assert [item.dataset.name for item in score_portal(site.url, budget=Budget(datasets=1))] == ["a"]


def test_data_eye(site: Site) -> None:
    site.serve("/resource_download/1", TABLE, Content_Disposition='attachment; filename="a.csv"')
    ckan(site, [package("6", "ichikawa", resource(f"{site.url}/resource_download/1"))], root="/ckan_api/")
    found = score_portal(site.url)
    assert [(item.dataset.name, item.score and item.score.level) for item in found] == [("6", 3)]


def test_an_api_with_lists_alone(site: Site) -> None:
    site.serve("/f/a.csv", TABLE)
    site.serve("/ckan_api/package_list", envelope(["a"]))
    site.serve("/ckan_api/package_show", envelope(package("a", "ichikawa", resource("/f/a.csv"))))
    assert [item.score and item.score.level for item in score_portal(site.url)] == [3]


def test_an_api_that_gives_the_same_page_for_ever(site: Site) -> None:
    site.serve("/f/a.csv", TABLE)
    one = package("a", "ichikawa", resource("/f/a.csv"))
    site.serve(f"{ROOT}package_search", envelope({"count": 9, "results": [one]}))
    assert [item.dataset.name for item in score_portal(site.url)] == ["a"]


@pytest.mark.parametrize("url", ["{site}", "ftp://a.example", "nonsense"])
def test_no_portal(site: Site, url: str) -> None:
    with pytest.raises(PortalStop) as raised:
        score_portal(url.format(site=site.url))
    assert (raised.value.code, raised.value.exit_code) == ("score.no-portal", 3)


def test_robots_that_shut_odkit_out(site: Site) -> None:
    fill(site)
    site.serve("/robots.txt", "User-agent: odkit\nDisallow: /\n")
    with pytest.raises(PortalStop) as raised:
        score_portal(site.url)
    assert raised.value.code == "score.portal-robots"


def test_robots_hold_for_files(site: Site) -> None:
    fill(site)
    site.serve("/robots.txt", "User-agent: *\nDisallow: /api/\nDisallow: /f/\n")
    found = score_portal(site.url, budget=Budget(datasets=1))
    assert found[0].score is not None
    assert found[0].score.level is None
    assert not any(path.startswith("/f/") for path in site.asked)


def test_what_is_unchanged_is_not_fetched_again(site: Site, tmp_path: Path) -> None:
    fill(site)
    site.serve("/f/a.pdf", "%PDF-1.4 /Font", ETag='"1"')
    budget = Budget(datasets=2, cache=tmp_path)
    first = score_portal(site.url, budget=budget)
    site.asked.clear()
    site.answers["/f/a.pdf"] = lambda headers: site.answer(status=304 if headers.get("If-None-Match") else 500)
    again = score_portal(site.url, budget=budget)
    assert again == first
    # a.csv has the portal's hash, a.pdf an ETag; b.csv has neither.
    assert [path for path in site.asked if path.startswith("/f/")] == ["/f/a.pdf", "/f/b.csv"]


def test_a_run_that_broke_off_goes_on(site: Site, tmp_path: Path) -> None:
    fill(site)
    budget = Budget(cache=tmp_path)

    def stop(name: str) -> None:
        if name == "c":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        score_portal(site.url, budget=budget, told=stop)
    site.asked.clear()
    score_portal(site.url, budget=budget)
    assert [path for path in site.asked if path.startswith("/f/")] == ["/f/gone.csv"] * 2
    site.asked.clear()
    score_portal(site.url, budget=budget)
    assert "/f/b.csv" in site.asked


def test_a_damaged_shelf_is_no_harm(site: Site, tmp_path: Path) -> None:
    fill(site)
    budget = Budget(datasets=1, cache=tmp_path)
    first = score_portal(site.url, budget=budget)
    for path in (tmp_path / "files").iterdir():
        path.write_bytes(b"damaged")
    assert score_portal(site.url, budget=budget) == first
    for path in (tmp_path / "notes").iterdir():
        path.write_bytes(b"[")
    assert score_portal(site.url, budget=budget) == first


def test_the_command(site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill(site)
    report = tmp_path / "report.html"
    with pytest.raises(SystemExit) as ended:
        main(["score", "--portal", site.url, "--html", str(report)])
    told = capsys.readouterr()
    assert ended.value.code == 0
    assert told.out.splitlines()[:2] == ["市川市: 段階0: 1 件 / 段階3: 1 件", "船橋市: 段階0: 2 件 / 未判定: 1 件"]
    assert "題 a (a)" in report.read_text(encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["score", "--portal", site.url, "--organization", "市川市"])
    assert (ended.value.code, "組織 市川市 のデータセットがありません" in capsys.readouterr().err) == (2, True)
    with pytest.raises(SystemExit):
        main(["score", "--portal", site.url, "--organization", "ichikawa", "--json"])
    content = json.loads(capsys.readouterr().out)
    assert content["stages"] == {"市川市": {"0": 1, "3": 1}}
    assert [item["name"] for item in content["datasets"]] == ["a", "b"]
    assert content["datasets"][0]["score"]["resources"] == {f"{site.url}/f/a.pdf": 1, f"{site.url}/f/a.csv": 3}
