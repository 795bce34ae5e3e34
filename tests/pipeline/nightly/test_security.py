"""Plans and data of others run no code, stay in their folder, and fit into memory."""

from __future__ import annotations

import io
import json
import os
import pickle
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from scenegen.errors import (
    DatasetError,
    InputError,
    MapError,
    Place,
    ScenarioError,
    ScenegenError,
    StorageError,
)
from scenegen.pipeline.nightly import packs, place
from scenegen.pipeline.nightly.destination import Destination
from scenegen.pipeline.nightly.packs import unpack
from scenegen.pipeline.nightly.plan import NightlyPlan, load_nightly, parse_nightly
from scenegen.pipeline.nightly.run import nightly
from scenegen.pipeline.nightly.store import Store
from scenegen.pipeline.nightly.trust import need_trust
from scenegen.pipeline.nightly.version import Shelf
from scenegen.pipeline.nightly_config import NightlyConfig

HEAD = "nightly: mine\ngenerate:\n  - {scenario: wet_cut_in, num_scenes: 2}\n"
SCENARIO = """\
scenario: calm
description: "{text}"
duration: 0.2 s
road: {{kind: straight}}
parameters: {{speed: {{uniform: [8 m/s, "{speed}"]}}}}
ego: {{asset: vehicle.sedan, place: {{lane: forward_0, s: 20 m}}, speed: speed}}
"""
BOMB = "\n".join(
    ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    + [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 9)]
)
SCENE = "calm-000000"
DIGEST = "ab" * 32


def plan(text: str, folder: Path = Path()) -> NightlyPlan:
    return parse_nightly(text, "mine.yaml", folder)


class TestNoCode:
    @pytest.mark.parametrize(
        "text",
        [
            HEAD + "seed: !!python/object/apply:os.system ['touch pwned']\n",
            HEAD + "sensors: !!python/name:os.system\n",
            HEAD + "refine: {_target_: os.system, weights: x}\n",
            HEAD + "gates: {drive: {_target_: os.system, agent: idm}}\n",
            HEAD + "exports: {coco: {_target_: os.system}}\n",
            HEAD + "exports: {os.system: {}}\n",
            HEAD + "_target_: os.system\n",
            HEAD + "defaults: [override hydra/launcher: evil]\n",
        ],
    )
    def test_tags_and_targets(self, text: str, tmp_path: Path, monkeypatch) -> None:
        monkeypatch.chdir(tmp_path)
        with pytest.raises(ScenarioError):
            plan(text)
        assert list(tmp_path.iterdir()) == []

    def test_resolvers_stay_text(self, tmp_path: Path, monkeypatch) -> None:
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hidden-in-the-environment")
        asked = "${oc.env:AWS_SECRET_ACCESS_KEY}"
        (tmp_path / "calm.yaml").write_text(SCENARIO.format(text=asked, speed="10 m/s"))
        text = "nightly: mine\ngenerate:\n  - {scenario: ./calm.yaml, num_scenes: 1}\n"
        made = plan(text + f'destination: "file:///{asked}"\n', tmp_path)
        assert made.destination == f"file:///{asked}"
        assert "hidden-in-the-environment" not in repr(made)

    @pytest.mark.parametrize(
        "speed",
        [
            "__import__('os').system('touch pwned')",
            "().__class__.__bases__[0].__subclasses__()",
            "(lambda: 1)()",
            "open('/etc/passwd').read()",
            "[x for x in range(9**9)]",
            "9 ** 9 ** 9 ** 9 m/s",
            "f'{speed!r}'",
            "(" * 500 + "1" + ")" * 500,
            "1" + " + 1" * 100_000,
        ],
    )
    def test_expressions(self, speed: str, tmp_path: Path, monkeypatch) -> None:
        monkeypatch.chdir(tmp_path)
        path = tmp_path / "calm.yaml"
        path.write_text(SCENARIO.format(text="a car", speed=speed))
        with pytest.raises(ScenarioError):
            plan("nightly: mine\ngenerate:\n  - {scenario: ./calm.yaml, num_scenes: 1}\n", tmp_path)
        assert list(tmp_path.iterdir()) == [path]

    @pytest.mark.parametrize(
        ("gates", "key"),
        [
            ("drive: {scenario: wet_cut_in, agent: 'process:touch pwned'}", "gates.drive.agent"),
            ("drive: {scenario: wet_cut_in, agent: 'python:os:system'}", "gates.drive.agent"),
            ("drive: {scenario: wet_cut_in, agent: 'zmq:tcp://h:1'}", "gates.drive.agent"),
            (
                "evaluate: {real: x, gate: ['kid<=1'], utility: {model: 'command: touch pwned'}}",
                "gates.evaluate.utility.model",
            ),
            (
                "evaluate: {real: x, gate: ['kid<=1'], features: 'inception:./evil.pt'}",
                "gates.evaluate.features",
            ),
        ],
    )
    def test_code_of_a_plan_needs_trust(
        self, gates: str, key: str, tmp_path: Path, monkeypatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        path = tmp_path / "plan.yaml"
        path.write_text(HEAD + f"gates: {{{gates}}}\n")
        with pytest.raises(InputError, match="trust=true") as caught:
            nightly(NightlyConfig.parse({"plan": str(path), "out": str(tmp_path / "out")}))
        assert key in str(caught.value)
        assert list(tmp_path.iterdir()) == [path]
        need_trust(load_nightly(str(path)), True)

    def test_own_agents_need_none(self) -> None:
        need_trust(plan(HEAD + "gates: {drive: {scenario: wet_cut_in, agent: idm}}\n"), False)

    def test_a_pickle_in_a_store_is_damaged(self, tmp_path: Path) -> None:
        store = Store(tmp_path)
        folder = store.folder("draw", DIGEST)
        folder.mkdir(parents=True)
        (folder / "made.json").write_bytes(pickle.dumps(_Evil(str(tmp_path / "pwned"))))
        assert store.made("draw", DIGEST) is None
        assert not (tmp_path / "pwned").exists()

    @pytest.mark.parametrize(
        ("url", "options"),
        [
            ("simplecache::file:///tmp/x", {}),
            ("reference://", {}),
            ("http://127.0.0.1/x", {}),
            ("ssh://host/x", {}),
            ("/tmp/x", {}),
            ("s3://bucket/x", {"secret": "hidden-secret"}),
            ("s3://bucket/x", {"session": "os.system"}),
            ("s3://bucket/x", {"client_kwargs": {}}),
        ],
    )
    def test_destinations(self, url: str, options: dict[str, object]) -> None:
        with pytest.raises(InputError) as caught:
            Destination(url, options)
        assert "hidden-secret" not in str(caught.value)


class _Evil:
    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (Path(self.path),)


class Fake:
    """A destination that somebody else has written."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.home = root / "mine/versions" / ("c" * 16)
        (self.home / "data").mkdir(parents=True)
        (root / "scenes").mkdir()
        self.write(root / "mine/latest.json", {"version": "c" * 16})

    @staticmethod
    def write(path: Path, content: object) -> None:
        path.write_text(json.dumps(content))

    def fetch(self, out: Path) -> None:
        there = Destination(f"file://{self.root}")
        name = there.latest("mine")
        assert name is not None
        there.fetch("mine", name, out)


@pytest.fixture
def fake(tmp_path: Path) -> Fake:
    return Fake(tmp_path / "elsewhere")


class TestNoEscape:
    @pytest.mark.parametrize("name", ["../up", "/tmp/x", "a/b", "..", "a\x00b", "a" * 300])
    @pytest.mark.parametrize("key", ["nightly", "name"])
    def test_names_in_plans(self, key: str, name: str) -> None:
        text = f"nightly: {json.dumps(name) if key == 'nightly' else 'mine'}\ngenerate:\n"
        given = f", name: {json.dumps(name)}" if key == "name" else ""
        with pytest.raises(ScenarioError):
            plan(text + f"  - {{scenario: wet_cut_in, num_scenes: 1{given}}}\n")

    def test_name_of_a_scenario(self, tmp_path: Path) -> None:
        text = SCENARIO.format(text="a car", speed="10 m/s").replace("calm", "../calm")
        (tmp_path / "calm.yaml").write_text(text)
        with pytest.raises(ScenarioError):
            plan("nightly: mine\ngenerate:\n  - {scenario: ./calm.yaml, num_scenes: 1}\n", tmp_path)

    @pytest.mark.parametrize("version", ["../../../etc", "/etc", "c" * 15, "", "C" * 16])
    def test_version_of_a_destination(self, fake: Fake, version: str, tmp_path: Path) -> None:
        fake.write(fake.root / "mine/latest.json", {"version": version})
        with pytest.raises(StorageError, match=r"latest\.json is damaged"):
            fake.fetch(tmp_path / "out")

    def test_version_of_a_shelf(self, tmp_path: Path) -> None:
        shelf = Shelf(tmp_path)
        (tmp_path / "latest.json").write_text(json.dumps({"version": "../../.."}))
        with pytest.raises(ScenegenError, match="isn't there; remove it"):
            shelf.latest()
        with pytest.raises(InputError, match="has no version"):
            shelf.point("../elsewhere")

    @pytest.mark.parametrize(
        ("scene", "digest"),
        [
            ("../escaped-000000", DIGEST),
            ("/tmp/escaped-000000", DIGEST),
            ("..", DIGEST),
            (".hidden-000000", DIGEST),
            (SCENE, "../../secret"),
            (SCENE, "AB" * 32),
            ("other-000000", DIGEST),
        ],
    )
    def test_names_in_manifests(
        self, fake: Fake, scene: str, digest: str, tmp_path: Path, monkeypatch
    ) -> None:
        _describe(fake, monkeypatch, {SCENE: DIGEST})
        fake.write(fake.home / "packs.json", {scene: digest})
        out = tmp_path / "out"
        with pytest.raises(StorageError, match=r"is no (name of a scene|digest)"):
            fake.fetch(out)
        assert list(out.iterdir()) == []

    def test_an_archive_of_another_scene(self, fake: Fake, tmp_path: Path, monkeypatch) -> None:
        import hashlib

        _describe(fake, monkeypatch, {SCENE: DIGEST})
        data = packs.pack(fake.home)
        digest = hashlib.sha256(data).hexdigest()
        (fake.root / "scenes" / f"{digest}.tar").write_bytes(data)
        fake.write(fake.home / "packs.json", {SCENE: digest})
        with pytest.raises(StorageError, match=f"damaged \\(not {SCENE}\\)"):
            fake.fetch(tmp_path / "out")
        assert not (tmp_path / "out/scenes" / SCENE).exists()

    def test_only_archives_are_removed(self, fake: Fake) -> None:
        kept = fake.root / "scenes/thesis.tar"
        kept.write_text("not ours")
        (fake.root / "scenes" / f"{DIGEST}.tar").write_bytes(b"")
        assert Destination(f"file://{fake.root}").retire("mine", []) == 1
        assert [path.name for path in (fake.root / "scenes").iterdir()] == ["thesis.tar"]

    @pytest.mark.parametrize("name", ["a" * 300, "a\nb"])
    def test_names_in_archives(self, name: str, tmp_path: Path) -> None:
        with pytest.raises(DatasetError):
            unpack(_archive([_entry(name)]), tmp_path / "scene")
        assert not [path for path in tmp_path.rglob("*") if path.is_file()]

    def test_a_file_where_a_folder_was_said(self, tmp_path: Path) -> None:
        with pytest.raises(DatasetError, match="damaged archive"):
            unpack(_archive([_entry("a"), _entry("a/b")]), tmp_path / "scene")


def _describe(fake: Fake, monkeypatch, manifests: dict[str, str]) -> None:
    """Let the destination's ``dataset.json`` name some scenes."""
    from scenegen.pipeline.nightly import destination

    class Info:
        @staticmethod
        def model_validate_json(data: bytes) -> Info:
            made = Info()
            made.manifests = manifests  # type: ignore[attr-defined]
            return made

    (fake.home / "data/dataset.json").write_text("{}")
    monkeypatch.setattr(destination, "DatasetInfo", Info)


def _entry(name: str, size: int = 0) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.size = size
    return made


def _archive(entries: list[tarfile.TarInfo]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for made in entries:
            archive.addfile(made, io.BytesIO(b"\0" * made.size))
    return buffer.getvalue()


class TestMemory:
    @pytest.mark.parametrize(
        "text",
        [
            BOMB,
            HEAD + "sensors: " + "[" * 5000 + "]" * 5000 + "\n",
            HEAD + "sensors: " + "{a: " * 40 + "1" + "}" * 40 + "\n",
            HEAD + "#" + "x" * 200_000,
            HEAD.replace("num_scenes: 2", "num_scenes: 1000000000000"),
            "nightly: mine\ngenerate:\n"
            + "".join(
                f"  - {{scenario: wet_cut_in, name: n{i}, num_scenes: 1000000}}\n" for i in range(6)
            ),
            HEAD + "keep: 99999999999999999999\n",
        ],
        ids=["aliases", "deep list", "deep map", "long", "count", "counts", "keep"],
    )
    def test_plans(self, text: str) -> None:
        with pytest.raises(ScenarioError):
            plan(text)

    def test_a_sparse_archive_is_none(self, tmp_path: Path) -> None:
        path = tmp_path / "hole"
        with path.open("wb") as file:
            file.truncate(8 * 2**30)
        made = tmp_path / "sparse.tar"
        command = ["tar", "--sparse", "--format=gnu", "-cf", str(made), "-C", str(tmp_path), "hole"]
        subprocess.run(command, check=True)
        assert made.stat().st_size < 100_000
        with pytest.raises(DatasetError, match="is no plain file"):
            unpack(made.read_bytes(), tmp_path / "scene")

    def test_archives_of_many_files(self, tmp_path: Path, monkeypatch) -> None:
        monkeypatch.setattr(packs, "MOST_FILES", 10)
        with pytest.raises(DatasetError, match="has more than 10 files"):
            unpack(_archive([_entry(f"f{i}") for i in range(11)]), tmp_path / "scene")

    def test_a_compressed_archive_is_none(self, tmp_path: Path) -> None:
        import gzip

        with pytest.raises(DatasetError, match="damaged archive"):
            unpack(gzip.compress(_archive([_entry("a", 10_000_000)])), tmp_path / "scene")

    def test_a_huge_manifest_is_not_read(self, fake: Fake, monkeypatch) -> None:
        monkeypatch.setattr(place, "MOST_JSON", 1000)
        (fake.root / "mine/latest.json").write_text(json.dumps({"version": "c" * 1000}))
        with pytest.raises(StorageError, match="has more than 1,000 bytes"):
            Destination(f"file://{fake.root}").latest("mine")

    def test_bombs_in_little_memory(self, tmp_path: Path) -> None:
        """What is refused is refused before it is held: in 64 MB beyond what imports take."""
        (tmp_path / "plan.yaml").write_text(BOMB)
        code = (
            "import resource, sys\n"
            "from pathlib import Path\n"
            "from scenegen.errors import ScenarioError\n"
            "from scenegen.pipeline.nightly.plan import load_nightly\n"
            "held = int(Path('/proc/self/statm').read_text().split()[0]) * resource.getpagesize()\n"
            "resource.setrlimit(resource.RLIMIT_AS, (held + 64 * 2**20,) * 2)\n"
            "try:\n    load_nightly(sys.argv[1])\n"
            "except ScenarioError as error:\n    print('refused:', error)\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / "plan.yaml")],
            capture_output=True,
            text=True,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            check=False,
        )
        assert done.stdout.startswith("refused:"), done.stderr


@pytest.mark.parametrize("kind", [ScenarioError, MapError])
def test_errors_with_places_come_from_other_processes(kind: type[ScenarioError]) -> None:
    error = kind("it is wrong", Place("a.yaml", 3, 4))
    there = pickle.loads(pickle.dumps(error))
    assert (type(there), str(there), there.place) == (kind, str(error), error.place)
