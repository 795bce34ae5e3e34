"""All vehicles of a scene on their springs and tyres, in arrays over vehicles and wheels.

Bullet solves the contacts of their bodies. Everything between chassis and road is worked
out here at Bullet's own rate, as is the motion of a vehicle that nothing touches.

Steps come in short blocks. At the start of a block (`begin`), the chassis' axes, the
road under the wheels and the levers of all wheel forces are worked out; within it, a
vehicle's six velocities are kept in those fixed axes, and the forces turn with its yaw.
Pitch and roll within a block change directions by some 1e-3 rad only.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64, Vec3
from scenegen.simulate.actuators import ROLLING_RESISTANCE, Actuators, Controls
from scenegen.simulate.balance import Balance
from scenegen.simulate.engine import GRAVITY_MPS2
from scenegen.simulate.grip import Grip
from scenegen.simulate.ground import REFRESH_STEPS, Underfoot
from scenegen.simulate.hitches import Hitch, Hitches
from scenegen.simulate.jit import compiled
from scenegen.simulate.kerbs import Kerbs
from scenegen.simulate.layout import FleetLayout
from scenegen.simulate.specs import VehicleSpec
from scenegen.simulate.tyres import Tyres
from scenegen.simulate.vectors import cross, rotation_matrices, turned

BUMP_FROM_M = 0.07
BUMP_STIFFENING = 8.0
BUMP_LOSS_SPM = 0.5
"""Bump stops give back less than they take, by how fast they are left."""

DROOP_M = 0.12
UPRIGHT = 0.5
"""Wheels of a vehicle that leans more than 60 degrees have left the road."""


class Fleet:
    """State and forces of N vehicles with up to K wheels each.

    Attributes
    ----------
    position_m, quaternion_wxyz, velocity_mps, spin_radps : ndarray, shape (N, 3 or 4)
        Of the centres of gravity, in the world, as of the last `publish`.
    wheel_angle_rad : ndarray, shape (N, K)
        Rolled angles, forward positive.
    load_n : ndarray, shape (N, K)
        Wheel loads.
    wind_n, wind_arm_m : ndarray, shape (N,)
        Force of wind from the side, to the left, and how far above the centre of gravity it acts.
    """

    def __init__(self, specs: Sequence[VehicleSpec], grip: Grip, physics_hz: int) -> None:
        self.specs = list(specs)
        self.grip = grip
        self.dt = 1.0 / physics_hz
        self.layout = layout = FleetLayout(specs)
        n, k = self.shape = layout.shape
        self._balance = Balance(layout)
        self.balanced = self._balance.balanced
        self.mass_kg = np.array([s.mass_kg for s in self.specs])
        self.inertia = np.array([s.inertia_kgm2 for s in self.specs]).reshape(n, 3)
        self.actuators = Actuators(layout)
        self.tyres = Tyres(layout.tyres, grip, self.dt)
        self.position_m, self.velocity_mps = np.zeros((n, 3)), np.zeros((n, 3))
        self.quaternion_wxyz = np.tile([1.0, 0.0, 0.0, 0.0], (n, 1))
        self.spin_radps = np.zeros((n, 3))
        self.wheel_angle_rad = np.zeros(self.shape)
        self.load_n = layout.static_n.copy()
        self._along_mps, self._across_mps = np.zeros(self.shape), np.zeros(self.shape)
        # Columns: velocity x, y, spin x, y, velocity z, spin z. The first two pairs turn
        # with yaw as complex numbers.
        self._twist, self._turned = np.zeros((n, 6)), np.zeros((n, 6))
        self._twist_xy = self._twist[:, :4].view(np.complex128)
        self._turned_xy = self._turned[:, :4].view(np.complex128)
        self._force = np.zeros((n, 3, k))
        self._depth_m, self._rising_mps = np.zeros(self.shape), np.zeros(self.shape)
        self._steps = REFRESH_STEPS
        self.hitches = Hitches(())
        self.kerbs: Kerbs | None = None
        self.pulled_kg = np.zeros(n)
        self.wind_n, self.wind_arm_m = np.zeros(n), np.zeros(n)
        self._bump = layout.static_n * (BUMP_STIFFENING / 0.05)

    @property
    def controls(self) -> Controls:
        """What the drivers ask for."""
        return self.actuators.controls

    @property
    def steer_rad(self) -> F64:
        """Steering angles (N,) at the road wheels."""
        return self.actuators.steer_rad

    def couple(self, hitches: Sequence[Hitch]) -> None:
        """Hitch vehicles to each other; engines are those of whole trains."""
        self.hitches = Hitches(hitches)
        for hitch in hitches:
            self.pulled_kg[hitch.tractor] = self.mass_kg[hitch.trailer]
        self.layout.strengthen(1.0 + self.pulled_kg / self.mass_kg)

    def take(self, index: Sequence[int], rows: F64) -> None:
        """Take over the state of some vehicles from rows of `Engine.read`.

        `begin` has to follow before the next step.
        """
        self.position_m[index] = rows[:, :3]
        self.quaternion_wxyz[index] = rows[:, 3:7]
        self.velocity_mps[index] = rows[:, 7:10]
        self.spin_radps[index] = rows[:, 10:13]

    def nudge(self, index: Sequence[int], rows: F64) -> None:
        """Change velocities to what contacts have made of them in the step just done.

        Parameters
        ----------
        rows : ndarray, shape (m, 13)
            Of `Engine.read`, against the motion last published.
        """
        change = np.stack(
            [rows[:, 7:10] - self.velocity_mps[index], rows[:, 10:13] - self.spin_radps[index]],
            axis=1,
        )
        change = change @ self.axes[index]
        columns = np.concatenate([change[:, :, :2].reshape(-1, 4), change[:, :, 2]], axis=1)
        self._twist[index] += columns
        self._moved[index] += columns

    def kick(self, vehicle: int, impulse_ns: F64, moment_nms: F64) -> None:
        """Change velocities by an impulse (3,) of the step just done and its moment (3,), world."""
        axes = self.axes[vehicle]
        dx, dy, dz = ((impulse_ns @ axes) / self.mass_kg[vehicle]).tolist()
        wx, wy, wz = ((moment_nms @ axes) / self.inertia[vehicle]).tolist()
        columns = np.array([dx, dy, wx, wy, dz, wz])
        self._twist[vehicle] += columns
        self._moved[vehicle] += columns

    def yielding(self, vehicle: int, arm_m: F64, direction: F64) -> float:
        """Return how much (m/s per Ns) a vehicle's point at an arm (3,) yields in a direction."""
        lever = cross(arm_m, direction) @ self.axes[vehicle]
        return float(1.0 / self.mass_kg[vehicle] + (lever * lever / self.inertia[vehicle]).sum())

    def rows(self) -> F64:
        """Return the state (N, 13) in the form of `Engine.read`."""
        return np.concatenate(
            [self.position_m, self.quaternion_wxyz, self.velocity_mps, self.spin_radps], axis=1
        )

    def lighten(self, vehicle: int, load_kg: float) -> None:
        """Take a load off; the springs, levelled for it, lift the body a little."""
        left = (self.mass_kg[vehicle] - load_kg) / self.mass_kg[vehicle]
        self.mass_kg[vehicle] *= left
        self.inertia[vehicle] *= left

    def set_anti_lock(self, vehicle: int, works: bool) -> None:
        """Say whether a vehicle's anti-lock system works, if it has one."""
        self.tyres.anti_lock[vehicle] = self.layout.tyres.anti_lock[vehicle] * float(works)

    def patches_world(self) -> F64:
        """Return the wheels' points at ground level (N, K, 3)."""
        rotation = rotation_matrices(self.quaternion_wxyz)
        return self.position_m[:, None] + self.layout.patch_m @ rotation.transpose(0, 2, 1)

    # -- a block of steps -------------------------------------------------------------

    def begin(self, underfoot: Underfoot) -> None:
        """Start a block from the published state, on the road as it is under the wheels."""
        self.axes = axes = rotation_matrices(self.quaternion_wxyz)
        motion = np.stack([self.velocity_mps, self.spin_radps], axis=1) @ axes
        self._twist[:, :4] = motion[:, :, :2].reshape(-1, 4)
        self._twist[:, 4:] = motion[:, :, 2]
        speed = np.sqrt((self.velocity_mps * self.velocity_mps).sum(axis=1))
        elapsed, going = self._steps * self.dt, self._trailing()
        self.actuators.update(speed, going, self.mass_kg, self.pulled_kg, elapsed)
        self._lay_levers(underfoot)
        self._set_constants(speed)
        load, share = self.load_n, self.load_n.sum(axis=1)[:, None]
        resistance = ROLLING_RESISTANCE * share
        brake = (self.actuators.brake_n[:, None] + resistance) * load / np.maximum(share, 1.0)
        pull = self.actuators.drive_n * self.controls.gear
        drive = pull[:, None] * self.layout.driven
        self.tyres.prepare(load, self._along_mps, self._across_mps, drive, brake)
        self._yaw_rad = np.zeros(self.shape[0])
        self._moved, self._rolled_m = np.zeros_like(self._twist), np.zeros(self.shape)
        self._steps = 0

    def _trailing(self) -> F64:
        """Return the steering angles (N,) at which the front wheel would roll without slip."""
        slips = np.arctan2(self._across_mps, np.maximum(self._along_mps, 1.0))
        turned_by = self.axes[:, 2, 2] * (slips * self.layout.steered).sum(axis=1)
        return np.asarray(self.steer_rad + turned_by)

    def _lay_levers(self, underfoot: Underfoot) -> None:
        """Work out how chassis velocities move the patches, and forces there the chassis."""
        n, k = self.shape
        normal = underfoot.normal @ self.axes
        patch = self.layout.patch_m
        at = (underfoot.at_m - self.position_m[:, None]) @ self.axes
        self._depth_m = ((at - patch) * normal).sum(axis=-1)
        steer = self.actuators.steer_rad[:, None] * self.layout.steered
        across, jacobian = _levers(
            (np.cos(steer), np.sin(steer)), normal, patch, self._depth_m, self.layout.balanced
        )
        self._jacobian = jacobian.reshape(n, 3 * k, 6)
        mass, (ix, iy, iz) = self.mass_kg, self.inertia.T
        self._per_force = self.dt / np.stack([mass, mass, ix, iy, mass, iz], axis=1)
        self.per_impulse = self._per_force / self.dt
        if self.hitches.pairs:
            self.hitches.begin(self.position_m, self.axes, self.per_impulse)
        if self.kerbs is not None:
            beside = None if underfoot.is_level else across
            self.kerbs.begin(self, beside, self._along_mps, self._across_mps)
        self._response = self._jacobian * self._per_force[:, None]

    def _set_constants(self, speed_mps: F64) -> None:
        """Fix gravity, air drag and wind, and who has wheels on the road."""
        axes, twist = self.axes, self._twist
        self._steady = np.zeros_like(twist)
        slowing = (self.layout.drag * speed_mps * (self.dt / self.mass_kg))[:, None]
        fall = axes[:, 2] * (-GRAVITY_MPS2 * self.dt)
        self._steady[:, :2] = fall[:, :2] - slowing * twist[:, :2]
        self._steady[:, 4] = fall[:, 2] - slowing[:, 0] * twist[:, 4]
        if self.wind_n.any():
            self._steady[:, 1] += self.wind_n * self._per_force[:, 1]
            self._steady[:, 2] -= self.wind_n * self.wind_arm_m * self._per_force[:, 2]
        self._gate = self.layout.present * (axes[:, 2, 2] > UPRIGHT)[:, None]
        self._balance.begin(axes, self.mass_kg, self.inertia[:, 0], self._side_n(), speed_mps)

    def _side_n(self) -> F64:
        """Return the side forces (N,) that engines and brakes leave of the tyres' friction."""
        load = self.load_n
        braked = self.actuators.brake_n / np.maximum(load.sum(axis=1), 1.0)
        along = braked[:, None] * load + self.actuators.drive_n[:, None] * self.layout.driven
        most = self.grip.peak * load
        left = np.sqrt(np.maximum(most * most - along * along, 0.0))
        return np.asarray(np.where(self.tyres.locked, 0.0, left).sum(axis=1))

    def advance(self) -> None:
        """Go on by one physics step: springs, tyres, air, engines, brakes and gravity."""
        dt, twist, now = self.dt, self._twist, self._turned
        n, k = self.shape
        yaw = np.exp(1j * self._yaw_rad)[:, None]
        np.multiply(self._twist_xy, yaw.conj(), out=self._turned_xy)
        now[:, 4:] = twist[:, 4:]
        moving = (self._jacobian @ now[:, :, None]).reshape(n, 3, k)
        along, across, rising = moving[:, 0], moving[:, 1], moving[:, 2]
        if self._steps:
            self._depth_m -= rising * dt
        self.load_n = load = self._springs(rising)
        force = self._force
        force[:, 0], force[:, 1] = self.tyres.forces(load, along, across)
        force[:, 2] = load
        change = (force.reshape(n, 1, 3 * k) @ self._response)[:, 0]
        if self._balance.active:
            moment = self._balance.moment(self.controls.lean_rad, now[:, 2], dt)
            change[:, 2] += moment * self._per_force[:, 2]
        self._twist_xy += change[:, :4].view(np.complex128) * yaw
        twist[:, 4:] += change[:, 4:]
        twist += self._steady
        if self.hitches.pairs:
            self.hitches.hold(twist)
        if self.kerbs is not None:
            self.kerbs.hold(twist, dt)
        self._moved += twist
        self._yaw_rad += twist[:, 5] * dt
        self._rolled_m += np.where(self.tyres.locked, 0.0, along)
        self._along_mps, self._across_mps, self._rising_mps = along, across, rising
        self._steps += 1

    def contact(self) -> tuple[F64, npt.NDArray[np.bool_]]:
        """Return how far each wheel (N, K) is pressed up, m, and whether it bears on the road."""
        return self._depth_m - self._rising_mps * self.dt, self.load_n > 0.0

    def _springs(self, rising_mps: F64) -> F64:
        """Return wheel loads (N, K) from how far and how fast the springs are pressed."""
        # A wheel that has left the road hangs: it pulls on its bar no farther than that.
        layout, hung = self.layout, np.maximum(self._depth_m, -DROOP_M)
        spring = (layout.coupling @ hung[:, :, None])[:, :, 0]
        return _loads(
            (hung, rising_mps), spring, (layout.static_n, layout.damping), self._bump, self._gate
        )

    def publish_motion(self) -> None:
        """Bring the world's velocities up to date."""
        motion = self._in_world(self._twist)
        self.velocity_mps, self.spin_radps = motion[:, 0].copy(), motion[:, 1].copy()

    def _in_world(self, columns: F64) -> F64:
        """Return twists (N, 6) as linear and angular vectors (N, 2, 3) in world axes."""
        n = self.shape[0]
        pairs = np.empty((n, 2, 3))
        pairs[:, :, :2] = columns[:, :4].reshape(n, 2, 2)
        pairs[:, :, 2] = columns[:, 4:]
        return np.asarray(pairs @ self.axes.transpose(0, 2, 1))

    def publish_pose(self) -> None:
        """Bring the world's poses up to date with all steps since the last time."""
        moved = self._in_world(self._moved * self.dt)
        self.position_m = self.position_m + moved[:, 0]
        self.quaternion_wxyz = turned(self.quaternion_wxyz, moved[:, 1])
        self.wheel_angle_rad += self._rolled_m * (self.dt / self.layout.radius_m)
        self._moved[:] = 0.0
        self._rolled_m[:] = 0.0

    def publish(self) -> None:
        """Bring velocities and poses up to date."""
        self.publish_motion()
        self.publish_pose()


@compiled
def _loads(
    motion: tuple[F64, F64], spring_n: F64, strut: tuple[F64, F64], bump_npm: F64, gate: F64
) -> F64:
    """Return wheel loads (N, K): what stands on them, springs, bump stops and dampers."""
    depth_m, rising_mps = motion
    static_n, damping_nspm = strut
    load_n = np.empty(depth_m.shape)
    for i in range(depth_m.shape[0]):
        for j in range(depth_m.shape[1]):
            rising = rising_mps[i, j]
            bump = max(depth_m[i, j] - BUMP_FROM_M, 0.0) * bump_npm[i, j]
            bump *= min(max(1.0 - BUMP_LOSS_SPM * rising, 0.0), 2.0)
            load = static_n[i, j] + spring_n[i, j] + bump - damping_nspm[i, j] * rising
            load_n[i, j] = max(load, 0.0) * gate[i, j]
    return load_n


@compiled
def _levers(
    heading: tuple[F64, F64],
    normal: F64,
    patch_m: F64,
    depth_m: F64,
    leans: npt.NDArray[np.bool_],
) -> tuple[F64, F64]:
    """Return axles to the left (N, K, 3), and what twists make of patches (N, 3, K, 6).

    Parameters
    ----------
    heading : two of ndarray, shape (N, K)
        Of the wheels, along and across the vehicle.
    normal, patch_m : ndarray, shape (N, K, 3)
        Of the road, and contact points at rest, body axes.
    leans : ndarray, shape (N,)
        Who leans steeply: their wheels go along the line in which their plane cuts the road.
    """
    n, k = depth_m.shape
    axles, jacobian = np.empty((n, k, 3)), np.empty((n, 3, k, 6))
    for i in range(n):
        for j in range(k):
            up = (normal[i, j, 0], normal[i, j, 1], normal[i, j, 2])
            x, y = heading[0][i, j], heading[1][i, j]
            across = _cross(up, (x, y, 0.0))
            if leans[i]:
                across = _cross(up, _cross((-y, x, 0.0), up))
            x, y, z = across
            size = math.sqrt(x * x + y * y + z * z) + 1e-12
            across = (x / size, y / size, z / size)
            depth = depth_m[i, j]
            arm = (
                patch_m[i, j, 0] + depth * up[0],
                patch_m[i, j, 1] + depth * up[1],
                patch_m[i, j, 2] + depth * up[2],
            )
            axles[i, j, 0], axles[i, j, 1], axles[i, j, 2] = across
            for row, axis in enumerate((_cross(across, up), across, up)):
                turn = _cross(arm, axis)
                jacobian[i, row, j, 0], jacobian[i, row, j, 1] = axis[0], axis[1]
                jacobian[i, row, j, 2], jacobian[i, row, j, 3] = turn[0], turn[1]
                jacobian[i, row, j, 4], jacobian[i, row, j, 5] = axis[2], turn[2]
    return axles, jacobian


@compiled
def _cross(a: Vec3, b: Vec3) -> Vec3:
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]
