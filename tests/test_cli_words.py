"""What strangers wrote reaches a terminal as text: no escape sequence, no other control character."""

from __future__ import annotations

import pytest

from odkit.cli import base


def test_words_do_not_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    base.words("題\u3000名\tx\ny \x1b]0;pwned\x07 \x1b[31m \u202e")
    base.say("push.pull-note", "en", dataset="d", note="\x1b[2J")
    told = capsys.readouterr().err
    assert told.startswith("題\u3000名\tx\ny ")
    assert not set(told) & {"\x1b", "\x07", "\u202e"}
