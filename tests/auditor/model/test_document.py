"""Strict YAML: what is read, what is refused, and where the message points."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.document import Document, DocumentError, parse_document


def parse(text: str | bytes) -> Document:
    return parse_document(text if isinstance(text, bytes) else text.encode(), "file.yaml")


def messages(text: str | bytes) -> list[str]:
    with pytest.raises(DocumentError) as caught:
        parse(text)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("", None),
        ("0", 0),
        ("-12", -12),
        ("1.50", 1.5),
        *((text, text) for text in ("no", "yes", "on", "True", "~", "0123", "0x1f", "22:30", "1_000", "1e3")),
        *((text, text) for text in (".nan", ".inf", "2026-01-02", "+1", "1.", ".5", "0o17", "١٢")),
        ('"443"', "443"),
        ("'true'", "true"),
    ],
)
def test_only_json_words_and_numbers_are_not_text(written: str, read: object) -> None:
    data = parse(f"key: {written}\n").data
    assert data == {"key": read}
    assert isinstance(data, dict)
    assert type(data["key"]) is type(read)


def test_positions_of_keys_values_and_unknown_paths() -> None:
    document = parse("zones:\n  - id: dmz\n    networks: [10.0.0.0/8,\n      10.1.0.0/16]\n")
    assert document.position(("zones", 0, "id")) == (2, 9)
    assert document.position(("zones", 0, "id"), key=True) == (2, 5)
    assert document.position(("zones", 0, "networks", 1)) == (4, 7)
    assert document.position(("zones", 0, "name")) == (2, 5)
    assert document.position(("zones", 7, "name")) == (1, 1)
    assert document.position(("elsewhere",)) == (1, 1)
    assert document.last_lines[("zones", 0, "networks")] == 4


def test_byte_order_mark_is_skipped_and_the_digest_is_of_the_bytes() -> None:
    document = parse(b"\xef\xbb\xbfa: 1\n")
    assert document.data == {"a": 1}
    assert document.digest != parse(b"a: 1\n").digest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\na: 2\n", "file.yaml:2:1: duplicate key"),
        ('a: 1\n"a": 2\n', "file.yaml:2:1: duplicate key"),
        ("a: &x 1\n", "file.yaml:1:4: anchor &x"),
        ("a: *x\n", "file.yaml:1:4: alias *x"),
        ("<<: {a: 1}\n", "file.yaml:1:1: merge key"),
        ("a: !!python/object/apply:os.system [id]\n", "file.yaml:1:4: tag"),
        ("a: !secret x\n", "file.yaml:1:4: tag"),
        ("a: 1\n---\nb: 2\n", "file.yaml:2:1: a second document"),
        ("%YAML 1.1\n---\na: 1\n", "file.yaml:1:1: % directives"),
        ("a:\n\t- b\n", "file.yaml:2:1: a tab"),
        ("{{ name }}: 1\n", "file.yaml:1:1: a list or mapping cannot be a key"),
        ("a: {{ name }}\n", "file.yaml:1:5: a list or mapping cannot be a key"),
        ('a: "x\n', "file.yaml:1:4: not valid YAML: a quote is opened"),
        ("a: b: c\n", "file.yaml:1:5: not valid YAML: a second ': '"),
        ("a: @x\n", "file.yaml:1:4: not valid YAML: this character"),
        ("a: 1\n  b: 2\n", "file.yaml:2:4: not valid YAML"),
        ("a\x00b: 1\n", "file.yaml:1:2: hidden character U+0000"),
        ("# note \u202e\na: 1\n", "file.yaml:1:8: hidden character U+202E"),
        ('a: "x\\u200by"\n', "file.yaml:1:4: hidden character U+200B"),
        (b"a: caf\xe9\n", "file.yaml:1:7: byte 0xe9 is not UTF-8"),
        ("a: 1\n".encode("utf-16"), "file.yaml:1:1: saved as UTF-16"),
        ("a: " + "9" * 5000, "file.yaml:1:4: more than 15 digits"),
        (b"a: 1\n" * 1_000_001, "file.yaml: larger than"),
    ],
)
def test_refuses_what_surprises(text: str | bytes, expected: str) -> None:
    assert messages(text)[0].startswith(expected)


@pytest.mark.parametrize("unit", ["[", "{a: ", "- ", "a:\n"])
def test_depth_bombs_end_in_one_located_problem(unit: str) -> None:
    if unit.endswith("\n"):
        text = "".join("  " * depth + unit for depth in range(1_000))
    else:
        text = unit * 100_000
    [message] = messages(text)
    assert "nested deeper than 50 levels" in message
    assert message.startswith("file.yaml:")


def test_too_many_values_end_in_one_located_problem() -> None:
    [message] = messages("[" + "1," * 500_000 + "]")
    assert "more than 400,000 values" in message


def test_every_problem_is_reported_at_once_in_line_order() -> None:
    found = messages("a: &x 1\nb: *x\na: 2\n")
    assert [message.split(": ")[0] for message in found] == [
        "file.yaml:1:4",
        "file.yaml:2:4",
        "file.yaml:3:1",
    ]


@given(
    st.binary(max_size=200)
    | st.text(alphabet="ab:-[]{}&*!|>'\"#%@, \n\t0159.\\", max_size=80).map(str.encode)
)
def test_any_bytes_give_a_tree_or_located_problems(data: bytes) -> None:
    try:
        document = parse_document(data, "file.yaml")
    except DocumentError as error:
        assert error.problems
    else:
        json.dumps(document.data, allow_nan=False)
        assert set(document.last_lines) <= set(document.values)


def trees() -> st.SearchStrategy[object]:
    text = st.text(alphabet=st.characters(categories=["L", "N", "P", "Zs"]), max_size=12)
    leaf = st.none() | st.booleans() | st.integers(-(10**14), 10**14) | text
    return st.recursive(
        leaf, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4)
    )


@given(trees())
def test_json_is_read_as_itself(tree: object) -> None:
    assert parse(json.dumps(tree, ensure_ascii=False)).data == tree
