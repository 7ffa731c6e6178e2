"""Small written forms of an inventory: addresses, networks, names, and how a key is explained."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticKnownError

from auditor.documents.hostname import parse_hostname
from auditor.inventory.address import parse_address, parse_network
from auditor.model.inventory import Address, Network


def _from_text(parse: Callable[[str], Any]) -> PlainValidator:
    def validate(written: object) -> Any:
        if isinstance(written, bool) or not isinstance(written, str | int | float):
            raise PydanticKnownError("string_type")
        return parse(str(written))

    return PlainValidator(validate)


def described(description: str, example: Any) -> Any:
    """Return a required field with what an editor shows about it."""
    return Field(description=description, examples=[example])


AddressText = Annotated[
    Address, _from_text(parse_address), WithJsonSchema({"type": "string", "examples": ["10.10.1.10"]})
]
NetworkText = Annotated[
    Network, _from_text(parse_network), WithJsonSchema({"type": "string", "examples": ["10.10.0.0/16"]})
]
Hostname = Annotated[str, AfterValidator(parse_hostname), Field(examples=["dinkes.example.go.id"])]
Networks = Annotated[tuple[NetworkText, ...], Field(min_length=1)]
