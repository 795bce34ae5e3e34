"""Scores tracks against themselves by TrackEval and py-motmetrics.

Takes the export, its split and an empty folder; prints JSON; run in the checkers' environment.
"""

import json
import sys
from pathlib import Path

import motmetrics
import numpy as np
import trackeval

root, split, trackers = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
base = f"scenegen-{split}"


def hota():
    """Return TrackEval's scores of all pedestrians."""
    data = trackers / base / "truth" / "data"
    data.mkdir(parents=True)
    for sequence in (root / base).iterdir():
        rows = (sequence / "gt" / "gt.txt").read_text().splitlines()
        kept = [row.split(",") for row in rows if row.split(",")[7] == "1"]
        text = "".join(",".join([*row[:6], "1", "-1", "-1", "-1"]) + "\n" for row in kept)
        (data / f"{sequence.name}.txt").write_text(text)
    config = {
        "GT_FOLDER": str(root),
        "TRACKERS_FOLDER": str(trackers),
        "BENCHMARK": "scenegen",
        "SPLIT_TO_EVAL": split,
        "PRINT_CONFIG": False,
    }
    quiet = {
        "PRINT_RESULTS": False,
        "PRINT_CONFIG": False,
        "TIME_PROGRESS": False,
        "OUTPUT_SUMMARY": False,
        "OUTPUT_DETAILED": False,
        "PLOT_CURVES": False,
        "BREAK_ON_ERROR": True,
    }
    metrics = [trackeval.metrics.HOTA(), trackeval.metrics.CLEAR(), trackeval.metrics.Identity()]
    result, _ = trackeval.Evaluator(quiet).evaluate(
        [trackeval.datasets.MotChallenge2DBox(config)], metrics
    )
    scores = result["MotChallenge2DBox"]["truth"]["COMBINED_SEQ"]["pedestrian"]
    return {
        "HOTA": float(np.mean(scores["HOTA"]["HOTA"])),
        "MOTA": float(scores["CLEAR"]["MOTA"]),
        "IDF1": float(scores["Identity"]["IDF1"]),
        "boxes": int(scores["CLEAR"]["CLR_TP"]),
    }


def clear():
    """Return motmetrics' scores by sequence: of all that counts, by its own loader."""
    found = {}
    for sequence in sorted((root / base).iterdir()):
        truth = motmetrics.io.loadtxt(
            sequence / "gt" / "gt.txt", fmt=motmetrics.io.Format.MOT16, min_confidence=1
        )
        if truth.empty:
            continue
        events = motmetrics.utils.compare_to_groundtruth(truth, truth, "iou", distth=0.5)
        summary = motmetrics.metrics.create().compute(
            events, metrics=["mota", "idf1", "num_objects", "num_switches"]
        )
        found[sequence.name] = {name: float(summary[name].iloc[0]) for name in summary.columns}
    return found


print(json.dumps({"trackeval": hota(), "motmetrics": clear()}))
