from __future__ import annotations

import json
from pathlib import Path

from conftest import Weighbridge
from weighbridge.adapters.door import open_candidate
from weighbridge.core.candidate import Belonging


def _secrets(folder: Path) -> set[str]:
    rows = (folder / "planted.jsonl").read_text() + (folder / "held-back.jsonl").read_text()
    return {json.loads(line)["secret"] for line in rows.splitlines()}


def test_plants_and_tells_no_secret(weighbridge: Weighbridge, tmp_path: Path) -> None:
    kit = tmp_path / "kit"
    code, out, err = weighbridge("canaries", "plant", kit, "--canaries=12", "--language=en", "--language=sw")
    assert (code, err) == (0, "")
    assert "126 rows with 12 canaries" in out
    assert json.loads((kit / "kit.json").read_text())["digest"] in out
    names = {" ".join(line.split()[5:7]) for line in (kit / "planted.jsonl").read_text().splitlines()}
    assert not any(secret in out for secret in _secrets(kit))
    assert not any(name in out for name in names)


def test_secrets_are_drawn_anew_unless_seeded(weighbridge: Weighbridge, tmp_path: Path) -> None:
    for name in ("a", "b"):
        assert weighbridge("canaries", "plant", tmp_path / name)[0] == 0
    assert len(_secrets(tmp_path / "a") & _secrets(tmp_path / "b")) < 5
    for name in ("c", "d"):
        assert weighbridge("canaries", "plant", tmp_path / name, "--seed=3")[0] == 0
    assert (tmp_path / "c" / "planted.jsonl").read_bytes() == (tmp_path / "d" / "planted.jsonl").read_bytes()


def test_writes_over_nothing(weighbridge: Weighbridge, tmp_path: Path) -> None:
    assert weighbridge("canaries", "plant", tmp_path)[0] == 0
    before = (tmp_path / "planted.jsonl").read_bytes()
    code, _out, err = weighbridge("canaries", "plant", tmp_path)
    assert code == 2
    assert "is there already" in err
    assert (tmp_path / "planted.jsonl").read_bytes() == before


def test_bad_options_are_told(weighbridge: Weighbridge, tmp_path: Path) -> None:
    for option in ("--repeats=1,x", "--canaries=0", "--secret=99", "--template=nothing", "--language=xx"):
        code, _out, err = weighbridge("canaries", "plant", tmp_path / "kit", option)
        assert code == 2, option
        assert err
    assert not (tmp_path / "kit").exists()


def test_one_context_for_all_is_told(weighbridge: Weighbridge, tmp_path: Path) -> None:
    code, out, _err = weighbridge("canaries", "plant", tmp_path / "kit", "--template=The PIN is {secret}.")
    assert code == 0
    assert "add {name}" in out


def test_a_kit_never_lands_in_what_is_released(weighbridge: Weighbridge, tmp_path: Path) -> None:
    lm = tmp_path / "lm"
    (lm / "deep").mkdir(parents=True)
    for name in ("weighbridge.toml", "model.safetensors"):
        (lm / name).touch()
        for folder in (lm, lm / "kit", lm / "deep" / "kit"):
            code, _out, err = weighbridge("canaries", "plant", folder)
            assert code == 2
            assert f"weighbridge canaries plant {tmp_path / 'canary-kit'}" in err
            assert not (folder / "kit.json").exists()
        (lm / name).unlink()
    assert weighbridge("canaries", "plant", tmp_path / "canary-kit")[0] == 0


def test_a_kit_in_a_candidate_is_evidence_only(weighbridge: Weighbridge, tmp_path: Path) -> None:
    lm = tmp_path / "lm"
    assert weighbridge("canaries", "plant", lm)[0] == 0
    (lm / "rows.csv").write_text("a,b\n1,2\n")
    for told in ("", 'name = "lm"\n[[artefact]]\nrole = "data"\npath = "."\n'):
        if told:
            (lm / "weighbridge.toml").write_text(told)
        belongs = {a.label: a.belongs for a in open_candidate(lm).candidate.artefacts}
        assert belongs.pop("rows.csv") is Belonging.DATA
        assert set(belongs.values()) == {Belonging.EVIDENCE_ONLY}
        assert len(belongs) == 4
    (lm / "weighbridge.toml").write_text(told + 'component = "data"\n')
    code, _out, err = weighbridge("weigh", lm)
    assert code == 2
    assert 'component = "evidence-only"' in err
