"""``python -m fuzzing --cases 10000 --seed 0``: so many mutants, and what they came to as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

from fuzzing.choices import RandomChoices
from fuzzing.judge import LOAD_S, judge, prepare
from fuzzing.mutate import mutant
from peak import peak_mib


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--draw-every", type=int, default=10, help="of those that load; 0: none")
    parser.add_argument("--keep", type=Path, help="folder for what went wrong or took over 2 s")
    options = parser.parse_args()
    prepare()
    outcomes: Counter[str] = Counter()
    bad: list[dict[str, object]] = []
    slowest, slow = (0.0, 0.0), 0
    for case in range(options.first, options.first + options.cases):
        text = mutant(RandomChoices(f"{options.seed}:{case}"))
        draws = bool(options.draw_every) and case % options.draw_every == 0
        verdict = judge(text, draws)
        outcomes[verdict.outcome] += 1
        slowest = (max(slowest[0], verdict.load_s), max(slowest[1], verdict.draw_s))
        slow += verdict.draw_s > LOAD_S
        if verdict.outcome == "BAD":
            bad.append({"case": case, "problem": verdict.problem})
        if options.keep and (verdict.outcome == "BAD" or verdict.draw_s > LOAD_S):
            options.keep.mkdir(parents=True, exist_ok=True)
            (options.keep / f"{options.seed}-{case}.yaml").write_text(text, "utf-8")
    print(
        json.dumps(
            {
                "outcomes": dict(outcomes),
                "slowest_load_s": round(slowest[0], 3),
                "slowest_draw_s": round(slowest[1], 3),
                "draws_over_2_s": slow,
                "peak_mib": round(peak_mib()),
                "bad": bad,
            },
            indent=2,
        )
    )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
