"""A small data set and a small refiner, for tests of what happens around a refiner."""

import io
import json

import numpy as np
import torch

from scenegen.evaluate.adapters.camvid import CAMVID_11
from scenegen.evaluate.classes import native_space
from scenegen.pipeline.config import GenerateConfig
from scenegen.pipeline.generate import generate
from scenegen.pipeline.refine import refine
from scenegen.pipeline.refine_config import RefineConfig
from scenegen.refine.denoiser import Denoiser
from scenegen.refine.label_space import SPACE, space_text
from scenegen.refine.palette import Palette
from scenegen.refine.spec import NetworkSpec, RefinerSpec
from scenegen.refine.weights import DOMAINS, STYLES_SEEN, write_weights
from tests.pipeline.test_determinism import TINY

CLASSES = native_space(CAMVID_11).names


def tiny_rendered(out):
    """Generate the data set of two small scenes that tests refine."""
    generate(GenerateConfig(scenario=TINY, num_scenes=2, out=str(out)), io.StringIO())
    return out


def tiny_weights(path):
    """Write weights of a tiny network that nothing has trained."""
    spec = RefinerSpec(
        network=NetworkSpec(classes=CLASSES, widths=(8, 8), attention=False), size=(40, 24)
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = Denoiser(spec)
        for weight in model.parameters():
            torch.nn.init.normal_(weight, std=0.1)
    real = Palette(np.full((len(CLASSES) + 1, 3), 20.0), np.full((len(CLASSES) + 1, 3), 9.0))
    notes = {
        "palette": real.as_json(),
        SPACE: space_text(native_space(CAMVID_11)),
        "licence": "CC-BY-NC-4.0",
        DOMAINS: "real rendered",
        STYLES_SEEN: json.dumps({"time_of_day": ["day", "night"], "weather": []}),
    }
    write_weights(path, spec, dict(model.named_parameters()), notes)
    return path


def refine_tiny(source, weights, out, **keys):
    """Refine a data set in two steps, as keys say."""
    keys = {"design": "sdedit", "strength": 0.8, "steps": 2, **keys}
    config = RefineConfig(dataset=str(source), weights=weights, out=str(out), **keys)
    return refine(config, io.StringIO())
