"""Reading, cleaning and checking a table: odkit beside other tools, on the same files, in one run; ratios count.

    python bench/read_clean.py                    1,000 and 100,000 rows: UTF-8, cp932, xlsx
    python bench/read_clean.py --rows 1000000     another number of rows
    python bench/read_clean.py --only odkit csv   some of the tools alone

Each run is a process of its own, the median of `--times` runs taken in turns. Seconds are those of the work itself, of
the processor: imports are not counted, nor what else the machine does. MiB are the peak of the whole process.

`odkit` reads, cleans and checks; `frictionless` reads and checks with the same Table Schema; `pandas` and `duckdb` read
all cells as text and check nothing; `csv` is Python's own reader and does nothing with the rows; `calamine` hands over
the cells of an xlsx row by row, beside `odkit read`, which makes text of them.

Peers: pip install --group bench
"""

from __future__ import annotations

import argparse
import csv
import importlib
import random
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from measure import Medians, Watch, in_turns, python

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from odkit.clean import clean_table  # noqa: E402 - found beside this file
from odkit.project import load_schema, municipalities, schema_descriptor  # noqa: E402
from odkit.read import read_source  # noqa: E402

SCHEMA = "public_wireless_lan.v2"
COLUMNS = load_schema(SCHEMA).names
NUMBERS = frozenset({"緯度", "経度"})
PLACES = ("市民会館", "中央図書館", "公民館", "総合運動公園", "観光案内所", "道の駅", "防災センター", "児童館")
KANA = (
    "シミンカイカン",
    "チュウオウトショカン",
    "コウミンカン",
    "ウンドウコウエン",
    "アンナイジョ",
    "ミチノエキ",
    "ボウサイセンター",
    "ジドウカン",
)
TOWNS = ("本町", "中央", "栄町", "緑が丘", "若葉台", "新田", "大字上野", "東海岸")
REMARKS = ("", "", "", "年末年始（12月29日～1月3日）は利用不可", "1回60分、1日3回まで", '受付で"利用申込書"を記入')
STEPS = "手順:\n1. SSIDを選択\n2. 認証"
Row = list[str]


def make_rows(count: int) -> Iterator[Row]:
    """Made-up access points, the same on every run: some cells are empty, post codes have a hyphen to be taken away."""
    random_ = random.Random(20)  # noqa: S311 - made-up data
    cities = [item for item in municipalities().values() if item.kind != "県"]
    for number in range(count):
        cells = _cells(number, random_, cities[random_.randrange(len(cities))])
        yield [cells.get(name, "") for name in COLUMNS]


def _cells(number: int, random_: random.Random, city: Any) -> dict[str, str]:
    place, town = random_.randrange(len(PLACES)), random_.choice(TOWNS)
    block = f"{random_.randrange(1, 90)}-{random_.randrange(1, 30)}"
    digits = random_.randrange
    return {
        "全国地方公共団体コード": city.code,
        "ID": f"{city.code}-{number:08}",
        "地方公共団体名": f"千葉県{city.name}",
        "名称": f"{city.name}{PLACES[place]}第{digits(1, 99)}",
        "名称_カナ": f"{KANA[place]}",
        "名称_英語": f"Facility {number}" if random_.random() < 0.6 else "",
        "所在地_全国地方公共団体コード": city.code,
        "町字ID": f"{digits(1, 400):04}{digits(0, 9):03}",
        "所在地_連結表記": f"千葉県{city.name}{town}{block}",
        "所在地_都道府県": "千葉県",
        "所在地_市区町村": f"{city.district}{city.name}",
        "所在地_町字": town,
        "所在地_番地以下": block,
        "緯度": f"{34.9 + random_.random():.6f}",
        "経度": f"{139.7 + random_.random():.6f}",
        "設置者": f"{city.name}情報政策課",
        "電話番号": f"04{digits(3, 8)}-{digits(200, 999)}-{digits(1000, 9999)}" if random_.random() < 0.9 else "",
        "郵便番号": f"{digits(260, 300)}-{digits(0, 10000):04}",
        "SSID": random_.choice(("Chiba_Free_Wi-Fi", "CITY-FREE-WIFI", "00000JAPAN")),
        "提供エリア": random_.choice(("1階ロビー周辺", "館内全域", "屋外広場（半径約30m）")),
        "URL": f"https://www.city.example.lg.jp/{city.code}/{number}.html" if random_.random() < 0.85 else "",
        "備考": STEPS if random_.random() < 0.005 else random_.choice(REMARKS),
    }


def write_csv(path: Path, count: int, encoding: str) -> None:
    """The rows as CSV."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(make_rows(count))


def write_xlsx(path: Path, count: int) -> None:
    """The rows as a workbook, coordinates as numbers; texts are shared, as Excel writes them."""
    book = importlib.import_module("xlsxwriter").Workbook(str(path))
    sheet = book.add_worksheet("Wi-Fi")
    sheet.write_row(0, 0, COLUMNS)
    for row, cells in enumerate(make_rows(count), 1):
        for column, (name, cell) in enumerate(zip(COLUMNS, cells, strict=True)):
            if cell and name in NUMBERS:
                sheet.write_number(row, column, float(cell))
            elif cell:
                sheet.write_string(row, column, cell)
    book.close()


def _odkit(path: Path) -> int:
    return len(clean_table(read_source(path), load_schema(SCHEMA)).rows)


def _odkit_read(path: Path) -> int:
    return len(read_source(path).rows)


def _frictionless(path: Path) -> int:
    library = importlib.import_module("frictionless")
    encoding = "cp932" if "cp932" in path.name else "utf-8"
    schema = library.Schema.from_descriptor(schema_descriptor(SCHEMA))
    with library.system.use_context(trusted=True):
        report = library.Resource(path=str(path), encoding=encoding, schema=schema).validate()
    return int(report.tasks[0].stats["rows"])


def _pandas(path: Path) -> int:
    library = importlib.import_module("pandas")
    encoding = "cp932" if "cp932" in path.name else "utf-8"
    return len(library.read_csv(path, dtype=str, keep_default_na=False, encoding=encoding))


def _duckdb(path: Path) -> int:
    library = importlib.import_module("duckdb")
    columns = library.connect().execute(
        "select * from read_csv(?, all_varchar = true, strict_mode = false)", [str(path)]
    )
    return len(columns.fetchall())


def _csv(path: Path) -> int:
    encoding = "cp932" if "cp932" in path.name else "utf-8"
    with path.open(encoding=encoding, newline="") as file:
        return sum(1 for _ in csv.reader(file)) - 1


def _calamine(path: Path) -> int:
    library = importlib.import_module("python_calamine")
    return sum(1 for _ in library.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).iter_rows()) - 1


TOOLS: Mapping[str, tuple[Callable[[Path], int], str, str]] = {
    "odkit": (_odkit, "", ".csv"),
    "frictionless": (_frictionless, "frictionless", ".csv"),
    "pandas": (_pandas, "pandas", ".csv"),
    "duckdb": (_duckdb, "duckdb", ".csv"),
    "csv": (_csv, "", ".csv"),
    "odkit read": (_odkit_read, "openpyxl", ".xlsx"),
    "calamine": (_calamine, "python_calamine", ".xlsx"),
}
"""Name -> what it does with a file (the number of rows), the library it needs, the files it is for."""
PEERS = {".csv": ("frictionless", "odkit"), ".xlsx": ("odkit read", "calamine")}
"""The ratio that counts: how many times as long the first takes as the second."""


def run(name: str, path: Path) -> None:
    """One measurement, in this process: JSON on stdout."""
    work, library, _ = TOOLS[name]
    if library:
        importlib.import_module(library)
    watch = Watch()
    watch.tell(rows=work(path))


def measured(names: Sequence[str], path: Path, times: int) -> Medians:
    """The medians of some runs of each tool, taken in turns."""
    return in_turns({name: python("read_clean.py", "--run", name, path) for name in names}, times)


def report(path: Path, results: Mapping[str, Mapping[str, float]]) -> None:
    """The figures of one file, and the ratio that counts."""
    print(f"\n{path.name}, {path.stat().st_size / 1e6:.1f} MB")
    for name, found in results.items():
        print(f"  {name:<13}{found['seconds']:8.3f} s {found['mib']:7.0f} MiB {found['rows']:10,.0f} rows")
    first, second = PEERS[path.suffix]
    if first in results and second in results:
        print(f"  {first} : {second} = {results[first]['seconds'] / results[second]['seconds']:.2f}")


def main() -> None:
    """Make the files, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[1000, 100_000])
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=TOOLS, default=list(TOOLS))
    parser.add_argument("--run", nargs=2, metavar=("TOOL", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        run(options.run[0], Path(options.run[1]))
        return
    names = [name for name in options.only if not TOOLS[name][1] or find_spec(TOOLS[name][1])]
    with tempfile.TemporaryDirectory() as folder:
        for count in options.rows:
            for path in files(Path(folder), count, with_xlsx=find_spec("xlsxwriter") is not None):
                fitting = [name for name in names if path.suffix == TOOLS[name][2]]
                fitting = [name for name in fitting if not (name == "duckdb" and "cp932" in path.name)]
                report(path, measured(fitting, path, options.times))
                path.unlink()


def files(folder: Path, count: int, *, with_xlsx: bool) -> Iterator[Path]:
    """The files of one size, made when they are asked for."""
    for encoding in ("utf-8", "cp932"):
        path = folder / f"wifi-{count}-{encoding}.csv"
        write_csv(path, count, encoding)
        yield path
    if with_xlsx:
        path = folder / f"wifi-{count}.xlsx"
        write_xlsx(path, count)
        yield path


if __name__ == "__main__":
    main()
