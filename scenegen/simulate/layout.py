"""The parameters of all vehicles of a scene, in arrays over vehicles and wheels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scenegen.records.base import F64
from scenegen.simulate.specs import REAR_STIFFENING, VehicleSpec
from scenegen.simulate.tyres import TyreParameters

AIR_KGPM3 = 1.2
BRUSH_STIFFNESS_1PM = 64.0


class FleetLayout:
    """Constants of N vehicles with up to K wheels each; wheels that one lacks carry no load.

    Attributes
    ----------
    patch_m : ndarray, shape (N, K, 3)
        Contact points at rest, from the centre of gravity, body axes.
    radius_m, steered, driven, damping, static_n, present : ndarray, shape (N, K)
        `driven` is each wheel's share of the drive.
    coupling : ndarray, shape (N, K, K)
    drag, power_w, pull_n, brake_max_n, steer_max, steer_rate : ndarray, shape (N,)
    balanced : ndarray, shape (N,), bool
    tyres : TyreParameters
    """

    def __init__(self, specs: Sequence[VehicleSpec]) -> None:
        self.specs = list(specs)
        n, k = len(self.specs), max((len(s.wheels) for s in self.specs), default=1)
        self.shape = (n, k)
        self.balanced = np.array([s.balanced for s in self.specs], dtype=bool)
        self._place_wheels()
        self._rate_engines()
        self._fit_tyres()

    def _place_wheels(self) -> None:
        n, k = self.shape
        self.patch_m = np.zeros((n, k, 3))
        self.radius_m = np.ones(self.shape)
        self.steered, self.driven = np.zeros(self.shape), np.zeros(self.shape)
        self.coupling = np.zeros((n, k, k))
        self.damping, self.static_n = np.zeros(self.shape), np.zeros(self.shape)
        self.present = np.zeros(self.shape)
        for i, spec in enumerate(self.specs):
            for j, wheel in enumerate(spec.wheels):
                x, y, _ = wheel.position_m
                self.patch_m[i, j] = np.subtract((x, y, 0.0), spec.cg_m)
                self.radius_m[i, j] = wheel.radius_m
                self.steered[i, j] = wheel.steered
                self.driven[i, j] = wheel.driven
                self.present[i, j] = 1.0
            m = len(spec.wheels)
            self.coupling[i, :m, :m] = spec.coupling
            self.damping[i, :m] = spec.damping_nspm
            self.static_n[i, :m] = spec.static_load_n
        self.driven /= np.maximum(self.driven.sum(axis=1, keepdims=True), 1.0)

    def _rate_engines(self) -> None:
        specs, kinds = self.specs, [s.kind for s in self.specs]
        self.drag = np.array(
            [
                0.5 * AIR_KGPM3 * c.drag_m2 * s.asset.size_m[1] * s.asset.size_m[2]
                for s, c in zip(specs, kinds, strict=True)
            ]
        )
        self.power_w = np.array([s.mass_kg * s.kind.power_w_kg for s in specs])
        self.pull_n = np.array([s.mass_kg * s.kind.pull_mps2 for s in specs])
        self.brake_max_n = np.array([s.mass_kg * s.kind.brake_mps2 for s in specs])
        self.steer_max = np.array([c.steer_max_rad for c in kinds])
        self.steer_rate = np.array([c.steer_rate_radps for c in kinds])

    def strengthen(self, by: F64) -> None:
        """Give engines (N,) so many times their power and pull."""
        self.power_w, self.pull_n = self.power_w * by, self.pull_n * by

    def _fit_tyres(self) -> None:
        n, k = self.shape
        kinds, column = [s.kind for s in self.specs], np.ones((1, k))
        relaxation = np.array([[c.relaxation_m] for c in kinds]).reshape(n, 1) * column
        cornering = np.array([[c.cornering] for c in kinds]).reshape(n, 1) * column
        cornering = cornering * np.where(self.steered > 0, 1.0, REAR_STIFFENING)
        self.tyres = TyreParameters(
            np.where(self.present > 0, self.static_n, 1.0),
            cornering / relaxation,
            relaxation,
            np.full(self.shape, BRUSH_STIFFNESS_1PM),
            np.array([[float(c.anti_lock)] for c in kinds]).reshape(n, 1) * column,
        )
