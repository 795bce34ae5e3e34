"""C2PA manifests: what a picture says of its origin, signed and bound to its bytes.

A manifest of C2PA has random salts in it, so two signatures of equal bytes differ and pictures
that carried them inside would never be made again byte by byte. It lies beside the data instead.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scenegen import __version__
from scenegen.dataset.signing_keys import SigningKeys

if TYPE_CHECKING:
    import c2pa

IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
RENDERED = f"{IPTC}algorithmicMedia"
"""Made by an algorithm that was trained on nothing."""
REFINED = f"{IPTC}compositeWithTrainedAlgorithmicMedia"
"""A render that a trained model has worked on."""
FROM_NOISE = f"{IPTC}trainedAlgorithmicMedia"
"""Made by a trained model alone."""
SYNTHETIC = (RENDERED, REFINED, FROM_NOISE)
FACTS = "org.scenegen.frame"
"""Label of the assertion that holds a claim's facts."""
_PNG = "image/png"


@dataclass(frozen=True)
class Claim:
    """What a manifest says of one picture.

    Attributes
    ----------
    title : str
        The picture's name in its data set.
    source_type : str
        IPTC's digital source type, one of `SYNTHETIC`.
    facts : mapping of str
        How it was made: weights' digest, strength, guidance, seed, scores …
    raw_sha256 : str, optional
        Of the rendered PNG that a refined one comes from; it becomes the ingredient.
    """

    title: str
    source_type: str = RENDERED
    facts: Mapping[str, str] = field(default_factory=dict)
    raw_sha256: str | None = None

    def definition(self) -> dict[str, Any]:
        """Return the manifest as C2PA's builder takes it."""
        agent = {"name": "scenegen", "version": __version__}
        created: dict[str, Any] = {
            "action": "c2pa.created",
            "softwareAgent": agent,
            "digitalSourceType": self.source_type,
        }
        found: dict[str, Any] = {"claim_generator_info": [agent], "format": _PNG}
        facts = dict(self.facts)
        if self.raw_sha256 is not None:
            facts["raw_sha256"] = self.raw_sha256
            created["parameters"] = {"ingredientIds": ["raw"]}
            found["ingredients"] = [
                {
                    "label": "raw",
                    "title": f"{self.title} as rendered",
                    "format": _PNG,
                    "relationship": "inputTo",
                    "instance_id": f"sha256:{self.raw_sha256}",
                }
            ]
        assertions = [{"label": "c2pa.actions", "data": {"actions": [created]}}]
        if facts:
            assertions.append({"label": FACTS, "data": facts})
        return {**found, "title": self.title, "assertions": assertions}


class ManifestSigner:
    """Signs pictures with one pair of keys.

    Parameters
    ----------
    keys : SigningKeys
    """

    def __init__(self, keys: SigningKeys) -> None:
        import c2pa  # noqa: PLC0415 - a native library that only signing and checking need

        self.anchor = keys.anchor
        plain = {"thumbnail": {"enabled": False}}  # 600 KB a frame less
        # What was signed is checked by `verify`, which also sees what the disk made of it.
        self._context = _context({"builder": plain, "verify": {"verify_after_sign": False}})
        info = c2pa.C2paSignerInfo(keys.algorithm, keys.chain, keys.key, None)
        self._signer = c2pa.Signer.from_info(info)

    def sign_png(self, png: bytes, claim: Claim) -> bytes:
        """Return the manifest (the bytes of a ``.c2pa`` file) of a PNG; the PNG stays as it is."""
        import c2pa  # noqa: PLC0415

        builder = c2pa.Builder(claim.definition(), context=self._context)
        builder.set_no_embed()
        return bytes(builder.sign(self._signer, _PNG, io.BytesIO(png), io.BytesIO()))


class ManifestChecker:
    """Holds pictures against their manifests.

    Parameters
    ----------
    anchor : str
        PEM of the certificate that vouches for whoever signed.
    """

    def __init__(self, anchor: str) -> None:
        offline = {"verify_trust": True, "remote_manifest_fetch": False, "ocsp_fetch": False}
        self._context = _context({"trust": {"user_anchors": anchor}, "verify": offline})

    def problem(self, png: bytes, manifest: bytes) -> str | None:
        """Return what is wrong with a picture and its manifest, or None."""
        import c2pa  # noqa: PLC0415

        try:
            reader = c2pa.Reader(_PNG, io.BytesIO(png), manifest, self._context)
            found = json.loads(reader.json())
        except c2pa.C2paError as error:
            return f"its manifest is damaged ({str(error).rstrip(': ')})"
        codes = {row["code"] for row in found.get("validation_status", ())}
        if codes & {"assertion.dataHash.mismatch", "assertion.dataHash.malformed"}:
            return "its bytes are not those that were signed"
        if "signingCredential.untrusted" in codes:
            return "signed by another key than the data set's"
        if found.get("validation_state") != "Trusted":
            return f"its manifest doesn't hold ({', '.join(sorted(codes)) or 'not trusted'})"
        if not _source_types(found) & {*SYNTHETIC}:
            return "its manifest doesn't say that it is synthetic"
        return None


def facts_of(manifest: bytes) -> dict[str, str]:
    """Return the facts that a manifest states, unchecked."""
    import c2pa  # noqa: PLC0415

    found = json.loads(c2pa.Reader("application/c2pa", io.BytesIO(manifest)).json())
    rows = _assertions(found)
    return dict(next((row["data"] for row in rows if row["label"] == FACTS), {}))


def _source_types(found: Mapping[str, Any]) -> set[str]:
    actions = [
        action
        for row in _assertions(found)
        if row["label"].startswith("c2pa.actions")
        for action in row["data"]["actions"]
    ]
    return {a.get("digitalSourceType", "") for a in actions if a["action"] == "c2pa.created"}


def _assertions(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    return list(found["manifests"][found["active_manifest"]].get("assertions", ()))


def _context(settings: dict[str, Any]) -> c2pa.Context:
    import c2pa  # noqa: PLC0415

    return c2pa.Context(settings=c2pa.Settings.from_dict(settings))
