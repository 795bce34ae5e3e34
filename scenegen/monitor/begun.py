"""Which behaviours of a run never began, since their condition was never met."""

from __future__ import annotations

from scenegen.records import ConcreteScenario, Trajectory


def never_begun(concrete: ConcreteScenario, trajectory: Trajectory) -> tuple[str, ...]:
    """Return ``first: dart_out`` for every entry of an actor's behaviour that never began.

    An entry that the next one overtook within a control step has begun.

    Parameters
    ----------
    concrete : ConcreteScenario
    trajectory : Trajectory
        Of that scene, whose `manoeuvre` counts as `Actor.manoeuvres` does.

    Returns
    -------
    tuple of str
        By actor, in the order of their behaviour, what interrupts it last.
    """
    told = []
    for k, actor in enumerate(concrete.actors):
        seen = set(trajectory.manoeuvre[:, k].tolist())
        count = len(actor.behaviour)
        reached = max((number for number in seen if number < count), default=-1)
        begun = [number <= reached for number in range(count)]
        begun += [number in seen for number in range(count, len(actor.manoeuvres))]
        entries: dict[tuple[int, str], bool] = {}
        for manoeuvre, started in zip(actor.manoeuvres, begun, strict=True):
            entry = (manoeuvre.entry, manoeuvre.does)
            entries[entry] = entries.get(entry, False) or started
        told += [f"{actor.name}: {does}" for (_, does), on in entries.items() if does and not on]
    return tuple(told)
