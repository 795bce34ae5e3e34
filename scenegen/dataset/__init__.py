"""The data set on disk: written atomically, read lazily, hashed completely.

`open_output` takes and locks a folder, `SceneWriter` adds one scene, `Output.finish`
writes the index; `open_dataset` reads it all back, `digest` and `check_hashes` hold the
bytes to what was written. The form is described in docs/dataset.md.
"""

import os

# Arrow's own allocator keeps what is let go of, as much as a whole index. It reads this when it
# is loaded, so whoever loads it before scenegen keeps their own.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")

from scenegen.dataset.codecs import LAYERS, encode_frame, encode_pixels
from scenegen.dataset.digest import check_hashes, digest, scene_digest
from scenegen.dataset.opened import Dataset, open_dataset
from scenegen.dataset.output import Output, open_output
from scenegen.dataset.platform import describe_platform
from scenegen.dataset.reader import FrameReader, SceneReader
from scenegen.dataset.readings import Readings
from scenegen.dataset.samples import Samples
from scenegen.dataset.scan_reader import ScanReader
from scenegen.dataset.schema import (
    Counts,
    DatasetInfo,
    FileEntry,
    Licence,
    Platform,
    ScenarioEntry,
    SceneManifest,
    Signing,
    Synthetic,
)
from scenegen.dataset.signing import (
    REFINED_FRAMES,
    RENDERED_FRAMES,
    check_manifests,
    check_statement,
    sign_dataset,
)
from scenegen.dataset.signing_keys import SigningKeys, own_keys, read_keys
from scenegen.dataset.sweep_reader import SweepReader
from scenegen.dataset.writer import SceneWriter

__all__ = [
    "LAYERS",
    "REFINED_FRAMES",
    "RENDERED_FRAMES",
    "Counts",
    "Dataset",
    "DatasetInfo",
    "FileEntry",
    "FrameReader",
    "Licence",
    "Output",
    "Platform",
    "Readings",
    "Samples",
    "ScanReader",
    "ScenarioEntry",
    "SceneManifest",
    "SceneReader",
    "SceneWriter",
    "Signing",
    "SigningKeys",
    "SweepReader",
    "Synthetic",
    "check_hashes",
    "check_manifests",
    "check_statement",
    "describe_platform",
    "digest",
    "encode_frame",
    "encode_pixels",
    "open_dataset",
    "open_output",
    "own_keys",
    "read_keys",
    "scene_digest",
    "sign_dataset",
]
