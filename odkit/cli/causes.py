"""Why a dataset was built again, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from odkit import messages

NAMED = frozenset(
    {
        *("accepted", "base_uri", "clean", "damaged", "decisions", "first", "headings", "hints", "licence", "mapping"),
        *("odkit", "package", "publisher", "rdf", "schemas", "source", "standard", "unmapped", "vocab"),
    }
)
"""Inputs of a stage that have words of their own; the others are called as dataset.toml calls them."""


def explained(name: str, ran: Mapping[str, Sequence[str]], lang: str) -> list[str]:
    """A line for each stage of a dataset that was run, with what had changed; one line where nothing was."""
    if not ran:
        return [messages.text("cli.explain-unchanged", lang, {"dataset": name})]
    return [
        messages.text(
            "cli.explain-stage",
            lang,
            {
                "dataset": name,
                "stage": messages.text(f"cli.stage-{stage}", lang),
                "causes": _listed((_cause(cause, lang) for cause in causes), lang),
            },
        )
        for stage, causes in ran.items()
    ]


def _cause(name: str, lang: str) -> str:
    if name in NAMED:
        return messages.text(f"cli.cause-{name}", lang)
    return messages.text("cli.cause-declared", lang, {"name": name})


def _listed(words: Iterable[str], lang: str) -> str:
    return ("、" if lang == "ja" else ", ").join(words)
