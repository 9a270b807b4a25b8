"""Publishes a pickled package: ``publish_once.py URL PICKLE``, the token in the environment. Made to be killed."""

from __future__ import annotations

import os
import pickle
import sys
from pathlib import Path

from odkit.model import Score
from odkit.push import Rules, apply_plan, connect, make_plan

LEVEL_5 = Score(target="", level=5, format_level=3, format="CSV", licence="", checks=(), steps=())


def main(url: str, pickled: str) -> None:
    """Plan and apply."""
    package = pickle.loads(Path(pickled).read_bytes())  # noqa: S301 - written by the test that starts this
    with connect(
        url, os.environ["ODKIT_TEST_CKAN_TOKEN"], rules=Rules(pause=0.01, create_organizations=True)
    ) as portal:
        apply_plan(make_plan(package, LEVEL_5, portal), portal, package.folder)


if __name__ == "__main__":
    main(*sys.argv[1:])
