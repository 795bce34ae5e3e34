"""Run by the checkers' Python: formulas and signals as JSON in, rtamt's robustness as JSON out."""

import json
import sys

import rtamt

results = []
for case in json.load(sys.stdin):
    spec = rtamt.StlDiscreteTimeOfflineSpecification()
    for name in [*case["signals"], "out"]:
        spec.declare_var(name, "float")
    spec.spec = "out = " + case["formula"]
    spec.parse()
    steps = len(next(iter(case["signals"].values())))
    results.append([v for _, v in spec.evaluate({"time": list(range(steps)), **case["signals"]})])
json.dump(results, sys.stdout)
