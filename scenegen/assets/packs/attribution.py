"""The text that goes with imported assets: who made what, under which terms, what was changed."""

from __future__ import annotations

from scenegen.assets.packs.store import PackManifest

LICENCES = {
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC-BY-3.0": "https://creativecommons.org/licenses/by/3.0/",
    "CC-BY-3.0-US": "https://creativecommons.org/licenses/by/3.0/us/",
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
}


def attribution(manifest: PackManifest) -> str:
    """Return ``ATTRIBUTION.md`` of a pack."""
    lines = [
        f"# Attribution of the pack {manifest.pack}",
        "",
        "These 3D models were converted by scenegen on this machine from:",
        "",
    ]
    lines += [f"- {name}, sha256 {digest}" for name, digest in manifest.packages.values()]
    lines += ["", "| asset | made by | licence | from |", "|---|---|---|---|"]
    for asset_id, fact in manifest.assets.items():
        row = fact.row
        terms = f"[{row.licence}]({LICENCES[row.licence]})"
        lines.append(f"| {asset_id}: {row.what} | {row.creator} | {terms} | {row.url} |")
    lines += ["", "Changes made:", ""]
    for text in sorted({fact.changes for fact in manifest.assets.values()}):
        names = [asset_id for asset_id, fact in manifest.assets.items() if fact.changes == text]
        lines.append(f"- {text}: {', '.join(names)}")
    return "\n".join([*lines, ""])
