"""Choices that verbs offer and stages know, light to load: no verb needs a stage to list them."""

from __future__ import annotations

from typing import Literal

QualityName = Literal["fast", "full"]
"""Of pictures."""
COUNTED = ("collision", "off_road", "red_light", "stop_line")
"""Criteria of driving whose violation is a failure where nothing else is asked for."""
