"""A CKAN extension with rules of its own, as many portals have one. It runs inside CKAN, never in odkit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from ckan.plugins import SingletonPlugin, implements, toolkit
from ckan.plugins.interfaces import IApiToken, IDatasetForm

WORD = "禁止語"


def without_the_word(value: Any) -> Any:
    """Refuse a text with the word."""
    if isinstance(value, str) and WORD in value:
        raise toolkit.Invalid("この語は使えません")
    return value


class StrictPlugin(SingletonPlugin, toolkit.DefaultDatasetForm):
    """Refuses a word in a dataset's description and in the titles of its files; makes tokens that expire on request."""

    implements(IDatasetForm)
    implements(IApiToken, inherit=True)

    def create_package_schema(self) -> dict[str, Any]:
        """The schema of new datasets."""
        return strict(super().create_package_schema())

    def update_package_schema(self) -> dict[str, Any]:
        """The schema of changed datasets."""
        return strict(super().update_package_schema())

    def is_fallback(self) -> bool:
        """Whether this is for datasets without a type of their own: yes."""
        return True

    def package_types(self) -> list[str]:
        """The types that only this extension knows."""
        return []

    def create_api_token_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """A token may be asked for with ``expires_in`` seconds; CKAN's own expire_api_token insists on them."""
        names = ("ignore_missing", "is_positive_integer")
        return {**schema, "expires_in": [toolkit.get_validator(name) for name in names]}

    def postprocess_api_token(self, data: dict[str, Any], jti: str, data_dict: dict[str, Any]) -> dict[str, Any]:
        """Note in the token when it expires, as expire_api_token does."""
        if "expires_in" in data_dict:
            end = datetime.now(UTC) + timedelta(seconds=data_dict["expires_in"])
            data["exp"] = int(end.timestamp())
        return data


def strict(schema: dict[str, Any]) -> dict[str, Any]:
    """`schema` with our rule in it."""
    schema["notes"] = [*schema["notes"], without_the_word]
    schema["resources"]["name"] = [*schema["resources"]["name"], without_the_word]
    return schema
