"""What a vehicle is made of: masses, springs, tyres and engine from its asset.

Values that assets don't carry are engineering values typical of their class.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenegen.records import Asset, Wheel
from scenegen.records.base import F64, Vec3

REAR_STIFFENING = 1.15
"""Rear tyres a little stiffer than front ones: every road vehicle understeers."""


@dataclass(frozen=True)
class VehicleClass:
    """Properties that go with a category.

    Attributes
    ----------
    cg_height : float
        Height of the centre of gravity over the vehicle's height.
    front_share : float
        Static load on the front axle of two.
    gyration : (3,)
        Radii of gyration over width, length and length, for roll, pitch and yaw.
    ride_hz, damping : float
        Heave frequency and damping ratio of the body on its springs.
    roll_bar : float
        Anti-roll stiffness over that of the springs.
    cornering : float
        Cornering stiffness over load, 1/rad.
    relaxation_m : float
        Rolling distance in which a tyre builds up its side force.
    power_w_kg, pull_mps2 : float
        Engine power and greatest starting acceleration per mass.
    brake_mps2 : float
        Greatest deceleration of the brakes; above friction except on heavy vehicles.
    drag_m2 : float
        Drag coefficient times frontal area over width times height.
    steer_max_rad, steer_rate_radps : float
        At the road wheels.
    anti_lock : bool
    """

    cg_height: float
    front_share: float
    gyration: Vec3
    ride_hz: float
    damping: float
    roll_bar: float
    cornering: float
    relaxation_m: float
    power_w_kg: float
    pull_mps2: float
    brake_mps2: float
    drag_m2: float
    steer_max_rad: float
    steer_rate_radps: float
    anti_lock: bool


CLASSES: dict[str, VehicleClass] = {
    "car": VehicleClass(
        0.36, 0.56, (0.38, 0.27, 0.28), 1.35, 0.35, 0.8, 13.0, 0.4,
        60.0, 4.5, 10.5, 0.30, 0.62, 0.7, True,
    ),
    "truck": VehicleClass(
        0.38, 0.42, (0.36, 0.25, 0.26), 1.6, 0.30, 1.2, 8.0, 0.5,
        18.0, 2.0, 7.0, 0.60, 0.62, 0.5, True,
    ),
    "bus": VehicleClass(
        0.36, 0.38, (0.36, 0.26, 0.27), 1.2, 0.30, 1.2, 8.5, 0.5,
        16.0, 1.8, 7.0, 0.60, 0.64, 0.5, True,
    ),
    "train": VehicleClass(
        0.38, 0.50, (0.36, 0.27, 0.28), 1.1, 0.25, 1.6, 9.0, 0.5,
        9.0, 1.3, 3.0, 0.55, 0.40, 0.5, True,
    ),
    "motorcycle": VehicleClass(
        0.50, 0.48, (0.40, 0.26, 0.27), 2.0, 0.30, 0.0, 14.0, 0.2,
        90.0, 4.0, 9.0, 0.60, 0.60, 1.6, True,
    ),
    "bicycle": VehicleClass(
        0.50, 0.42, (0.45, 0.24, 0.24), 3.2, 0.30, 0.0, 14.0, 0.15,
        4.0, 1.2, 5.0, 0.60, 0.68, 1.6, False,
    ),
}  # fmt: skip
"""Drivable categories."""


@dataclass(frozen=True)
class VehicleSpec:
    """One vehicle, ready to simulate.

    Attributes
    ----------
    cg_m : (3,)
        Centre of gravity, body frame.
    inertia_kgm2 : (3,)
        About the centre of gravity, along the body axes.
    static_load_n : ndarray, shape (K,)
        Wheel loads at rest on level ground.
    coupling : ndarray, shape (K, K)
        Spring force, N, per deflection of each wheel, m: springs and anti-roll bars.
    wheelbase_m, rear_axle_m : float
        Distance between the mean steered and mean fixed axle; x of the latter.
    balanced : bool
        A single-track vehicle that its rider balances.
    """

    asset: Asset
    kind: VehicleClass
    mass_kg: float
    cg_m: Vec3
    inertia_kgm2: Vec3
    wheels: tuple[Wheel, ...]
    static_load_n: F64
    coupling: F64
    damping_nspm: F64
    wheelbase_m: float
    rear_axle_m: float
    balanced: bool

    @property
    def understeer_rad(self) -> float:
        """Steering angle on top of the geometric one, for a lateral acceleration of 1 g.

        Rear tyres are `REAR_STIFFENING` times as stiff as front ones.
        """
        return (1.0 - 1.0 / REAR_STIFFENING) / self.kind.cornering


KINGPIN_SHARE = 0.3
"""Share of a semitrailer's weight that its tractor carries."""


def vehicle_spec(
    asset: Asset, own_kg: float, load_kg: float = 0.0, hitched_kg: float = 0.0
) -> VehicleSpec:
    """Work out a vehicle's parameters.

    Parameters
    ----------
    asset : Asset
        Of a category in `CLASSES`, with wheels at rest in the body frame.
    own_kg, load_kg : float
        Mass of the vehicle and of what it carries, which its springs are levelled for.
    hitched_kg : float
        Mass of the semitrailer that rests on it; a semitrailer itself rests on its tractor.

    Raises
    ------
    ValueError
        The asset has no wheels.
    """
    if not asset.wheels:
        raise ValueError(f"asset {asset.id} has no wheels to drive on")
    kind = CLASSES[asset.category]
    mass = own_kg + load_kg
    length, width, _ = asset.size_m
    height = float(asset.bounds_m[1, 2])
    x = np.array([w.position_m[0] for w in asset.wheels])
    y = np.array([w.position_m[1] for w in asset.wheels])
    steered = np.array([w.steered for w in asset.wheels])
    balanced = bool(np.ptp(y) < 0.2)
    kingpin = asset.anchors.get("kingpin")
    front = float(x[steered].mean()) if kingpin is None else kingpin[0]
    rear = float(x[~steered].mean())
    share = kind.front_share if kingpin is None else KINGPIN_SHARE
    cg = (rear + share * (front - rear), float(y.mean()), kind.cg_height * height)
    roll, pitch, yaw = kind.gyration
    gyration = np.array([roll * width, pitch * length, yaw * length])
    weight, moment = 9.81 * mass, 0.0
    if kingpin is not None:
        moment = -KINGPIN_SHARE * weight * (kingpin[0] - cg[0])
        weight *= 1.0 - KINGPIN_SHARE
    elif hitched_kg > 0:
        pressing = KINGPIN_SHARE * 9.81 * hitched_kg
        moment = pressing * (asset.anchors["fifth_wheel"][0] - cg[0])
        weight += pressing
    loads = _static_loads(x - cg[0], y - cg[1], weight, moment)
    springs = loads / 9.81 * (2 * np.pi * kind.ride_hz) ** 2
    damping = 2 * kind.damping * loads / 9.81 * (2 * np.pi * kind.ride_hz)
    return VehicleSpec(
        asset=asset,
        kind=kind,
        mass_kg=mass,
        cg_m=cg,
        inertia_kgm2=_vec3(mass * gyration**2),
        wheels=asset.wheels,
        static_load_n=loads,
        coupling=_coupling(x, y, springs, kind.roll_bar),
        damping_nspm=damping,
        wheelbase_m=front - rear,
        rear_axle_m=rear,
        balanced=balanced,
    )


def _static_loads(x_m: F64, y_m: F64, weight_n: float, moment_nm: float) -> F64:
    """Return the wheel loads nearest to equal that hold a weight and its moment along x."""
    conditions = np.stack([np.ones_like(x_m), x_m, y_m])
    equal = np.full_like(x_m, weight_n / len(x_m))
    missing = np.array([weight_n, moment_nm, 0.0]) - conditions @ equal
    return np.asarray(equal + np.linalg.pinv(conditions) @ missing)


def _coupling(x_m: F64, y_m: F64, springs: F64, roll_bar: float) -> F64:
    """Return the stiffness matrix (K, K) of springs and of a bar across each axle."""
    matrix = np.diag(springs)
    for i in range(len(x_m)):
        for j in range(len(x_m)):
            if abs(x_m[i] - x_m[j]) < 0.05 and y_m[i] * y_m[j] < 0:
                bar = 0.5 * roll_bar * springs[i]
                matrix[i, i] += bar
                matrix[i, j] -= bar
    return matrix


def _vec3(values: F64) -> Vec3:
    x, y, z = values.tolist()
    return (x, y, z)
