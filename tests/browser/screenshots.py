"""Photograph every page of a folder as a desktop and a phone show it, and its first printed page."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.program import program, started

DESKTOP, PHONE = (1280, 1720), (390, 1720)
A4_DOTS_PER_INCH = 110


def photograph(browser: Browser, page: Path, picture: Path, size: tuple[int, int]) -> None:
    """Write what a window of a size shows of a page."""
    opened = browser.new_page(viewport={"width": size[0], "height": size[1]})
    opened.goto(page.as_uri())
    opened.screenshot(path=picture)
    opened.close()


def print_first_page(browser: Browser, page: Path, picture: Path) -> None:
    """Write the first page that the browser would print on A4."""
    opened = browser.new_page()
    opened.goto(page.as_uri())
    with tempfile.TemporaryDirectory() as folder:
        document = Path(folder) / "page.pdf"
        opened.pdf(path=document, prefer_css_page_size=True)
        resolution = ("-r", str(A4_DOTS_PER_INCH), "-f", "1", "-l", "1", "-singlefile", "-png")
        subprocess.run(("pdftoppm", *resolution, document, picture.with_suffix("")), check=True)
    opened.close()


def main(reports: Path, pictures: Path, names: list[str]) -> int:
    """Photograph the pages of a folder, or those named."""
    path = program()
    if path is None:
        print("screenshots: chromium is missing and this distribution packages none", file=sys.stderr)
        return 2
    pictures.mkdir(parents=True, exist_ok=True)
    with started(path) as browser:
        for page in sorted(reports.resolve().glob("*.html")):
            if names and page.stem not in names:
                continue
            photograph(browser, page, pictures / f"{page.stem}-desktop.png", DESKTOP)
            photograph(browser, page, pictures / f"{page.stem}-phone.png", PHONE)
            print_first_page(browser, page, pictures / f"{page.stem}-a4.png")
            print(f"{page.name}: desktop, phone, A4")
    return 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit("usage: scripts/screenshots REPORTS_FOLDER PICTURES_FOLDER [NAME...]")
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]).resolve(), sys.argv[3:]))
