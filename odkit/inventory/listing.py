"""オープンデータ一覧 of one publisher in the national layout: one row per file, from what a portal shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from odkit.inventory.declared import recommended
from odkit.inventory.holdings import shown_holding
from odkit.inventory.shown import Shown, day, extras, listed, tags, text
from odkit.model import Row
from odkit.project import find_licence, load_schema, municipalities

LISTING = "open_data_list"
LISTING_SCHEMA = "open_data_list.v2"
CYCLES = {"daily": "毎日", "weekly": "毎週", "monthly": "毎月", "quarterly": "四半期ごと", "yearly": "毎年"}


def listing(datasets: Iterable[Shown], code: str, place: str) -> tuple[tuple[str, ...], list[Row]]:
    """The columns of the layout, and a row per file of the publisher's datasets, by dataset name.

    The list itself is left out: it would change whenever it is published.
    """
    names = load_schema(LISTING_SCHEMA).names
    rows: list[Row] = []
    for shown in sorted(datasets, key=lambda one: str(one.get("name", ""))):
        holding = shown_holding(shown, place)
        if holding.code != code or holding.standard == LISTING:
            continue
        common = _dataset_cells(shown, place, code)
        for item in listed(shown, "resources"):
            cells = common | _file_cells(item, common)
            rows.append(tuple(cells.get(name, "") for name in names))
    return names, rows


def _dataset_cells(shown: Shown, place: str, code: str) -> dict[str, str]:
    government = municipalities()[code]
    holding = shown_holding(shown, place)
    standard = recommended().get(holding.standard)
    whole = government.name if government.name == government.prefecture else government.prefecture + government.name
    licence = find_licence(holding.licence)
    cycle = extras(shown).get("odkit_update_cycle", "")
    return {
        "データセット_ID": holding.key,
        "全国地方公共団体コード": code,
        "地方公共団体名": whole,
        "データセット_タイトル": holding.title,
        "データセット_概要": text(shown, "notes"),
        "データセット_キーワード": ";".join(tags(shown)),
        "データセット_公開日": day(shown, "metadata_created"),
        "データセット_最終更新日": holding.updated,
        "データセット_言語": "日本語",
        "データセット_URL": holding.address,
        "データセット_更新頻度": CYCLES.get(cycle, cycle),
        "データセット_準拠する標準": f"自治体標準オープンデータセット（{standard.title}）" if standard else "",
        "データセット_対象地域": whole,
        "データセット_作成者": whole,
        "データセット_連絡先名称": text(shown, "maintainer"),
        "データセット_連絡先メールアドレス": text(shown, "maintainer_email"),
        "ファイル_ライセンス": licence.title if licence else holding.licence,
    }


def _file_cells(item: Shown, common: Mapping[str, str]) -> dict[str, str]:
    size = item.get("size")
    return {
        "ファイル_ID": text(item, "id"),
        "ファイル_タイトル": text(item, "name"),
        "ファイル_アクセスURL": common["データセット_URL"],
        "ファイル_ダウンロードURL": text(item, "url"),
        "ファイル_説明": text(item, "description"),
        "ファイル_形式": text(item, "format"),
        "ファイル_ステータス": "公開中",
        "ファイル_サイズ": str(size) if isinstance(size, int) else "",
        "ファイル_公開日": day(item, "created"),
        "ファイル_最終更新日": day(item, "last_modified") or day(item, "created"),
        "ファイル_言語": "日本語",
        "ファイル_著作権表記": common["地方公共団体名"],
    }
