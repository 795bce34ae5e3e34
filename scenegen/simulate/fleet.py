"""All vehicles of a scene on their springs and tyres, in arrays over vehicles and wheels.

Bullet keeps the chassis as rigid bodies and solves their contacts; everything
between chassis and road is worked out here, and handed over as velocities: the
same as a force over one step. A vehicle that nothing touches moves exactly as its
velocity says, so its pose is carried forward here and read back only when due.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scenegen.records.base import F64
from scenegen.simulate.engine import GRAVITY_MPS2
from scenegen.simulate.ground import Underfoot
from scenegen.simulate.specs import VehicleSpec
from scenegen.simulate.tyres import Patches, TyreParameters, tyre_forces
from scenegen.simulate.vectors import clipped, cross, rotation_matrices, turned

AIR_KGPM3 = 1.2
ROLLING_RESISTANCE = 0.012
BUMP_FROM_M = 0.07
BUMP_STIFFENING = 8.0
BRAKE_LAG_S = 0.12
ENGINE_LAG_S = 0.25
UPRIGHT = 0.5
"""Wheels of a vehicle that leans more than 60 degrees have left the road."""


@dataclass
class Controls:
    """What the drivers ask for, arrays (N,).

    Attributes
    ----------
    steer_rad : ndarray
        Road-wheel angle wanted.
    acceleration_mps2 : ndarray
        Along the vehicle; negative brakes.
    parked : ndarray
        1 where the parking brake is on.
    lean_rad : ndarray
        Roll that the rider of a single-track vehicle balances at, positive to the right.
    """

    steer_rad: F64
    acceleration_mps2: F64
    parked: F64
    lean_rad: F64


class Fleet:
    """State and forces of N vehicles with up to K wheels each.

    Attributes
    ----------
    position_m, quaternion_wxyz, velocity_mps, spin_radps : ndarray, shape (N, 3 or 4)
        Of the centres of gravity, in the world.
    steer_rad : ndarray, shape (N,)
    wheel_angle_rad : ndarray, shape (N, K)
        Rolled angles, forward positive.
    drive_n, brake_n : ndarray, shape (N,)
        What engine and brakes give at present.
    """

    def __init__(self, specs: Sequence[VehicleSpec], mu: float, physics_hz: int) -> None:
        self.specs = list(specs)
        self.mu = mu
        self.dt = 1.0 / physics_hz
        n, k = len(self.specs), max((len(s.wheels) for s in self.specs), default=1)
        self.shape = (n, k)
        self.position_m = np.zeros((n, 3))
        self.quaternion_wxyz = np.tile([1.0, 0.0, 0.0, 0.0], (n, 1))
        self.velocity_mps = np.zeros((n, 3))
        self.spin_radps = np.zeros((n, 3))
        self.steer_rad = np.zeros(n)
        self.drive_n = np.zeros(n)
        self.brake_n = np.zeros(n)
        self.wheel_angle_rad = np.zeros(self.shape)
        self.patches = Patches.at_rest(self.shape)
        self.controls = Controls(np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n))
        self.balanced = np.array([s.balanced for s in self.specs], dtype=bool)
        self.load_n = np.zeros(self.shape)
        self._lay_out()

    def _lay_out(self) -> None:
        """Fill the parameter arrays; missing wheels carry no load."""
        n, k = self.shape
        self.patch_m = np.zeros((n, k, 3))
        self.radius_m = np.ones(self.shape)
        self.steered = np.zeros(self.shape)
        self.driven = np.zeros(self.shape)
        self.coupling = np.zeros((n, k, k))
        self.damping = np.zeros(self.shape)
        self.static_n = np.zeros(self.shape)
        self.present = np.zeros(self.shape)
        for i, spec in enumerate(self.specs):
            for j, wheel in enumerate(spec.wheels):
                self.patch_m[i, j] = np.subtract(
                    (wheel.position_m[0], wheel.position_m[1], 0.0), spec.cg_m
                )
                self.radius_m[i, j] = wheel.radius_m
                self.steered[i, j] = wheel.steered
                self.driven[i, j] = wheel.driven
                self.present[i, j] = 1.0
            m = len(spec.wheels)
            self.coupling[i, :m, :m] = spec.coupling
            self.damping[i, :m] = spec.damping_nspm
            self.static_n[i, :m] = spec.static_load_n
        self.driven /= np.maximum(self.driven.sum(axis=1, keepdims=True), 1.0)
        kinds = [s.kind for s in self.specs]
        self.mass_kg = np.array([s.mass_kg for s in self.specs])
        self.inertia = np.array([s.inertia_kgm2 for s in self.specs]).reshape(n, 3)
        self.drag = np.array(
            [
                0.5 * AIR_KGPM3 * c.drag_m2 * s.asset.size_m[1] * s.asset.size_m[2]
                for s, c in zip(self.specs, kinds, strict=True)
            ]
        )
        self.power_w = np.array([s.mass_kg * s.kind.power_w_kg for s in self.specs])
        self.pull_n = np.array([s.mass_kg * s.kind.pull_mps2 for s in self.specs])
        self.brake_max_n = np.array([s.mass_kg * s.kind.brake_mps2 for s in self.specs])
        self.steer_max = np.array([c.steer_max_rad for c in kinds])
        self.steer_rate = np.array([c.steer_rate_radps for c in kinds])
        column = np.ones((1, k))
        relaxation = np.array([[c.relaxation_m] for c in kinds]).reshape(n, 1) * column
        cornering = np.array([[c.cornering] for c in kinds]).reshape(n, 1) * column
        # Rear tyres a little stiffer than front ones: every road vehicle understeers.
        cornering = cornering * np.where(self.steered > 0, 1.0, 1.15)
        self.tyres = TyreParameters(
            np.where(self.present > 0, self.static_n, 1.0),
            cornering / relaxation,
            relaxation,
            np.full(self.shape, 64.0),
            np.array([[float(c.anti_lock)] for c in kinds]).reshape(n, 1) * column,
        )

    # -- one physics step -----------------------------------------------------------

    def advance(self, underfoot: Underfoot) -> None:
        """Let springs, tyres, air, engines and brakes act on the velocities for one step.

        Gravity and contacts are Bullet's part.
        """
        dt = self.dt
        self._actuate()
        rotation = rotation_matrices(self.quaternion_wxyz)
        arms = self.patch_m @ rotation.transpose(0, 2, 1)
        patch_velocity = self.velocity_mps[:, None] + cross(self.spin_radps[:, None], arms)
        normal = underfoot.normal
        load, depth = self._springs(underfoot, rotation, arms, patch_velocity)
        along, across = self._wheel_axes(rotation, normal)
        along_mps = (along * patch_velocity).sum(axis=-1)
        across_mps = (across * patch_velocity).sum(axis=-1)
        share = load / np.maximum(load.sum(axis=1), 1.0)[:, None]
        resistance = ROLLING_RESISTANCE * load.sum(axis=1)
        along_n, across_n = tyre_forces(
            self.tyres,
            self.patches,
            mu=self.mu,
            load_n=load,
            along_mps=along_mps,
            across_mps=across_mps,
            drive_n=self.drive_n[:, None] * self.driven,
            brake_n=(self.brake_n + resistance)[:, None] * share,
            dt=dt,
        )
        force = load[..., None] * normal + along_n[..., None] * along + across_n[..., None] * across
        moment = cross(arms + depth[..., None] * normal, force).sum(axis=1)
        moment += self._balance(rotation)
        speed = np.sqrt((self.velocity_mps * self.velocity_mps).sum(axis=1))
        total = force.sum(axis=1) - (self.drag * speed)[:, None] * self.velocity_mps
        body_moment = (moment[:, None, :] @ rotation)[:, 0]
        turn = (rotation @ (body_moment / self.inertia)[..., None])[..., 0]
        self.velocity_mps = self.velocity_mps + total * (dt / self.mass_kg)[:, None]
        self.spin_radps = self.spin_radps + turn * dt
        self.load_n = load
        rolling = along_mps * (1.0 - self.patches.locked)
        self.wheel_angle_rad += rolling * (dt / self.radius_m)

    def drift(self) -> None:
        """Carry untouched vehicles over one Bullet step: gravity, then motion."""
        self.velocity_mps[:, 2] -= GRAVITY_MPS2 * self.dt
        self.position_m = self.position_m + self.velocity_mps * self.dt
        self.quaternion_wxyz = turned(self.quaternion_wxyz, self.spin_radps * self.dt)

    def take(self, index: Sequence[int], rows: F64) -> None:
        """Take over the state of some vehicles from rows of `Engine.read`."""
        self.position_m[index] = rows[:, :3]
        self.quaternion_wxyz[index] = rows[:, 3:7]
        self.velocity_mps[index] = rows[:, 7:10]
        self.spin_radps[index] = rows[:, 10:13]

    def lighten(self, vehicle: int, load_kg: float) -> None:
        """Take a load off; the springs, levelled for it, lift the body a little."""
        left = (self.mass_kg[vehicle] - load_kg) / self.mass_kg[vehicle]
        self.mass_kg[vehicle] *= left
        self.inertia[vehicle] *= left

    def patches_world(self) -> F64:
        """Return the wheels' points at ground level (N, K, 3)."""
        rotation = rotation_matrices(self.quaternion_wxyz)
        return self.position_m[:, None] + self.patch_m @ rotation.transpose(0, 2, 1)

    def _actuate(self) -> None:
        """Move steering, engine and brakes towards what the drivers ask for."""
        asked, dt = self.controls, self.dt
        step = self.steer_rate * dt
        wanted = clipped(asked.steer_rad, -self.steer_max, self.steer_max)
        self.steer_rad = self.steer_rad + clipped(wanted - self.steer_rad, -step, step)
        speed = np.sqrt((self.velocity_mps * self.velocity_mps).sum(axis=1))
        needed = (
            self.mass_kg * (asked.acceleration_mps2 + ROLLING_RESISTANCE * GRAVITY_MPS2)
            + self.drag * speed * speed
        )
        braking = asked.acceleration_mps2 < 0
        pull = np.minimum(self.pull_n, self.power_w / np.maximum(speed, 1.0))
        drive = np.where(braking, 0.0, clipped(needed, 0.0, pull))
        brake = np.where(braking, clipped(-needed, 0.0, self.brake_max_n), 0.0)
        # At a standstill, a driver who asks for no speed keeps the foot on the brake.
        hold = asked.parked + (braking & (speed < 0.3))
        brake = np.where(hold > 0, self.brake_max_n, brake)
        self.drive_n += (drive - self.drive_n) * np.where(braking, 1.0, dt / ENGINE_LAG_S)
        self.brake_n += (brake - self.brake_n) * np.where(braking | (hold > 0), dt / BRAKE_LAG_S, 1)

    def _springs(
        self, underfoot: Underfoot, rotation: F64, arms: F64, patch_velocity: F64
    ) -> tuple[F64, F64]:
        """Return wheel loads (N, K) and how far the springs are pressed (N, K)."""
        normal = underfoot.normal
        depth = underfoot.depth(self.position_m[:, None] + arms)
        closing = -(patch_velocity * normal).sum(axis=-1)
        spring = (self.coupling @ depth[..., None])[..., 0]
        bump = np.maximum(depth - BUMP_FROM_M, 0.0) * self.static_n * (BUMP_STIFFENING / 0.05)
        load = self.static_n + spring + bump + self.damping * closing
        upright = rotation[:, 2, 2] > UPRIGHT
        load = np.maximum(load, 0.0) * (self.present * upright[:, None])
        return load, depth

    def _wheel_axes(self, rotation: F64, normal: F64) -> tuple[F64, F64]:
        """Return unit vectors (N, K, 3) along and across (left) each wheel on the road."""
        steer = self.steer_rad[:, None] * self.steered
        forward, left = rotation[:, None, :, 0], rotation[:, None, :, 1]
        heading = np.cos(steer)[..., None] * forward + np.sin(steer)[..., None] * left
        across = cross(normal, heading)
        across /= np.sqrt((across * across).sum(axis=-1))[..., None] + 1e-12
        return cross(across, normal), across

    def _balance(self, rotation: F64) -> F64:
        """Return the moment (N, 3) with which riders hold their lean.

        A rider balances by steering and shifting weight; here both are one
        proportional-derivative moment about the direction of travel, which falls to
        zero in a steady curve, where gravity and the side force balance by themselves.
        """
        lean = np.arcsin(clipped(rotation[:, 2, 1], -1.0, 1.0))
        forward = rotation[:, :, 0]
        rate = (self.spin_radps * forward).sum(axis=1)
        height = -self.patch_m[:, 0, 2]
        about_ground = self.inertia[:, 0] + self.mass_kg * height**2
        stiffness = about_ground * 64.0 + self.mass_kg * GRAVITY_MPS2 * height
        damping = about_ground * 14.0
        moment = stiffness * (self.controls.lean_rad - lean) - damping * rate
        return np.asarray(forward * (moment * self.balanced)[:, None])
