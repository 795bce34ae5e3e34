"""What of a plan runs code that the plan brings: only where somebody has said that it may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenegen.errors import InputError

if TYPE_CHECKING:
    from scenegen.pipeline.nightly.plan import NightlyPlan

AGENTS = ("python:", "process:", "zmq:")
"""How agents begin that are code, or somebody's answers over the network."""


def own_code(plan: NightlyPlan) -> dict[str, str]:
    """Return what a plan would run that isn't scenegen's, by the key that asks for it.

    Feature networks from files count: TorchScript is a program.
    """
    found = {}
    if plan.drive is not None and plan.drive.agent.startswith(AGENTS):
        found["gates.drive.agent"] = plan.drive.agent
    if plan.evaluate is not None:
        model = plan.evaluate.utility.model
        if model is not None and not model.endswith(".onnx"):
            found["gates.evaluate.utility.model"] = model
        if ":" in plan.evaluate.features and not plan.evaluate.features.endswith(".onnx"):
            found["gates.evaluate.features"] = plan.evaluate.features
    return found


def need_trust(plan: NightlyPlan, trusted: bool) -> None:
    """Make sure that a plan runs no code of its own, unless it is trusted.

    Raises
    ------
    InputError
        It would.
    """
    found = {} if trusted else own_code(plan)
    for key, value in found.items():
        raise InputError(
            f"plan {plan.name}: {key}={value!r} runs code that isn't scenegen's; if you trust "
            "whoever wrote the plan, say trust=true"
        )
