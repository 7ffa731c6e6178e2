"""Comments of the catalogue's commands and settings in Indonesian."""

from __future__ import annotations

from collections.abc import Mapping

COMMENTS: Mapping[str, str] = {}
"""Comment → what it says in Indonesian."""
