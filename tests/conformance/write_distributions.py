"""Run by the checkers' Python: files of distributions as scenariogeneration writes them."""

import sys
from pathlib import Path

from scenariogeneration import xosc

folder = Path(sys.argv[1])
stochastic = xosc.Stochastic(100, 7)
for name, distribution in {
    "normal": xosc.NormalDistribution(20.0, 9.0),
    "cut": xosc.NormalDistribution(20.0, 9.0, xosc.Range(18, 30)),
    "uniform": xosc.UniformDistribution(xosc.Range(2, 5)),
    "poisson": xosc.PoissonDistribution(3.0, xosc.Range(0, 40)),
}.items():
    stochastic.add_distribution(name, distribution)
histogram = xosc.Histogram()
histogram.add_bin(3.0, xosc.Range(0, 1))
histogram.add_bin(1.0, xosc.Range(1, 5))
stochastic.add_distribution("histogram", histogram)
chosen = xosc.ProbabilityDistributionSet()
chosen.add_set("a", 3.0)
chosen.add_set("b", 1.0)
stochastic.add_distribution("chosen", chosen)
deterministic = xosc.Deterministic()
values = xosc.DistributionSet()
for value in ("1", "2.5", "4"):
    values.add_value(value)
deterministic.add_single_distribution("values", values)
deterministic.add_single_distribution("steps", xosc.DistributionRange(0.5, xosc.Range(1, 3)))
for name, content in {"stochastic": stochastic, "deterministic": deterministic}.items():
    file = xosc.ParameterValueDistribution("d", "a", "none.xosc", content, osc_minor_version=2)
    file.write_xml(str(folder / f"{name}.xosc"))
