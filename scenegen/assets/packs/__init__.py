"""Packs of assets that are brought in from packages on the user's own machine."""

from scenegen.assets.packs.imported import (
    Credit,
    credit,
    get_imported,
    imported_rows,
    missing,
)

__all__ = ["Credit", "credit", "get_imported", "imported_rows", "missing"]
