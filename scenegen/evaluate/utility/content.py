"""Which judged classes a prepared set has anything of."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scenegen.evaluate.memo import Memo
from scenegen.evaluate.utility.prepared import Prepared

CHUNK = 64


def classes_in(pictures: Prepared, classes: int, memo: Memo) -> npt.NDArray[np.bool_]:
    """Return which classes occur in the truth of any picture, (classes,) bool."""

    def count() -> dict[str, npt.NDArray[np.int64]]:
        total = np.zeros(256, np.int64)
        for start in range(0, len(pictures), CHUNK):
            stop = min(start + CHUNK, len(pictures))
            if pictures.task == "semantic":
                total += np.bincount(pictures.semantic(slice(start, stop)).ravel(), minlength=256)
            else:
                for i in range(start, stop):
                    total += np.bincount(pictures.boxes(i).class_id, minlength=256)
        return {"counts": total[:classes]}

    inputs = {"set": pictures.digest, "classes": classes}
    return np.asarray(memo.arrays("class-counts", inputs, count)["counts"] > 0)
