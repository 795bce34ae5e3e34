"""`c2pa.…` from the command line: sign, verify, and what a wrong file ends with."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from scenegen.cli import main
from scenegen.dataset import open_dataset
from scenegen.pipeline.config import GenerateConfig, VerifyConfig
from scenegen.pipeline.generate import generate
from scenegen.pipeline.verify import verify

TINY = Path(__file__).parents[1] / "data" / "tiny.yaml"


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(list(words))
    return int(ended.value.code or 0)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep keys of tests out of the developer's folder."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((f"c2pa.cert={TINY}", f"c2pa.key={TINY}"), "no certificates in PEM"),
        (("c2pa.cert=none.pem", "c2pa.key=none.pem"), "none.pem: can't be read"),
        ((f"c2pa.key={TINY}",), "go together"),
        (("c2pa.certificate=x",), "c2pa.cert"),
    ],
)
def test_wrong_keys_end_before_any_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], message: str
) -> None:
    out = tmp_path / "out"
    assert run("generate", f"scenario={TINY}", f"out={out}", "c2pa.sign=true", *words) == 2
    assert message in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.slow
def test_signed_frames_are_verified(tmp_path: Path) -> None:
    out = tmp_path / "out"
    keys = {"scenario": str(TINY), "num_scenes": 1, "out": str(out)}
    generate(GenerateConfig.parse(keys), io.StringIO())
    plain = open_dataset(out)
    assert plain.info.synthetic is not None
    digest = plain.digest()
    more = {"resume": True, "c2pa": {"sign": True}}
    info = generate(GenerateConfig.parse(keys | more), io.StringIO()).info
    assert info.signing is not None
    assert open_dataset(out).digest() == digest
    assert "c2pa" not in open_dataset(out).info.config
    looked = VerifyConfig.parse({"dataset": str(out)})
    result = verify(looked, io.StringIO())
    assert result.ok
    assert result.checked["manifests"] == info.counts.frames
    manifest = next((out / "c2pa").rglob("*.c2pa"))
    manifest.unlink()
    (violation,) = verify(looked, io.StringIO()).violations
    assert f"rgb/{manifest.stem}.png: has no manifest" in violation
