"""A program of click that does nothing: what `odkit --help` is compared with."""

from __future__ import annotations

import click


@click.group()
@click.version_option("1.0")
def main() -> None:
    """Do nothing."""


@main.command()
def hello() -> None:
    """Say hello."""
    click.echo("hello")


if __name__ == "__main__":
    main()
