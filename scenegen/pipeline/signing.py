"""The keys ``c2pa.…`` of verbs that write data sets, and whom they name."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field

from scenegen.errors import InputError
from scenegen.pipeline.evaluate_config import Group

if TYPE_CHECKING:
    from scenegen.dataset import DatasetInfo, SigningKeys


class C2paKeys(Group):
    """Whether frames are signed, and by whom."""

    sign: bool = Field(False, description="sign every colour picture with a C2PA manifest")
    cert: Path | None = Field(
        None, description="your certificate and those above it, PEM; self-signed if not given"
    )
    key: Path | None = Field(None, description="the private key of c2pa.cert, PEM")

    def keys(self, info: DatasetInfo) -> SigningKeys | None:
        """Return whose keys sign a data set, or None if nothing does.

        Without files, keys of this machine's own: made once for a data set, kept in the user's
        data folder and never in a data set.

        Raises
        ------
        InputError
            The files that were given are no pair of keys.
        """
        from scenegen.dataset import own_keys, read_keys  # noqa: PLC0415 - only who signs
        from scenegen.dataset.canonical import canonical_json  # noqa: PLC0415

        if not self.sign:
            return None
        if (self.cert is None) != (self.key is None):
            raise InputError("c2pa.cert and c2pa.key go together; without both, keys are made")
        if self.cert is not None and self.key is not None:
            return read_keys(self.cert, self.key)
        name = hashlib.sha256(canonical_json(info.identity())).hexdigest()
        return own_keys(name[:16])
