"""Start the distribution's browser, which reaches no network."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
)


def program() -> str | None:
    """Return where Chromium is; None where the distribution packages none."""
    return shutil.which("chromium")


@contextmanager
def started(path: str) -> Iterator[Browser]:
    """Yield the browser, and end it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()
