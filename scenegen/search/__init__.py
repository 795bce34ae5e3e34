"""How often something fails, and on what: estimators of small probabilities with intervals.

All of them see a `Problem`: robustness over points that are standard normal under the nominal
distribution, negative where it fails. What a point stands for, the parameters of a scenario or the
disturbances of its steps, is no matter to them.
"""

from scenegen.search.bayesian import bayesian
from scenegen.search.crude import crude
from scenegen.search.evolution import cma_es
from scenegen.search.importance import cross_entropy
from scenegen.search.problem import Estimate, Findings, Problem
from scenegen.search.quasi import sobol
from scenegen.search.splitting import splitting

__all__ = [
    "Estimate",
    "Findings",
    "Problem",
    "bayesian",
    "cma_es",
    "cross_entropy",
    "crude",
    "sobol",
    "splitting",
]
