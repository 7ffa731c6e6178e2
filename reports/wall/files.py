"""The files of a wall screen. Their names never change, so that screens and other systems find them again."""

from __future__ import annotations

from auditor.model.wall import Wall
from reports.formats.base import RenderedFile
from reports.page import MEDIA_TYPE, render_template
from reports.wall.feed import feed_text
from reports.wall.metrics import metrics_text
from reports.wall.view import wall_view
from reports.words import Words

PAGES = {
    "id": ("layar-pemantauan.html", "layar-pemantauan-2.html"),
    "en": ("wall-screen.html", "wall-screen-2.html"),
}
"""Two pages that show the same and turn to each other: what both show was not renewed in between."""
FEED = "feed.json"
METRICS = "tilik.prom"


def render_wall(wall: Wall) -> tuple[RenderedFile, ...]:
    """Return the page twice, the feed and the metrics; raise ReportError for a language without reports."""
    words = Words(wall.language, wall.timezone)
    names = PAGES[wall.language]
    pages = (
        RenderedFile(
            name, MEDIA_TYPE, render_template(wall.language, "wall.html", wall_view(wall, words, other))
        )
        for name, other in zip(names, reversed(names), strict=True)
    )
    return (
        *pages,
        RenderedFile(FEED, "application/json", feed_text(wall).encode("ascii")),
        RenderedFile(METRICS, "text/plain; version=0.0.4", metrics_text(wall).encode()),
    )
