"""Cityscapes' own evaluators on an export; prints JSON. Run with cityscapesscripts on the path.

argv: the export, the split, and a folder for predictions.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from pathlib import Path

import numpy as np
from cityscapesscripts.evaluation import evalInstanceLevelSemanticLabeling as ByInstance
from cityscapesscripts.evaluation import evalPixelLevelSemanticLabeling as ByPixel
from cityscapesscripts.helpers.labels import id2label
from cityscapesscripts.preparation.json2labelImg import json2labelImg
from PIL import Image


def main(root: Path, split: str, work: Path) -> None:
    """Judge the truth by itself and print what came of it."""
    truth = sorted((root / "gtFine" / split).glob("*/*_gtFine_labelIds.png"))
    instances = [p.with_name(p.name.replace("labelIds", "instanceIds")) for p in truth]
    with contextlib.redirect_stdout(io.StringIO()):
        pixels = _pixels(truth)
        things = _things(instances, work)
        drawn = [_drawn(path, work) for path in truth]
    print(json.dumps({"pixels": pixels, "things": things, "drawn": drawn}))


def _pixels(truth: list[Path]) -> dict[str, object]:
    if not hasattr(np, "in1d"):
        setattr(np, "in1d", np.isin)  # noqa: B010 (its name since numpy 2.4)
    args = ByPixel.args
    args.JSONOutput, args.quiet = False, True
    names = [str(path) for path in truth]
    scores = ByPixel.evaluateImgLists(names, names, args)
    keys = ("averageScoreClasses", "averageScoreInstClasses", "averageScoreCategories")
    return {key: scores[key] for key in keys} | {"classes": scores["classScores"]}


def _things(truth: list[Path], work: Path) -> dict[str, object]:
    args = ByInstance.args
    args.predictionPath = args.groundTruthSearch = str(work)
    args.gtInstancesFile = str(work / "gtInstances.json")
    args.JSONOutput, args.quiet = False, True
    ByInstance.setInstanceLabels(args)
    names, predicted = [str(p) for p in truth], [str(_predicted(path, work)) for path in truth]
    # What its `evaluateImgLists` does, but for a dump of all matches that fails on numpy's numbers.
    found = ByInstance.getGtInstances(names, args)
    matches = ByInstance.matchGtWithPreds(predicted, names, found, args)
    return ByInstance.computeAverages(ByInstance.evaluateMatches(matches, args), args)


def _predicted(path: Path, work: Path) -> Path:
    """Write a frame's instances as the answers of a model, with a mask each."""
    numbers = np.array(Image.open(path))
    lines = []
    for number in np.unique(numbers[numbers >= 1000]).tolist():
        if id2label[number // 1000].ignoreInEval:
            continue
        mask = work / f"{path.stem}_{number}.png"
        Image.fromarray((numbers == number).astype(np.uint8) * 255).save(mask)
        lines.append(f"{mask.name} {number // 1000} 1.0\n")
    file = work / f"{path.stem}.txt"
    file.write_text("".join(lines))
    return file


def _drawn(path: Path, work: Path) -> bool:
    """Return whether the frame's polygons, drawn by Cityscapes' tool, are its label picture."""
    out = work / "drawn.png"
    json2labelImg(str(path).replace("labelIds.png", "polygons.json"), str(out), "ids")
    return bool(np.array_equal(np.array(Image.open(out)), np.array(Image.open(path))))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
