"""Words, numbers, dates and times in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib import resources
from io import BytesIO
from zoneinfo import ZoneInfo

from babel.core import Locale
from babel.dates import format_date, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from reports.errors import ReportError

LANGUAGES = ("id", "en")
NO_BREAK_SPACE = "\u00a0"


def N_(message: str) -> str:
    """Mark a message for translation without translating it here; gettext's customary name for that."""
    return message


@cache
def translations(language: str) -> NullTranslations:
    """Return the catalogue of a language; English is the language of the message ids."""
    if language not in LANGUAGES:
        raise ReportError(f"no reports in language {language!r}; choose one of: {', '.join(LANGUAGES)}")
    return NullTranslations() if language == "en" else _compiled(f"{language}.po", language)


@cache
def comment_translations(language: str) -> NullTranslations:
    """Return the comments of the catalogue's commands in a language; they are written in English."""
    return NullTranslations() if language == "en" else _compiled(f"comments-{language}.po", language)


def _compiled(name: str, language: str) -> GNUTranslations:
    source = resources.files("reports").joinpath("translations", name).read_bytes()
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(source), locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def truncated(value: float, digits: int = 1) -> Decimal:
    """Return a number cut off after some decimals, so that 99.96 is never shown as 100.

    Binary noise beyond nine decimals (57.99999999999999 for 58) is removed first.
    """
    exact = Decimal(repr(round(value, 9)))
    return exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_DOWN)


@dataclass(frozen=True, slots=True)
class Words:
    """Speak one language in one time zone (an IANA name)."""

    language: str
    timezone: str

    def say(self, message: str, /, **values: object) -> str:
        """Return a message in the language, with `%(name)s` filled in."""
        return translations(self.language).gettext(message) % values

    def plural(self, one: str, many: str, count: int, /, **values: object) -> str:
        """Return the form of a message for a count, which it may show as `%(count)s`."""
        chosen = translations(self.language).ngettext(one, many, count)
        return chosen % {**values, "count": self.integer(count)}

    def of(self, text: Mapping[str, str]) -> str:
        """Return the language's side of a bilingual text, else English, else nothing."""
        return text.get(self.language) or text.get("en", "")

    def integer(self, value: int) -> str:
        """Format a count with thousands separators."""
        return str(format_decimal(value, locale=self._locale()))

    def decimal(self, value: float, digits: int = 1) -> str:
        """Format a number truncated after some decimals, always showing all of them."""
        pattern = "#,##0." + "0" * digits
        return str(format_decimal(truncated(value, digits), format=pattern, locale=self._locale()))

    def quantity(self, value: float) -> str:
        """Format a weight or an effort: at most two decimals, and only those it needs."""
        return str(format_decimal(truncated(value, 2), format="#,##0.##", locale=self._locale()))

    def percent(self, value: float) -> str:
        """Format a percentage (0 to 100): `87,5 %` in Indonesian, `87.5%` in English."""
        space = NO_BREAK_SPACE if self.language == "id" else ""
        return f"{self.decimal(value)}{space}%"

    def difference(self, before: float, after: float) -> str:
        """Format the change between two percentages as the difference of the numbers shown."""
        return self.points(truncated(after) - truncated(before))

    def points(self, change: Decimal) -> str:
        """Format a change in percentage points with its sign: `+2,5`, `−0,1`, `±0,0`."""
        number = format_decimal(abs(change), format="#,##0.0", locale=self._locale())
        return f"{'+' if change > 0 else '−' if change < 0 else '±'}{number}"

    def day(self, value: date) -> str:
        """Format a date: `5 Oktober 2026`."""
        return str(format_date(value, "d MMMM y", locale=self._locale()))

    def local_day(self, value: datetime) -> date:
        """Return the local calendar day of a moment."""
        return value.astimezone(ZoneInfo(self.timezone)).date()

    def moment(self, value: datetime) -> str:
        """Format a moment in local time: `5 Oktober 2026 14.05 WIB`."""
        local = value.astimezone(ZoneInfo(self.timezone))
        pattern = "HH.mm" if self.language == "id" else "HH:mm"
        return (
            f"{self.day(local.date())} {format_time(local, pattern, locale=self._locale())} {local.tzname()}"
        )

    def listed(self, items: list[str]) -> str:
        """Join items with commas."""
        return ", ".join(items)

    def _locale(self) -> Locale:
        return _LOCALES[self.language]


_LOCALES = {"id": Locale.parse("id"), "en": Locale.parse("en")}
