"""Pictures of one set that are copies of pictures of another: which, of what, by what rule."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.evaluate.feature_store import FeatureSet, spread
from scenegen.evaluate.measures.membership import Nearest, nearest
from scenegen.evaluate.measures.phash import Signatures, exact_pairs, near_pairs, unit_fine
from scenegen.evaluate.statistics import F64, I64

RATIO = 0.6
"""Distance to the nearest picture over the mean distance to the next ones, below which a picture
is a copy: a little above the one half of Carlini et al. (2023). Photographs of other drives come
out at 0.75 and more, copies cut by 5 % or mirrored at less than 0.6."""
MOST = 10_000
"""Pictures of a set that are held against each other; of more, as many spread evenly. Pictures
that are equal or nearly so in pixels are looked for among all."""
RULE = (
    f"a copy is nearly equal in pixels, or its nearest source is at most {RATIO} times as far away "
    "as the next ones, in features or in fine structure"
)
Bool = npt.NDArray[np.bool_]
Seen = tuple[FeatureSet, Signatures]


@dataclass(frozen=True)
class Copies:
    """What was found about pictures.

    Attributes
    ----------
    exact, near : (N,) bool
        Whether the pixels of each picture of the set equal those of a source, or only nearly.
    picture : (n,) int64
        Positions of those that were held against the sources in features and fine structure.
    features, fine : Nearest
        The nearest source of each of them; by position.
    source : (n,) int64
        The source that it stands out most to be near to.
    """

    exact: Bool
    near: Bool
    picture: I64
    features: Nearest
    fine: Nearest
    source: I64

    @property
    def strangeness(self) -> F64:
        """The smaller ratio (n,), 0 for what is equal or nearly so in pixels."""
        least = np.minimum(self.features.ratio, self.fine.ratio)
        return np.where((self.exact | self.near)[self.picture], 0.0, least)

    @property
    def copied(self) -> Bool:
        """Whether each of the pictures (n,) is a copy."""
        return self.strangeness <= RATIO


def find_copies(pictures: Seen, sources: Seen) -> Copies:
    """Tell which pictures are copies of a source.

    A picture is one if its pixels equal a source's, nearly or to the last, or if the nearest
    source is at most `RATIO` times as far away as the next `membership.NEXT`, other times of
    the same drive aside, by features or by fine structure. Noise, blur, compression and
    scaling leave the fine structure, cuts and mirroring leave the features.
    """
    frames, looks = pictures
    source_frames, source_looks = sources
    exact, near = exact_pairs(looks, source_looks), near_pairs(looks, source_looks)
    at, among = spread(len(frames), MOST), spread(len(source_frames), MOST)
    blocks = source_frames.blocks[among]
    features = nearest(frames.features[at], source_frames.features[among], blocks)
    fine = nearest(unit_fine(looks.fine[at]), unit_fine(source_looks.fine[among]), blocks)
    source = np.zeros(len(frames), np.int64)
    source[at] = among[np.where(features.ratio < fine.ratio, features.index, fine.index)]
    for pairs in (near, exact):
        source[pairs.left] = pairs.right
    places = np.arange(len(frames))
    equal, alike = np.isin(places, exact.left), np.isin(places, near.left)
    return Copies(equal, alike & ~equal, at, features, fine, source[at])
