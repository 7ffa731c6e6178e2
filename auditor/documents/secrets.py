"""How a file says where a secret lies, without ever holding one."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from auditor.documents.shape import Shape
from auditor.documents.words import Line
from auditor.model.host_access import SecretReference, SecretSource
from auditor.model.plain_text import show

_CREDENTIAL_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")


def check_absolute(text: str) -> str:
    """Return an absolute path, or raise ValueError."""
    if text.startswith("/"):
        return text
    raise ValueError(f"{show(text)} is not an absolute path; begin it with a slash")


def check_credential_name(text: str) -> str:
    """Return the name of a systemd credential, or raise ValueError."""
    if _CREDENTIAL_NAME.fullmatch(text) and text not in (".", ".."):
        return text
    raise ValueError(f"{show(text)} is no name of a systemd credential; write letters, digits, - _ and .")


AbsolutePath = Annotated[Line, AfterValidator(check_absolute)]


class SecretShape(Shape):
    """Where a secret lies: exactly one of file, systemd, age, prompt. Never the secret itself."""

    file: AbsolutePath | None = Field(
        None,
        description="Path of a file that only its owner may read.",
        examples=["/etc/tilik/audit-key-dmz"],
    )
    systemd: Annotated[str, AfterValidator(check_credential_name)] | None = Field(
        None, description="Name of a credential that systemd hands over.", examples=["audit-key-dmz"]
    )
    age: AbsolutePath | None = Field(
        None, description="Path of a file encrypted with age.", examples=["/etc/tilik/audit-key-dmz.age"]
    )
    identity: AbsolutePath | None = Field(
        None,
        description="Path of the age identity that opens it; without it the passphrase is asked for.",
        examples=["/etc/tilik/identity.txt"],
    )
    prompt: Line | None = Field(
        None,
        description="Words with which a person is asked for it.",
        examples=["Key of the audit"],
    )

    @model_validator(mode="before")
    @classmethod
    def _no_secret(cls, written: object) -> object:
        # What stands here by mistake may be the secret itself, and must be in no message.
        if isinstance(written, str | int | float):
            raise ValueError("never write a secret here; write where it lies, such as {file: /etc/tilik/key}")
        return written

    @model_validator(mode="after")
    def _one_source(self) -> SecretShape:
        given = [source for source in SecretSource if getattr(self, source.value) is not None]
        if len(given) != 1:
            raise ValueError("write exactly one of file, systemd, age or prompt")
        if self.identity is not None and self.age is None:
            raise ValueError("identity opens a file encrypted with age; write age too, or remove identity")
        return self


def secret_reference(shape: SecretShape) -> SecretReference:
    """Return the reference of a shape in which everything was checked."""
    found = ((source, getattr(shape, source.value)) for source in SecretSource)
    source, place = next((source, place) for source, place in found if place is not None)
    return SecretReference(source, place, shape.identity or "")
