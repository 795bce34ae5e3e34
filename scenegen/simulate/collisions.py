"""What touches what: found while it happens, with its consequences for who was hit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from scenegen.records.base import F64, Vec3
from scenegen.simulate.bodies import Body, bounding_box, extent
from scenegen.simulate.contacts import LEAST_MPS, ContactLedger, Hit
from scenegen.simulate.engine import Touch
from scenegen.simulate.fleet import UPRIGHT
from scenegen.simulate.kerbs import BLOW_MPS, Blow, Kerbs
from scenegen.simulate.nearness import Swept, close_pairs, swept
from scenegen.simulate.rebound import Rebound
from scenegen.simulate.vectors import cross, rotation_matrices

if TYPE_CHECKING:
    from scenegen.simulate.world import World

GROUND_ID = -1
SCENERY_ID = 0
REACH_M = 0.06
"""What a body may stray aside within a control step, by speeding up or being pushed."""

STILL_MPS = 0.02
STILL_RADPS = 0.05
"""Below these, bodies count as at rest."""

STRUCK_MPS = 1.0
"""Closing speed from which a knock takes someone off their feet."""

CRASH_MPS = 0.12
"""Change of speed within a physics step that ends a driver's plans."""

FALL_MPS = 0.25
"""The same for a cyclist's balance."""

TILTED = 0.87


class Collisions:
    """Watches the pairs that come near each other, and reads their contacts.

    Attributes
    ----------
    ledger : ContactLedger
    near : list of int
        Actors (indices) that could touch something during this control step.
    touched : set of int
        Actors that have done so.
    reach_m : ndarray, shape (A, 3)
        How far what collides reaches from each body's origin, along its axes.
    """

    def __init__(self, world: World, ground_uids: Sequence[int]) -> None:
        self._world = world
        self.ground_uids = list(ground_uids)
        self.ledger = ContactLedger(world.scenario.rates.physics_hz)
        self._tilted: list[int] = []
        self._restless: set[int] = set()
        self.near: list[int] = []
        self.touched: set[int] = set()
        self._id_of = dict.fromkeys(ground_uids, GROUND_ID)
        self._id_of |= dict.fromkeys(world.scenery.uids, SCENERY_ID)
        self._id_of |= {b.uid: b.actor.instance_id for b in world.bodies}
        arms = world.barriers.uids
        self._id_of |= {uid: world.bodies[k].actor.instance_id for uid, k in arms.items()}
        self._standing = {SCENERY_ID, *(self._id_of[uid] for uid in arms)}
        self._gone: set[int] = set()
        self._before: dict[int, F64] = {}
        self._rebound = Rebound(world.fleet)
        world.fleet.kerbs = Kerbs(world.fleet, world.ground.height, self._note_blow)
        sizes = np.array([b.asset.size_m for b in world.bodies])
        self._radius_m = 0.5 * np.sqrt((sizes * sizes).sum(axis=1))
        # What Bullet collides, which swings no arms.
        self.reach_m = np.array([_reach(b) for b in world.bodies])
        boxes = world.scenery.boxes
        still = np.zeros((len(boxes.yaw_rad), 2))
        self._props = swept(boxes.middle_m[:, :2], boxes.yaw_rad, boxes.half_m[:, :2], still)
        self._keep_off_ground()

    def _keep_off_ground(self) -> None:
        """Legs and bicycles stand on the exact ground, not on their collision shapes."""
        world = self._world
        self._floating = [
            k
            for k, body in enumerate(world.bodies)
            if body.role == "walker"
            or k in world.rolling.moved
            or (body.spec is not None and body.spec.balanced)
        ]
        for k in self._floating:
            for uid in self.ground_uids:
                world.engine.set_collision(world.uids[k], uid, False)
            for uid in world.scenery.uids:
                if world.bodies[k].spec is None:
                    world.engine.set_collision(world.uids[k], uid, False)

    def look_out(self) -> None:
        """Find out who could touch something during the coming control step."""
        world = self._world
        self.touched.clear()
        self._before.clear()
        up = rotation_matrices(world.quaternion_wxyz)[:, 2, 2]
        upright = up > TILTED
        upright[list(world.ragdolls.uids)] = False
        self._tilted = np.flatnonzero(~upright[world.vehicles]).tolist()
        world.drivers.crashed |= up[world.vehicles] < UPRIGHT
        if world.fleet.kerbs is not None:
            world.drivers.crashed |= world.fleet.kerbs.blow_mps > BLOW_MPS
        # What leans reaches farther aside; what lies or tumbles, as far as its longest side.
        lean = np.sqrt(np.maximum(1.0 - up * up, 0.0)) * self.reach_m[:, 2]
        half = self.reach_m[:, :2] + lean[:, None]
        half = np.where(upright[:, None], half, self._radius_m[:, None])
        v, spin = world.velocity_mps, np.abs(world.spin_radps).max(axis=1)
        way = v[:, :2] * world.control_dt
        actors = swept(world.position_m[:, :2], world.yaw_rad, half, way)
        speed = np.sqrt((v * v).sum(axis=1))
        moving = (speed > STILL_MPS) | (spin > STILL_RADPS) | world.barriers.moving
        sweep = REACH_M + spin * self._radius_m * world.control_dt
        pairs = sweep[:, None] + sweep[None, :]
        pairs[~(moving[:, None] | moving[None, :])] = -1.0
        # What one carrier holds moves as one with it.
        bearer = np.array([world.carriage.bearer(k) for k in range(len(world.bodies))])
        for hitch in world.fleet.hitches.pairs:
            bearer[world.vehicles[hitch.trailer]] = world.vehicles[hitch.tractor]
        pairs[bearer[:, None] == bearer[None, :]] = -1.0
        near = set(close_pairs(actors, actors, pairs)[0].tolist())
        near |= self._near_scenery(actors, np.where(moving, sweep, -1.0))
        self._restless = set(world.loose.restless())
        near |= self._restless | {int(world.vehicles[n]) for n in self._tilted}
        self.near = sorted(near)

    def _near_scenery(self, actors: Swept, margin_m: F64) -> set[int]:
        props = self._props
        if not len(props.x_m):
            return set()
        margin = margin_m.copy()
        for k, walker in self._world.walkers.items():
            if not walker.struck:
                margin[k] = -1.0
        margin[list(self._world.rolling.moved)] = -1.0
        wide = np.broadcast_to(margin[:, None], (len(margin), len(props.x_m)))
        return set(close_pairs(actors, props, wide)[0].tolist())

    def resolve(self, step: int) -> None:
        """After a physics step: note the contacts, read back whoever they have changed."""
        world = self._world
        touches = [t for t in world.engine.touches() if self._actors(t) is not None]
        # Bullet gives numbers of bodies that are gone to later ones.
        self._gone.clear()
        if touches:
            self._note(step, touches)
            # What someone's upright body did to a vehicle, the limbs in its place do anew.
            touches = [t for t in touches if not self._gone & {t.uid_a, t.uid_b}]
        touched = {self._id_of[uid] for t in touches for uid in (t.uid_a, t.uid_b)}
        self.touched |= {world.index[i] for i in touched if i != SCENERY_ID}
        # A vehicle that nothing has touched is where its velocity has taken it.
        vehicles = {self._vehicle(i) for i in touched}
        hit = sorted(vehicles - {-1, *self._tilted})
        if hit:
            rows = world.engine.read([world.vehicle_uids[n] for n in hit])
            world.fleet.nudge(hit, rows)
            self._rebound.apply(dict(zip(hit, rows, strict=True)))
        free = [k for k in world.loose.actors() if k in self.touched or k in self._restless]
        # Bullet's own point of a body will do for its velocities, and takes no working out.
        self._before = dict(
            zip(free, world.engine.read([world.uids[k] for k in free]), strict=True)
        )

    def take_tilted(self) -> bool:
        """Take vehicles that lie or roll over from Bullet; return whether there are any."""
        world = self._world
        if self._tilted:
            rows = world.engine.read([world.vehicle_uids[n] for n in self._tilted])
            world.fleet.take(self._tilted, rows)
        return bool(self._tilted)

    def _vehicle(self, instance: int) -> int:
        return self._world.vehicle_of.get(self._world.index.get(instance, -1), -1)

    def _actors(self, touch: Touch) -> tuple[int, int] | None:
        """Return the ids of a touch that counts: not with the ground, not scenery alone."""
        a, b = self._id_of[touch.uid_a], self._id_of[touch.uid_b]
        if GROUND_ID in (a, b) or a == b:
            return None
        return a, b

    def _note(self, step: int, touches: list[Touch]) -> None:
        pairs: dict[tuple[int, int], list[Touch]] = {}
        for touch in touches:
            a, b = self._id_of[touch.uid_a], self._id_of[touch.uid_b]
            key = (a, b) if b == SCENERY_ID or (a != SCENERY_ID and a < b) else (b, a)
            pairs.setdefault(key, []).append(touch)
        for (a, b), group in sorted(pairs.items()):
            if self.ledger.is_muted(step, a, b):
                continue
            impulse = sum(t.impulse_ns for t in group)
            first = max(group, key=lambda t: t.impulse_ns)
            apart = self._velocity_at(first.uid_a, first.position_m) - self._velocity_at(
                first.uid_b, first.position_m
            )
            approach = -float(np.dot(apart, first.normal))
            closing = abs(approach)
            self.ledger.note(step, Hit(a, b, impulse, closing, first.position_m))
            if approach > LEAST_MPS:
                self._spring_back(group, approach)
            self._suffer(a, impulse, closing)
            if b != SCENERY_ID:
                self._suffer(b, impulse, closing)

    def _note_blow(self, blow: Blow) -> None:
        """Record a kerb's blow as a contact with what stands."""
        k = int(self._world.vehicles[blow.vehicle])
        a = self._world.bodies[k].actor.instance_id
        hit = Hit(a, SCENERY_ID, blow.impulse_ns, blow.closing_mps, blow.position_m)
        self.ledger.note(blow.step, hit)

    def _spring_back(self, group: list[Touch], closing_mps: float) -> None:
        """Let vehicles rebound from each other and from what stands."""
        first = group[0]
        found = [self._id_of[uid] for uid in (first.uid_a, first.uid_b)]
        a, b = (self._vehicle(i) for i in found)
        arms = self._world.barriers.uids
        if first.uid_a in arms or first.uid_b in arms:  # give way
            return
        if min(a, b) >= 0 or (max(a, b) >= 0 and self._standing & set(found)):
            self._rebound.note(group, closing_mps, (a, b))

    def _velocity_at(self, uid: int, point_m: Vec3) -> F64:
        """Return the velocity (3,) of a body's point just before the step's contacts."""
        world = self._world
        if self._id_of[uid] == SCENERY_ID:
            return np.zeros(3)
        k = world.index[self._id_of[uid]]
        if k in world.vehicle_of:
            n, fleet = world.vehicle_of[k], world.fleet
            arm = np.subtract(point_m, fleet.position_m[n])
            return np.asarray(fleet.velocity_mps[n] + cross(fleet.spin_radps[n], arm))
        if world.afoot.goes(k):
            return np.asarray(world.afoot.velocity_mps[k])
        row = self._before.get(k, world.rows[k])
        return np.asarray(row[7:10] + cross(row[10:13], np.subtract(point_m, row[:3])))

    def _suffer(self, instance: int, impulse_ns: float, closing_mps: float) -> None:
        """Let a hit have its consequences for one of the two."""
        world = self._world
        k = world.index[instance]
        change = impulse_ns / world.bodies[k].mass_kg
        if k in world.walkers:
            if world.carriage.attached[k] and change > FALL_MPS:
                world.falls.unseat(int(world.carriage.carrier[k]))
            elif closing_mps > STRUCK_MPS and change > FALL_MPS:
                world.falls.knock_down(k)
        elif k in world.rolling.moved:
            if change > FALL_MPS:
                world.falls.unseat(k)
        elif k in world.vehicle_of:
            n = world.vehicle_of[k]
            if world.fleet.balanced[n]:
                if change > FALL_MPS:
                    world.falls.unseat(k)
            elif change > CRASH_MPS:
                world.drivers.crashed[n] = True

    def exchange(self, k: int, uid: int, aside_m: float) -> None:
        """Let a vehicle's body be another one of its own, which stands out so far aside."""
        world = self._world
        for j in world.carriage.borne(k):
            world.engine.set_collision(world.uids[j], uid, False)
        self.replace(k, uid)
        world.alighting.spare(k, uid)
        world.vehicle_uids[world.vehicle_of[k]] = uid
        asset = world.bodies[k].asset
        self.reach_m[k, 1] = _reach(world.bodies[k])[1] + aside_m
        self._radius_m[k] = 0.5 * float(np.linalg.norm(asset.size_m)) + aside_m
        world.put_in_engine([k])

    def replace(self, k: int, uid: int) -> None:
        """Let another Bullet body stand for actor `k` from now on."""
        world = self._world
        self._gone.add(world.uids[k])
        world.engine.remove(world.uids[k])
        world.uids[k] = uid
        self._id_of[uid] = world.bodies[k].actor.instance_id
        self.touched.add(k)


def _reach(body: Body) -> F64:
    """Return how far (3,) a body's collision shapes reach from its origin along its axes."""
    if body.role == "barrier":  # whose arm is no part of its own body
        low, high = body.asset.bounds_m
    else:
        low, high = extent(body.asset.collision or (bounding_box(body.asset),))
    return np.asarray(np.maximum(-low, high))
