"""The offline pack: which software branches are supported until when, and their best-known flaws."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, PlainValidator

from auditor.documents.shape import Shape
from auditor.documents.words import Id, Line, parse_day
from auditor.model.problem import Locator, Problem
from controls.versions import numbers, version_key

Day = Annotated[date, PlainValidator(parse_day)]
Branch = Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+){0,3}$")]
Version = Annotated[str, Field(pattern=r"^[0-9][0-9A-Za-z.+-]*$")]


@dataclass(frozen=True, slots=True)
class Product:
    """One software: the words it is recognised by, and the end of support of its branches."""

    id: str
    name: str
    as_of: date
    """Newest day that the source of these dates knew of."""
    source: str
    beginnings: tuple[str, ...]
    """Small letters that a scanner's product name equals, or begins with before a blank."""
    tokens: tuple[str, ...]
    """Small letters before the slash in a Server or X-Powered-By header."""
    cpe: tuple[str, ...]
    """`vendor:product` of CPE names."""
    branches: Mapping[str, date | None]
    """Leading numbers of a version → last day of support; null: supported, or its end is not announced."""


@dataclass(frozen=True, slots=True)
class Distribution:
    """A distribution that corrects packages without raising their version."""

    product: str
    marks: tuple[str, ...]
    """Small words in a banner that give it away."""
    unmarked: tuple[str, ...]
    """Products whose banner does not name the distribution that packaged them."""
    packages: Mapping[str, Mapping[str, str]]
    """Product → version as packaged → release of the distribution."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """A flaw with a published exploit; `affected` are version ranges from (inclusive) to fixed."""

    id: str
    product: str
    affected: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Pack:
    """Everything the pack knows; `as_of` is the newest of its products' days."""

    as_of: date
    products: Mapping[str, Product]
    distributions: tuple[Distribution, ...]
    flaws: tuple[Flaw, ...]
    digest: str = ""


class ProductShape(Shape):
    """One product."""

    id: Id
    name: Line
    as_of: Day
    source: Line
    beginnings: tuple[Line, ...] = ()
    tokens: tuple[Line, ...] = ()
    cpe: tuple[Annotated[str, Field(pattern=r"^[^:\s]+:[^:\s]+$")], ...] = ()
    branches: dict[Branch, Day | None]
    note: Line = "-"


class DistributionShape(Shape):
    """One distribution."""

    product: Id
    marks: Annotated[tuple[Line, ...], Field(min_length=1)]
    unmarked: tuple[Id, ...] = ()
    packages: dict[Id, dict[Version, Branch]]


class SupportShape(Shape):
    """The file end-of-life.yaml."""

    version: Literal[1]
    as_of: Day
    licence: Line
    products: Annotated[tuple[ProductShape, ...], Field(min_length=1)]
    distributions: tuple[DistributionShape, ...]


class RangeShape(Shape):
    """Versions from the first affected one to the one that is fixed; either may be left out."""

    first: Version = "0"
    fixed: Version = ""


class FlawShape(Shape):
    """One flaw."""

    id: Annotated[str, Field(pattern=r"^CVE-[0-9]{4}-[0-9]{4,7}$")]
    product: Id
    affected: Annotated[tuple[RangeShape, ...], Field(min_length=1)]
    source: Line


class FlawsShape(Shape):
    """The file known-flaws.yaml."""

    version: Literal[1]
    as_of: Day
    flaws: Annotated[tuple[FlawShape, ...], Field(min_length=1)]


def to_pack(support: SupportShape, flaws: FlawsShape, digest: str) -> Pack:
    """Return the pack in both files' shapes."""
    return Pack(
        support.as_of,
        {one.id: Product(**one.model_dump(exclude={"note"})) for one in support.products},
        tuple(Distribution(**one.model_dump()) for one in support.distributions),
        tuple(
            Flaw(one.id, one.product, tuple((part.first, part.fixed) for part in one.affected))
            for one in flaws.flaws
        ),
        digest,
    )


def find_support_problems(shape: SupportShape, locator: Locator) -> Iterator[Problem]:
    """Yield what a shape cannot say: double entries, days after the file's own, unknown products."""
    yield from _double((one.id for one in shape.products), "products", "product", locator)
    known = {one.id for one in shape.products}
    for index, product in enumerate(shape.products):
        if product.as_of > shape.as_of:
            message = f"after {shape.as_of}, the as_of of the file; raise that or correct this"
            yield locator.problem(("products", index, "as_of"), message)
        seen: dict[tuple[int, ...], str] = {}
        for branch in product.branches:
            if numbers(branch) in seen:
                message = f"the same branch as {seen[numbers(branch)]}; remove one"
                yield locator.problem(("products", index, "branches", branch), message, key=True)
            seen[numbers(branch)] = branch
    for index, one in enumerate(shape.distributions):
        for product_id in (one.product, *one.unmarked, *one.packages):
            if product_id not in known:
                message = f"no product {product_id} in this file; add it or correct the id"
                yield locator.problem(("distributions", index), message)


def find_flaw_problems(
    shape: FlawsShape, products: Mapping[str, object], locator: Locator
) -> Iterator[Problem]:
    """Yield double flaws, flaws of unknown products and ranges that end before they begin."""
    yield from _double((one.id for one in shape.flaws), "flaws", "flaw", locator)
    for index, flaw in enumerate(shape.flaws):
        if flaw.product not in products:
            message = f"no product {flaw.product} in end-of-life.yaml; add it or correct the id"
            yield locator.problem(("flaws", index, "product"), message)
        for place, part in enumerate(flaw.affected):
            if part.fixed and version_key(part.fixed) <= version_key(part.first):
                message = f"fixed in {part.fixed}, which is not after {part.first}; correct the range"
                yield locator.problem(("flaws", index, "affected", place), message)


def _double(ids: Iterable[str], key: str, noun: str, locator: Locator) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, one in enumerate(ids):
        if one in seen:
            yield locator.problem((key, index, "id"), f"a second {noun} {one}; remove one")
        seen.add(one)
