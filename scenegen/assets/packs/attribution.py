"""The text that goes with imported assets: who made what, under which terms, what was changed."""

from __future__ import annotations

from scenegen.assets.packs.store import PackManifest

LICENCES = {
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC-BY-3.0": "https://creativecommons.org/licenses/by/3.0/",
    "CC-BY-3.0-US": "https://creativecommons.org/licenses/by/3.0/us/",
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "Free-Art-1.3": "https://artlibre.org/licence/lal/en/",
    "GPL-2.0-or-later": "https://www.gnu.org/licenses/old-licenses/gpl-2.0.html",
}
COPYLEFT = ("Free-Art-1.3", "GPL-2.0-or-later")
"""Terms that pass on to what is made of a work."""


def attribution(manifest: PackManifest) -> str:
    """Return ``ATTRIBUTION.md`` of a pack."""
    lines = [
        f"# Attribution of the pack {manifest.pack}",
        "",
        "What this pack holds was converted by scenegen on this machine from:",
        "",
    ]
    if {fact.row.licence for fact in manifest.facts.values()} & set(COPYLEFT):
        lines[-1:-1] = ["", "Their licence passes on to these files and to whatever shows them."]
    lines += [f"- {name}, sha256 {digest}" for name, digest in manifest.packages.values()]
    lines += ["", "| asset | made by | licence | from |", "|---|---|---|---|"]
    facts = manifest.facts
    for asset_id, fact in facts.items():
        row = fact.row
        terms = f"[{row.licence}]({LICENCES[row.licence]})"
        lines.append(f"| {asset_id}: {row.what} | {row.creator} | {terms} | {row.url} |")
    lines += ["", "Changes made:", ""]
    for text in sorted({fact.changes for fact in facts.values()}):
        names = [asset_id for asset_id, fact in facts.items() if fact.changes == text]
        lines.append(f"- {text}: {', '.join(names)}")
    return "\n".join([*lines, ""])
