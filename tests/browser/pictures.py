"""Make the pictures of README and docs from the reports of a demonstration: scripts/pictures FOLDER."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from tests.browser.program import program, started

IMAGES = Path(__file__).parents[2] / "docs" / "images"
DESKTOP, PHONE, SCREEN = (1280, 1500), (390, 844), (1920, 1080)
_COLOURS, _A4_DOTS_PER_INCH = 96, 90


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: its name, the page that it shows without .html, and the window that it is seen through."""

    name: str
    page: str
    """Below the folder of the demonstration."""
    window: tuple[int, int] = DESKTOP


PICTURES = (
    Picture("scorecard", "reports/kartu-skor-dinkes"),
    Picture("summary", "reports/ringkasan-pimpinan"),
    Picture("summary-phone", "reports/ringkasan-pimpinan", PHONE),
    Picture("fixes", "reports/daftar-perbaikan-dinkes"),
    Picture("map", "reports/peta-topologi"),
    Picture("roadmap", "reports/peta-jalan"),
    Picture("wall", "wall/layar-pemantauan", SCREEN),
)
PRINTED = (("summary-a4", "reports/ringkasan-pimpinan", 1), ("scorecard-a4", "reports/kartu-skor-dinkes", 1))
"""Name of the picture, the PDF that it shows without .pdf, and its page."""


def shown(browser: Browser, page: Path, window: Sequence[int], target: Path) -> None:
    """Write what a window shows of a page."""
    opened = browser.new_page(viewport={"width": window[0], "height": window[1]})
    opened.goto(page.as_uri())
    opened.screenshot(path=target)
    opened.close()


def printed(document: Path, page: int, target: Path) -> None:
    """Write one page of a PDF."""
    pages = ("-f", str(page), "-l", str(page), "-singlefile")
    command = ("pdftoppm", "-r", str(_A4_DOTS_PER_INCH), *pages, "-png", document, target.with_suffix(""))
    subprocess.run(command, check=True)


def main(demo: Path) -> int:
    """Write every picture into docs/images, with few colours so that the repository stays small."""
    path = program()
    if path is None:
        print("pictures: chromium is missing and this distribution packages none", file=sys.stderr)
        return 2
    demo = demo.resolve()
    with tempfile.TemporaryDirectory() as folder, started(path) as browser:
        made = Path(folder)
        for one in PICTURES:
            shown(browser, demo / f"{one.page}.html", one.window, made / f"{one.name}.png")
        for name, document, page in PRINTED:
            printed(demo / f"{document}.pdf", page, made / f"{name}.png")
        for picture in sorted(made.glob("*.png")):
            with Image.open(picture) as opened:
                few = opened.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
                few.save(IMAGES / picture.name, optimize=True)
            print(f"docs/images/{picture.name}: {(IMAGES / picture.name).stat().st_size // 1024} KB")
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(f"usage: {__doc__}")
    sys.exit(main(Path(sys.argv[1])))
