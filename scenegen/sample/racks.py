"""Bicycles in the racks along a street."""

from __future__ import annotations

import numpy as np

from scenegen.assets import get
from scenegen.assets.kerbside import HOOP_STEP_M, hoops
from scenegen.geometry import yaw_of
from scenegen.geometry.transforms import quaternion_from_rpy
from scenegen.records import Prop
from scenegen.sample.site import Site

RACK, BICYCLE = "prop.bicycle_rack", "bicycle.city"
_SHARE = 0.45
"""Of hoops that have a bicycle."""
_BESIDE_M = 0.12
_LEAN_RAD = 0.07
_FORMS = 6


def park_bicycles(site: Site, rng: np.random.Generator) -> None:
    """Lock bicycles to the hoops of racks: leaning on them, either way round.

    They are props: pixels and points of the class of bicycles that belong to no object.
    """
    for rack in [prop for prop in site.props if prop.asset_id == RACK]:
        count = hoops(rack.variant)
        for k in range(count):
            y = (k - 0.5 * (count - 1)) * HOOP_STEP_M
            wanted, back = bool(rng.random() < _SHARE), bool(rng.random() < 0.5)
            along, variant = float(rng.uniform(-0.12, 0.12)), int(rng.integers(_FORMS))
            if wanted:
                _park(site, rack, (along, y), variant, back=back)


def _park(site: Site, rack: Prop, at: tuple[float, float], variant: int, *, back: bool) -> None:
    """Stand a bicycle on the left of a hoop, unless something is in the way."""
    turn = float(yaw_of(np.array(rack.quaternion_wxyz)))
    ahead, left = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    x, y = np.array(rack.position_m[:2]) + at[0] * ahead + (at[1] + _BESIDE_M) * left
    # Towards the hoop, which is on the bicycle's right, or on its left when it is turned round.
    lean = -_LEAN_RAD if back else _LEAN_RAD
    w, i, j, k = quaternion_from_rpy(lean, 0.0, turn + np.pi * back).tolist()
    bicycle = Prop(
        asset_id=BICYCLE,
        variant=variant,
        position_m=(float(x), float(y), rack.position_m[2]),
        quaternion_wxyz=(w, i, j, k),
    )
    site.stand_beside(bicycle, get(BICYCLE, variant).bounds_m, rack)
