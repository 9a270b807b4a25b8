"""publish.toml and dataset.toml: what is read, and what each mistake says."""

from __future__ import annotations

from pathlib import Path

import pytest

from odkit.errors import DeclarationError, OdkitError, UsageError
from odkit.project import load_project

SETTINGS = """
config_version = 1
base_uri = "https://data.example.lg.jp/id/"
[portals.embedded]
kind = "embedded"
url = "http://127.0.0.1:8710"
[defaults]
licence = "cc-by"
tags = ["オープンデータ"]
[organizations.120006]
title = "千葉県"
"""
DATASET = """
title = "公衆無線LAN"
standard = "public_wireless_lan"
tags = ["Wi-Fi", "オープンデータ"]
[source]
path = "一覧.csv"
"""


def make(root: Path, settings: str = SETTINGS, dataset: str = DATASET, dataset_id: str = "120006/wifi") -> Path:
    """A project with one dataset."""
    (root / "publish.toml").write_text(settings, encoding="utf-8")
    folder = root / "datapackages" / dataset_id
    folder.mkdir(parents=True)
    (folder / "dataset.toml").write_text(dataset, encoding="utf-8")
    return root


def told(error: OdkitError) -> str:
    """The code, and the Japanese message with its way out."""
    return f"{error.code}: {error.text('ja')}"


@pytest.mark.parametrize("line", ["", 'standard = ""\n', 'standard = "inferred"\n'])
def test_a_dataset_may_follow_no_standard(tmp_path: Path, line: str) -> None:
    dataset = DATASET.replace('standard = "public_wireless_lan"\n', line)
    assert load_project(make(tmp_path, dataset=dataset)).dataset("120006/wifi").standard == "inferred"


def test_a_dataset_inherits_the_defaults(tmp_path: Path) -> None:
    project = load_project(make(tmp_path))
    spec = project.dataset("120006/wifi")
    assert spec.licence.id == "CC-BY-4.0"
    assert spec.tags == ("オープンデータ", "Wi-Fi")
    assert spec.standard == "public_wireless_lan.v2"
    assert spec.encoding == "utf-8-sig"
    assert spec.publisher.title == "千葉県"
    assert spec.publisher.name == "120006"
    assert spec.portal_name == "120006_wifi"
    assert spec.source.path == tmp_path / "datapackages/120006/wifi/一覧.csv"
    assert project.token_env == {"120006": "ODKIT_TOKEN_120006"}


@pytest.mark.parametrize(
    ("default", "own", "wanted"),
    [("", "", ()), ("xlsx", "", ("xlsx",)), ("", '["xlsx"]', ("xlsx",)), ("xlsx", "[]", ())],
)
def test_a_workbook_is_made_where_it_is_asked_for(
    tmp_path: Path, default: str, own: str, wanted: tuple[str, ...]
) -> None:
    """A default for all datasets, which one of them may take back."""
    settings = SETTINGS.replace("[defaults]", f'[defaults]\nalso_as = ["{default}"]') if default else SETTINGS
    dataset = DATASET.replace("[source]", f"also_as = {own}\n[source]") if own else DATASET
    assert load_project(make(tmp_path, settings, dataset)).dataset("120006/wifi").also_as == wanted


def test_settings_are_found_from_a_folder_below(tmp_path: Path) -> None:
    make(tmp_path)
    assert load_project(tmp_path / "datapackages" / "120006").root == tmp_path.resolve()


def test_notepad_files_are_read(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / "publish.toml").write_bytes(b"\xef\xbb\xbf" + SETTINGS.replace("\n", "\r\n").encode())
    assert load_project(tmp_path).publishers["120006"].title == "千葉県"


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        (
            "licence =",
            "lisence =",
            "unknown-key-near",
            "「defaults.lisence」は odkit の知らない項目です。「licence」の",
        ),
        (
            "[defaults]",
            "[defaults]\nzzzzzz = 1",
            "unknown-key",
            "使える項目: licence, encoding, also_as, update_cycle, tags",
        ),
        ("[defaults]", '[defaults]\nalso_as = ["xls"]', "bad-value", "「defaults.also_as.0」の値「xls」"),
        ("[defaults]", '[defaults]\nalso_as = "xlsx"', "bad-value", '書いてください: ["xlsx"] か'),
        ("config_version = 1", "config_version = 2", "bad-value", "「config_version」の値「2」"),
        ('base_uri = "https://data.example.lg.jp/id/"', "", "missing-key", "「base_uri」がありません"),
        ('url = "http://127.0.0.1:8710"', 'url = "ftp://x"', "bad-value", "「portals.embedded.url」の値「ftp://x」"),
        ('title = "千葉県"', 'title = "千葉県"\ntoken = "abc"', "secret-in-file", "organizations.120006.token"),
        ("[organizations.120006]", "[organizations.12000]", "bad-value", "organizations"),
        ("config_version = 1", "config_version = ", "toml-syntax", "publish.toml の書き方に誤り"),
        ("config_version = 1", "config_version = 1\nconfig_version = 1", "toml-twice", "3 行目の「config_version」"),
        ("[defaults]", "［defaults］", "toml-wide", "「［」"),
        ('kind = "embedded"', 'kind = "embedded"\nfolder = "."', "bad-value", "「portals.embedded.folder」の値「.」"),
        ('kind = "embedded"', 'kind = "embedded"\nfolder = ""', "bad-value", "「portals.embedded.folder」の値「」"),
        ('kind = "embedded"', 'kind = "embedded"\nfolder = "../out"', "outside", "プロジェクトの外（../out）"),
    ],
)
def test_a_mistake_in_settings_names_its_place(tmp_path: Path, old: str, new: str, code: str, said: str) -> None:
    make(tmp_path, settings=SETTINGS.replace(old, new))
    with pytest.raises(DeclarationError) as caught:
        load_project(tmp_path)
    assert caught.value.code == f"project.{code}"
    assert said in told(caught.value)
    assert "publish.toml" in caught.value.text("en")
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    "line", ['token = "s3cret-value"', 'token = "s3cret-value', "token ＝ 's3cret-value'", "token“s3cret-value”"]
)
def test_a_secret_is_not_repeated_in_the_message(tmp_path: Path, line: str) -> None:
    make(tmp_path, settings=SETTINGS + f"{line}\n")
    with pytest.raises(DeclarationError) as caught:
        load_project(tmp_path)
    assert "s3cret-value" not in told(caught.value) + caught.value.text("en") + repr(caught.value.details)


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        ("standard =", "standrad =", "unknown-key-near", "「standrad」"),
        ("[source]", "[source]\npath = 'x'", "toml-twice", "「path」"),
        ("[source]", '[headings]\n"a" = "b"\n[headings]\n[source]', "toml-twice", "「[headings]」"),
        ("standard =", "standard ＝", "toml-wide", "「＝」"),
        ('"public_wireless_lan"', "「public_wireless_lan」", "toml-wide", '半角の " で'),
        ('"public_wireless_lan"', "“public_wireless_lan”", "toml-wide", '半角の " で'),
        ("[source]", '[headings]\n施設名 = "名称"\n[source]', "toml-syntax", ": 施設名"),
        ('path = "一覧.csv"', 'path = "C:\\data\\一覧.csv"', "toml-syntax", ": path"),
        ('path = "一覧.csv"', 'path = "一覧.csv', "toml-syntax", ": path"),
        ('"public_wireless_lan"', '"wifi"', "unknown-standard", "public_wireless_lan"),
        ('"public_wireless_lan"', '"公衆無線LAN"', "unknown-standard", ": public_wireless_lan (公衆無線LAN"),
        ('"public_wireless_lan"', '"公衆便所一覧"', "unknown-standard", ": public_toilet (公衆トイレ一覧)。"),
        ('"public_wireless_lan"', '"public_wireles_lan"', "unknown-standard", ": public_wireless_lan (公衆無線LAN"),
        ('path = "一覧.csv"', 'path = "../../../../etc/passwd"', "outside", "source.path"),
        ("[source]", 'licence = "CC BY 9"\n[source]', "unknown-licence", "CC BY 9"),
        ('path = "一覧.csv"', 'path = "一覧.csv"\nencoding = "shift-jis"', "bad-value", "cp932"),
    ],
)
def test_a_mistake_in_a_dataset_names_its_place(tmp_path: Path, old: str, new: str, code: str, said: str) -> None:
    make(tmp_path, dataset=DATASET.replace(old, new, 1))
    with pytest.raises(DeclarationError) as caught:
        load_project(tmp_path).dataset("120006/wifi")
    assert caught.value.code == f"project.{code}"
    assert said in told(caught.value)


def test_a_government_that_is_not_declared(tmp_path: Path) -> None:
    make(tmp_path, dataset_id="122033/wifi")
    with pytest.raises(DeclarationError, match=r"122033 is not in publish\.toml"):
        load_project(tmp_path).dataset("122033/wifi")


def test_no_licence_anywhere(tmp_path: Path) -> None:
    make(tmp_path, settings=SETTINGS.replace('licence = "cc-by"', ""))
    with pytest.raises(DeclarationError) as caught:
        load_project(tmp_path).dataset("120006/wifi")
    assert caught.value.code == "project.no-licence"


def test_datasets_are_selected_by_id_or_name(tmp_path: Path) -> None:
    project = load_project(make(tmp_path))
    assert project.select([]) == ["120006/wifi"]
    assert project.select(["wifi"]) == ["120006/wifi"]
    assert project.select(["datapackages/120006/wifi/"]) == ["120006/wifi"]
    with pytest.raises(UsageError) as caught:
        project.select(["wify"])
    assert "wifi" in told(caught.value)


def test_an_ambiguous_name_lists_the_candidates(tmp_path: Path) -> None:
    make(tmp_path)
    other = tmp_path / "datapackages/122033/wifi"
    other.mkdir(parents=True)
    (other / "dataset.toml").write_text(DATASET, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        load_project(tmp_path).select(["wifi"])
    assert "120006/wifi, 122033/wifi" in told(caught.value)


def test_no_settings_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"There is no publish\.toml"):
        load_project(tmp_path)


def test_a_project_without_datasets(tmp_path: Path) -> None:
    (tmp_path / "publish.toml").write_text(SETTINGS, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        load_project(tmp_path).select([])
    assert caught.value.code == "project.no-datasets"


def test_settings_in_another_encoding(tmp_path: Path) -> None:
    (tmp_path / "publish.toml").write_bytes(SETTINGS.encode("cp932"))
    with pytest.raises(DeclarationError) as caught:
        load_project(tmp_path)
    assert caught.value.code == "project.not-utf8"
    assert "UTF-8" in told(caught.value)


def test_unknown_portal(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load_project(make(tmp_path)).portal("shared")
    assert "使えるポータル: embedded" in told(caught.value)


def test_a_declaration_that_cannot_be_read(tmp_path: Path) -> None:
    make(tmp_path)
    declaration = tmp_path / "datapackages/120006/wifi/dataset.toml"
    declaration.unlink()
    declaration.mkdir()
    with pytest.raises(DeclarationError) as caught:
        load_project(tmp_path).dataset("120006/wifi")
    assert caught.value.code == "project.unreadable"
