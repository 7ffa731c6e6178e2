"""A real browser for the tests of pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.program import program, started


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the browser for the tests of one file: its event loop must not run beside other tests."""
    path = program()
    if path is None:
        pytest.skip("this distribution packages no chromium")
    with started(path) as browser:
        yield browser
