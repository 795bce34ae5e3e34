"""Packs of assets that are brought in from packages on the user's own machine."""

from scenegen.assets.packs.imported import (
    Credit,
    credit,
    get_imported,
    imported_rows,
    missing,
    sky_picture,
)
from scenegen.assets.packs.rows import allowed_skies

__all__ = [
    "Credit",
    "allowed_skies",
    "credit",
    "get_imported",
    "imported_rows",
    "missing",
    "sky_picture",
]
