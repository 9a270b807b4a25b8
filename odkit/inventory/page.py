"""The page for a department head: the targets, the matrix, the map of the municipalities, the next steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from odkit.inventory import report
from odkit.inventory.declared import recommended, tiles
from odkit.inventory.inventory import Inventory

SIZE = 56
GAP = 4
TEMPLATE = "page.html"
SUFFIXES = "市町村"
ROOM = 3.5
"""How many Japanese characters a tile has room for on a narrow screen."""
MANY = 5
"""From this many datasets on, a tile has the strongest shade."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tile:
    """A municipality on the map. `shade` goes from 0 (nothing) to 4; a `tight` name is squeezed into its tile."""

    code: str
    name: str
    short: str
    count: int
    at_target: int
    x: int
    y: int
    shade: int
    tight: bool


def render_page(found: Inventory, places: Sequence[str], lang: str) -> str:
    """The whole page as HTML, complete in itself. `places` are the portals that were looked at."""
    return _template().render(
        found=found,
        places=places,
        lang=lang,
        say=partial(report.said, lang=lang),
        summary=report.summary(found, lang),
        matrix=_matrix(found, lang),
        names=[report.publisher_name(code, lang) for code in found.publishers],
        counts=[len(found.of_publisher(code)) for code in found.publishers],
        details=report.details(found, lang),
        steps=report.step_lines(found, lang),
        questions=report.questions(found, lang),
        tiles=map_tiles(found, lang),
        absent=[item for item in recommended().values() if item.id not in found.standards],
        size=SIZE,
        width=max(tile.x for tile in map_tiles(found, lang)) + SIZE,
        height=max(tile.y for tile in map_tiles(found, lang)) + SIZE,
        share=min(100, 100 * len(found.at_target) // max(found.targets.datasets, 1)),
        share_municipal=min(100, 100 * len(found.municipalities) // max(found.targets.municipalities, 1)),
    )


def map_tiles(found: Inventory, lang: str) -> list[Tile]:
    """The 54 municipalities with the number of recommended datasets that each publishes."""
    made = []
    for code, (column, row) in tiles().items():
        published = found.of_publisher(code)
        name = report.publisher_name(code, lang)
        made.append(
            Tile(
                code=code,
                name=name,
                short=_short(name),
                count=len(published),
                at_target=sum((cell.stage or 0) >= found.targets.stage for cell in published),
                x=column * (SIZE + GAP),
                y=row * (SIZE + GAP),
                shade=min(len(published), MANY) * 4 // MANY if len(published) != 1 else 1,
                tight=_width(_short(name)) > ROOM,
            )
        )
    return made


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("odkit.inventory", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(TEMPLATE)


def _matrix(found: Inventory, lang: str) -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    """Number, title, and for each publisher the text, the class and the address of its cell."""
    return [
        (recommended()[standard].number, report.standard_title(standard, lang), _cells(found, standard))
        for standard in found.standards
    ]


def _cells(found: Inventory, standard: str) -> list[tuple[str, str, str]]:
    made = []
    for code in found.publishers:
        cell = found.cells.get((standard, code))
        holding = cell and (cell.published or cell.local)
        tone = (
            "none"
            if holding is None
            else "local"
            if cell and not cell.published
            else ""
            if holding.stage is None
            else f"s{holding.stage}"
        )
        address = holding.address if holding else ""
        made.append((report.cell_text(cell), tone, address if address.startswith(("https://", "http://")) else ""))
    return made


def _width(name: str) -> float:
    """How wide a name is, in Japanese characters; a Latin letter takes about half of one."""
    return sum(0.55 if char.isascii() else 1 for char in name)


def _short(name: str) -> str:
    """A name that fits a tile: without 市, 町, 村; an English one without its kind."""
    return name[:-1] if name[-1] in SUFFIXES else name.rpartition(" ")[0] or name
