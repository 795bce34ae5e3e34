"""Checks of occlusion, truncation and amodal boxes against actors drawn alone by rays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from scenegen.annotate.checks.boxes import label_corners, track_corners
from scenegen.annotate.checks.case import FrameCase, centres
from scenegen.annotate.checks.sampling import scatter, squares
from scenegen.annotate.checks.snapping import candidates, surely_covered
from scenegen.annotate.checks.squares import displacement_px
from scenegen.annotate.checks.surfaces import covered, swept_bounds
from scenegen.geometry import KannalaBrandt, apply, box_bounds, matrix_from_quaternion
from scenegen.records import ObjectLabel
from scenegen.records.base import F64

RAYS_PER_OBJECT = 16_384
"""Beyond this area one ray looks at each square of several pixels."""
SIGMAS = 5.0
"""Standard deviations that a sampled count may be off."""
OUTWARD = np.array([-1, -1, 1, 1])
"""Where a box's edges go as it grows."""


@dataclass(frozen=True)
class Counts:
    """Pixels of an actor alone: a `FrameLabels` gives them as shares of `visible_px`.

    Attributes
    ----------
    inside_px, area_px : float
        Within the picture, and on its grid continued by one picture on each side.
    box : ndarray, shape (4,)
        px xyxy by pixel corners; least above greatest where there are none.
    """

    inside_px: float
    area_px: float
    box: F64

    def within(self, other: Counts) -> bool:
        """Tell whether no count is greater, and the box reaches no further."""
        counts = self.inside_px <= other.inside_px and self.area_px <= other.area_px
        return counts and _reaches(other.box, self.box)

    def same(self, other: Counts) -> bool:
        """Tell whether all counts are equal."""
        counts = (self.inside_px, self.area_px) == (other.inside_px, other.area_px)
        return counts and np.array_equal(self.box, other.box)


def _reaches(outer: F64, inner: F64) -> bool:
    """Tell whether a box (4,) reaches as far as another on all sides."""
    return bool((OUTWARD * (outer - inner) >= 0).all())


def occlusion(case: FrameCase) -> Iterator[str]:
    """Occlusion, truncation and amodal box are those of the actor drawn alone by rays."""
    for label in case.labels.objects:
        if label.instance_id in case.truth.actors and label.occlusion < 1:
            for problem in _problems(case, label):
                yield f"instance {label.instance_id}: {problem}"


def _problems(case: FrameCase, label: ObjectLabel) -> Iterator[str]:
    image = _image(case, label)
    if image is None:
        yield "it is visible, but its box has no image"
        return
    told, fraction = _told(label)
    if fraction > 1e-3:
        yield (
            f"occlusion {label.occlusion:.6f} and truncation {label.truncation:.6f} are no "
            f"shares of whole pixels, of which {label.visible_px} are visible"
        )
    window = _Window.around(case, image)
    least, most = window.bounds(case, label, told)
    for name, low, value, high in (
        ("occlusion", least.inside_px, told.inside_px, most.inside_px),
        ("truncation", least.area_px, told.area_px, most.area_px),
    ):
        if not low <= value <= high:
            yield (
                f"{name} {getattr(label, name):.4f} makes {value:.0f} px of it alone, "
                f"by rays {low:.0f} to {high:.0f}"
            )
    if window.stride > 1:
        if not _box_is_tight(case, label):
            yield f"rays touch or leave the amodal box {label.box2d_amodal} otherwise than it says"
    elif not _reaches(told.box, least.box) or not _reaches(most.box, told.box):
        yield f"amodal box {label.box2d_amodal}, by rays {least.box} to {most.box}"


def _image(case: FrameCase, label: ObjectLabel) -> F64 | None:
    """Return least and greatest px (2, 2) that an object's box can reach; None for no image."""
    if case.rolling:
        by_row = case.bodies_by_row(label.instance_id)
        return swept_bounds(case.camera, track_corners(case, label), by_row, 1.0)
    return box_bounds(case.camera, label_corners(label))


def _told(label: ObjectLabel) -> tuple[Counts, float]:
    """Return the whole counts behind a label's shares, and how far they are from whole."""
    inside = label.visible_px / (1 - label.occlusion)
    area = round(inside) / (1 - label.truncation) if label.truncation < 1 else np.inf
    off = max(abs(inside - round(inside)), abs(area - np.rint(area)) if np.isfinite(area) else 1.0)
    return Counts(round(inside), float(np.rint(area)), np.asarray(label.box2d_amodal)), off


@dataclass(frozen=True)
class _Window:
    """Squares of pixels around an actor's image, each looked at by one ray.

    Attributes
    ----------
    pixels : ndarray, shape (R, C, 2), int64
        Column and row of the pixel that is looked at in each square.
    area, inside : ndarray, shape (R, C), float64
        Pixels of each square on the grid that counts go by, and within the picture.
    stride : int
        Side of a square.
    """

    pixels: npt.NDArray[np.int64]
    area: F64
    inside: F64
    stride: int

    @classmethod
    def around(cls, case: FrameCase, image: F64) -> _Window:
        size = np.array([case.camera.width, case.camera.height])
        low = np.clip(np.floor(image[0]) - 1, -size, 2 * size).astype(np.int64)
        high = np.clip(np.ceil(image[1]) + 1, -size, 2 * size).astype(np.int64)
        stride = max(1, int(np.ceil(np.sqrt(np.prod(high - low) / RAYS_PER_OBJECT))))
        (left, top), (right, bottom) = low.tolist(), high.tolist()
        first = squares(left, top, right, bottom, stride)
        jitter = np.floor(scatter(first[..., 0].size) * stride).astype(np.int64)

        def share(lowest: npt.NDArray[np.int64], highest: npt.NDArray[np.int64]) -> F64:
            sides = np.minimum(first + stride, highest) - np.maximum(first, lowest)
            return np.asarray(np.prod(np.maximum(sides, 0), axis=-1), dtype=np.float64)

        return cls(
            np.minimum(first + jitter.reshape(first.shape), high - 1),
            share(-size, 2 * size),
            share(np.zeros_like(size), size),
            stride,
        )

    def bounds(self, case: FrameCase, label: ObjectLabel, told: Counts) -> tuple[Counts, Counts]:
        """Return the least and greatest counts that rays allow."""
        hit = self._cast(case, label.instance_id, np.zeros(2))
        found = self._count(hit)
        if self.stride > 1:
            return self._estimate(hit, found, told.box)
        if found.same(told):
            return found, found
        sure, possible = self._beside(case, label, hit)
        if not told.within(self._count(possible)):
            possible = self._slivers(case, label, possible)
        if not self._count(sure).within(told):
            sure = self._whole(case, label, sure)
        return self._count(sure), self._count(possible)

    def _cast(self, case: FrameCase, instance_id: int, offset_px: F64) -> npt.NDArray[np.bool_]:
        points = centres(self.pixels.reshape(-1, 2)) + offset_px
        return covered(case.parts(instance_id), points).reshape(self.area.shape)

    def _count(self, hit: npt.NDArray[np.bool_]) -> Counts:
        found = self.pixels[hit]
        box = np.array([np.inf, np.inf, -np.inf, -np.inf])
        if len(found):
            box = np.concatenate([found.min(axis=0), found.max(axis=0) + 1]).astype(np.float64)
        return Counts(float(self.inside[hit].sum()), float(self.area[hit].sum()), box)

    def _beside(
        self, case: FrameCase, label: ObjectLabel, hit: npt.NDArray[np.bool_]
    ) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Return where all rays next to the centres meet the actor, and where any does."""
        sure, possible = hit, hit
        half = _displacement(case, label)
        for du in (-half, half):
            for dv in (-half, half):
                beside = self._cast(case, label.instance_id, np.array([du, dv]))
                sure, possible = sure & beside, possible | beside
        return sure, possible

    def _slivers(
        self, case: FrameCase, label: ObjectLabel, possible: npt.NDArray[np.bool_]
    ) -> npt.NDArray[np.bool_]:
        """Add pixels next to an actor's that have a triangle between the rays beside them."""
        grown = possible.copy()
        for at in np.argwhere(_widened(possible, 2) & ~possible):
            grown[tuple(at)] = _touches(case, label, centres(self.pixels[tuple(at)]))
        return grown

    def _whole(
        self, case: FrameCase, label: ObjectLabel, sure: npt.NDArray[np.bool_]
    ) -> npt.NDArray[np.bool_]:
        """Leave out pixels that lie on sheets which may come apart."""
        parts, nearest = case.parts(label.instance_id), _nearest(case, label)
        whole = sure.copy()
        for at in np.argwhere(sure):
            whole[tuple(at)] = surely_covered(parts, centres(self.pixels[tuple(at)]), nearest)
        return whole

    def _estimate(
        self, hit: npt.NDArray[np.bool_], found: Counts, box: F64
    ) -> tuple[Counts, Counts]:
        """Return bounds on counts from one pixel of each square; the box is not judged.

        Squares are full or empty but for those beside others that differ. Of these each
        adds a variance of at most a quarter of its area squared.
        """
        edge = _widened(hit, 1) & _widened(~hit, 1)
        of_area = SIGMAS * 0.5 * np.sqrt((self.area[edge] ** 2).sum())
        of_inside = SIGMAS * 0.5 * np.sqrt((self.inside[edge] ** 2).sum())
        return (
            Counts(found.inside_px - of_inside, found.area_px - of_area, box),
            Counts(found.inside_px + of_inside, found.area_px + of_area, box),
        )


def _box_is_tight(case: FrameCase, label: ObjectLabel) -> bool:
    """Tell whether an actor touches the outermost lines of its amodal box, and none beyond.

    For actors too large to cast a ray at every pixel: what is connected and doesn't touch
    the lines around a box doesn't lie beyond them.
    """
    size = np.array([case.camera.width, case.camera.height])
    x1, y1, x2, y2 = (round(v) for v in label.box2d_amodal)
    outside = [_line(x1 - 1, x1, y1, y2), _line(x2, x2 + 1, y1, y2)]
    outside += [_line(x1, x2, y1 - 1, y1), _line(x1, x2, y2, y2 + 1)]
    inside = [_line(x1, x1 + 1, y1, y2), _line(x2 - 1, x2, y1, y2)]
    inside += [_line(x1, x2, y1, y1 + 1), _line(x1, x2, y2 - 1, y2)]
    half = _displacement(case, label)
    parts = case.parts(label.instance_id)
    corners = half * np.array([[0, 0], [-1, -1], [1, -1], [-1, 1], [1, 1]])
    for pixels in outside:
        within = ((pixels >= -size) & (pixels < 2 * size)).all(axis=1)
        points = centres(pixels[within])
        if np.all([covered(parts, points + offset) for offset in corners], axis=0).any():
            return False
    for pixels in inside:
        points = centres(pixels)
        met = np.any([covered(parts, points + offset) for offset in corners], axis=0)
        if not met.any() and not any(_touches(case, label, point) for point in points):
            return False
    return True


def _line(x1: int, x2: int, y1: int, y2: int) -> npt.NDArray[np.int64]:
    """Return the pixels (N, 2) of a rectangle of the picture's grid."""
    return squares(x1, y1, x2, y2, 1).reshape(-1, 2)


def _nearest(case: FrameCase, label: ObjectLabel) -> float:
    """Return the least depth, m, that an actor's box has in the picture."""
    corners = label_corners(label)
    if case.rolling:
        poses = case.bodies_by_row(label.instance_id)[:: max(1, case.camera.height // 8)]
        corners = np.stack([apply(pose, track_corners(case, label)) for pose in poses])
    if not isinstance(case.camera.lens, KannalaBrandt):
        return max(float(corners[..., 2].min()), case.camera.near_m)
    turned = matrix_from_quaternion(label.box3d.quaternion_wxyz).T
    half = 0.5 * np.array(label.box3d.size_m)
    eye = turned @ -np.array(label.box3d.center_m)
    swept = np.linalg.norm(np.ptp(corners.reshape(-1, 8, 3), axis=0), axis=-1).max()
    near = float(np.linalg.norm(eye - np.clip(eye, -half, half)) - swept)
    return max(near, case.camera.near_m)


def _displacement(case: FrameCase, label: ObjectLabel) -> float:
    """Return how far, px, a rasteriser may move an actor's corners."""
    nearest = _nearest(case, label)
    x1, y1, x2, y2 = label.box2d_amodal
    around = squares(0, 0, 5, 5, 1).reshape(-1, 2) / 4 * (x2 - x1, y2 - y1) + (x1, y1)
    return max(displacement_px(placed, nearest, around) for placed in case.parts(label.instance_id))


def _touches(case: FrameCase, label: ObjectLabel, point_px: F64) -> bool:
    """Tell whether a rasteriser may show an actor, drawn alone, at a pixel's centre."""
    parts = case.parts(label.instance_id)
    found = candidates(case.camera, parts, point_px, _nearest(case, label))
    return bool((found.instance == label.instance_id).any())


def _widened(mask: npt.NDArray[np.bool_], times: int) -> npt.NDArray[np.bool_]:
    square = np.ones((3, 3), dtype=np.bool_)
    return np.asarray(ndimage.binary_dilation(mask, square, iterations=times))
