"""``odkit serve`` when it cannot."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

import pytest

from odkit.cli import main

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(("lang", "said"), [("ja", "ポート {port} を使えません"), ("en", "Port {port} cannot be used")])
def test_a_port_that_is_taken(lang: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit) as ended:
            main(["serve", "--port", str(port), "--project", str(ROOT), "--lang", lang])
    told = capsys.readouterr().err
    assert ended.value.code == 2
    assert said.format(port=port) in told
    assert "Traceback" not in told


def test_a_portal_that_is_elsewhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = (ROOT / "publish.toml").read_text(encoding="utf-8")
    portal = '\n[portals.shared]\nkind = "ckan"\nurl = "https://ckan.example.lg.jp"\n'
    (tmp_path / "publish.toml").write_text(settings + portal, encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["serve", "--portal", "shared", "--project", str(tmp_path)])
    assert ended.value.code == 2
    assert "https://ckan.example.lg.jp" in capsys.readouterr().err


def test_a_portal_whose_database_is_damaged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(ROOT / "publish.toml", tmp_path)
    catalogue = tmp_path / ".odkit" / "portal" / "catalogue.sqlite"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_bytes(b"no database, but long enough to be one " * 200)
    with pytest.raises(SystemExit) as ended:
        main(["serve", "--project", str(tmp_path), "--lang", "en"])
    told = capsys.readouterr()
    assert ended.value.code == 3
    assert str(catalogue) in told.err
    assert "Traceback" not in told.err
    assert "http://" not in told.out
