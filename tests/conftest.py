"""How hard properties are tried: HYPOTHESIS_PROFILE=thorough for a release, otherwise quickly."""

from __future__ import annotations

import os

from hypothesis import settings

# No deadline: a property is about what comes out, not about how fast a busy machine is.
settings.register_profile("ci", max_examples=100, deadline=None, derandomize=True)
settings.register_profile("thorough", max_examples=20_000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
