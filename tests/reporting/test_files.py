"""The report as files: same bytes every time, whole or not at all, and a check that finds every difference."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
import typst

from hipevidence.errors import InputError
from hipevidence.evidence import load_evidence
from hipevidence.reporting import check_report, report_files, write, write_report
from hipevidence.reporting.build import build_report
from hipevidence.reporting.pdf import write_project
from hipevidence.reporting.tables import FORMULA_STARTS

if TYPE_CHECKING:
    from hipevidence.claims import Verdict
    from hipevidence.evidence import Evidence
    from hipevidence.synthesis import Synthesis

FILES = {
    "figures/bias-nap.sleepiness-1-bars.svg",
    "figures/bias-nap.sleepiness-1.svg",
    "figures/multiverse-nap.sleepiness.svg",
    "figures/nap.recovered.svg",
    "figures/nap.sleepiness.svg",
    "figures/search.svg",
    "index.html",
    "manifest.json",
    "report.pdf",
    "tables/claims.csv",
    "tables/effects.csv",
    "tables/left_out.csv",
    "tables/pooled.csv",
    "verified_figures.csv",
    "verified_figures.html",
    "verified_figures.json",
}


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def written(
    nap_evidence: Evidence, nap_files: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A report in a folder; reports made afterwards are made in full."""
    with monkeypatch.context() as patch:
        patch.setattr(write, "report_files", lambda _evidence, **_: nap_files)
        write_report(nap_evidence, tmp_path / "reports")
    return tmp_path / "reports"


@pytest.fixture
def quick(nap_files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """Skip making the files again where only their way to the folder is tested."""
    monkeypatch.setattr(write, "report_files", lambda _evidence, **_: dict(nap_files))


# ------------------------------------------------------------------ content


def test_files_of_a_report(nap_files: dict[str, bytes]) -> None:
    assert set(nap_files) == FILES


def test_same_tables_same_bytes_in_another_process(
    nap_folder: Path, nap_files: dict[str, bytes], tmp_path: Path
) -> None:
    code = (
        "import sys; from hipevidence.evidence import load_evidence; from hipevidence.reporting import write_report; "
    )
    code += "write_report(load_evidence(sys.argv[1]), sys.argv[2])"
    for seed in ("1", "2"):
        out = tmp_path / seed
        environment = os.environ | {"PYTHONHASHSEED": seed, "TZ": f"UTC-{seed}", "SOURCE_DATE_EPOCH": seed * 9}
        subprocess.run(
            [sys.executable, "-c", code, str(nap_folder), str(out)], check=True, env=environment, cwd=tmp_path
        )
        assert tree(out) == nap_files


def test_progress_counts_every_step_once(nap_evidence: Evidence) -> None:
    seen: list[tuple[str, int, int]] = []
    report_files(nap_evidence, progress=lambda *step: seen.append(step))
    total = seen[0][2]
    assert [done for _, done, _ in seen] == list(range(total))
    assert {each for _, _, each in seen} == {total}
    assert all(name for name, _, _ in seen)


def test_manifest_names_inputs_outputs_and_rows(
    nap_evidence: Evidence, nap_files: dict[str, bytes], nap_syntheses: tuple[Synthesis, ...]
) -> None:
    manifest = json.loads(nap_files["manifest.json"])
    assert manifest["inputs"] == {
        name: hashlib.sha256((nap_evidence.folder / name).read_bytes()).hexdigest() for name in manifest["inputs"]
    }
    assert "studies.csv" in manifest["inputs"]
    assert manifest["outputs"] == {
        name: hashlib.sha256(content).hexdigest() for name, content in nap_files.items() if name != "manifest.json"
    }
    naps = manifest["questions"]["nap.sleepiness"]
    assert naps["analyses"]["primary"]["rows"] == list(nap_syntheses[0].primary.row_ids)
    assert naps["analyses"]["nulls_as_zero"]["rows_as_zero"] == ["delta2016.sleepiness.6w"]
    assert {row["row"]: row["kind"] for row in naps["left_out"]} == {
        "delta2016.sleepiness.6w": "null_without_figures",
        "epsilon2018.sleepiness.6w": "awaiting_extraction",
        "zeta2020.sleepiness.6w": "not_verified",
        "eta2021.sleepiness.6w": "excluded",
    }


def test_print_is_accessible_and_has_no_date(nap_files: dict[str, bytes]) -> None:
    content = nap_files["report.pdf"]
    assert content.startswith(b"%PDF-")
    assert b"pdfuaid" in content
    assert b"CreationDate" not in content


def test_print_shows_hostile_text_as_it_is(
    nap_evidence: Evidence, nap_syntheses: tuple[Synthesis, ...], nap_verdicts: tuple[Verdict, ...], tmp_path: Path
) -> None:
    report = build_report(nap_evidence, nap_syntheses, nap_verdicts, {})
    main = write_project(report, tmp_path)
    headings = json.loads(typst.query(main, "heading", field="body", root=tmp_path))
    texts = [body.get("text") for body in headings]
    assert [section.title for section in report.questions] == [
        text for text in texts if text in {s.title for s in report.questions}
    ]
    assert "#evil[typst] $x^2$ *bold* found nothing" in texts
    assert "Napping against walking <i>" in texts


def test_pictures_are_xml_without_scripts(nap_files: dict[str, bytes]) -> None:
    pictures = [content for name, content in nap_files.items() if name.endswith(".svg")]
    assert len(pictures) == 6
    for content in pictures:
        elements = list(ET.fromstring(content).iter())  # noqa: S314 - drawn by this program a moment ago
        assert not [element for element in elements if element.tag.endswith("script")]
        references = [element.get("href") for element in elements if element.get("href")]
        ids = {element.get("id") for element in elements if element.get("id")}
        assert {reference.removeprefix("#") for reference in references if reference} <= ids
    assert b"&lt;script&gt;" in nap_files["figures/nap.sleepiness.svg"]


def test_no_cell_of_a_table_is_a_formula(nap_files: dict[str, bytes], hostile_texts: tuple[str, ...]) -> None:
    cells = []
    for name, content in nap_files.items():
        if name.endswith(".csv"):
            assert b"\r" not in content
            rows = list(csv.reader(io.StringIO(content.decode(), newline="")))
            assert len({len(row) for row in rows}) == 1
            cells += [cell for row in rows for cell in row]
    formulas = [cell for cell in cells if cell.startswith(FORMULA_STARTS)]
    assert all(float(cell) < 0 for cell in formulas)
    assert formulas
    for text in hostile_texts:
        assert any(text in cell for cell in cells)


def test_numbers_in_tables_are_those_of_the_results(
    nap_files: dict[str, bytes], nap_syntheses: tuple[Synthesis, ...]
) -> None:
    effects = list(csv.DictReader(io.StringIO(nap_files["tables/effects.csv"].decode())))
    rows = [row for synthesis in nap_syntheses for row in synthesis.rows]
    assert [float(effect["yi"]) for effect in effects] == pytest.approx([row.yi for row in rows], rel=1e-9)
    assert [float(effect["vi"]) for effect in effects] == pytest.approx([row.vi for row in rows], rel=1e-9)
    pooled = {
        (row["question"], row["analysis"]): row
        for row in csv.DictReader(io.StringIO(nap_files["tables/pooled.csv"].decode()))
    }
    for synthesis in nap_syntheses:
        for analysis in (synthesis.primary, *synthesis.sensitivity):
            row = pooled[synthesis.question.id, analysis.id]
            if analysis.result is None:
                assert row["estimate"] == ""
            else:
                assert float(row["estimate"]) == pytest.approx(analysis.result.estimate, rel=1e-9)
                assert float(row["ci_high"]) == pytest.approx(analysis.result.ci.high, rel=1e-9)


def test_a_new_evidence_base_has_a_report_too(bare_evidence: Evidence) -> None:
    files = report_files(bare_evidence)
    page = files["index.html"].decode()
    assert "No statements are registered" in page
    assert page.count("Nobody can say yet") == 3
    assert json.loads(files["verified_figures.json"]) == []
    assert files["tables/effects.csv"] == b""


# ------------------------------------------------------------------ folder


@pytest.mark.usefixtures("quick")
def test_other_files_beside_an_earlier_report_stay_and_old_ones_of_the_report_go(
    nap_evidence: Evidence, nap_files: dict[str, bytes], written: Path
) -> None:
    (written / "notes").mkdir()
    (written / "notes" / "mine.txt").write_text("keep", encoding="utf-8")
    manifest = json.loads((written / "manifest.json").read_text(encoding="utf-8"))
    manifest["outputs"]["figures/old.svg"] = ""
    (written / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (written / "figures" / "old.svg").write_text("old", encoding="utf-8")
    paths = write_report(nap_evidence, written)
    assert tree(written) == nap_files | {"notes/mine.txt": b"keep"}
    assert sorted(paths) == sorted(written.resolve() / name for name in nap_files)


@pytest.mark.usefixtures("quick")
def test_a_folder_with_other_things_is_not_touched(nap_evidence: Evidence, tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("years of work", encoding="utf-8")
    with pytest.raises(InputError, match="holds files, but no manifest"):
        write_report(nap_evidence, tmp_path)
    (tmp_path / "manifest.json").write_text('{"outputs": {}}', encoding="utf-8")
    with pytest.raises(InputError, match="holds files, but no manifest"):
        write_report(nap_evidence, tmp_path)
    assert (tmp_path / "thesis.docx").read_text(encoding="utf-8") == "years of work"
    with pytest.raises(InputError, match="is a file"):
        write_report(nap_evidence, tmp_path / "thesis.docx")


@pytest.mark.usefixtures("quick")
def test_an_empty_or_missing_folder_is_filled(
    nap_evidence: Evidence, nap_files: dict[str, bytes], tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    for out in (tmp_path / "empty", tmp_path / "not" / "there" / "yet"):
        write_report(nap_evidence, out)
        assert tree(out) == nap_files
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "not"]


def test_a_failure_while_making_the_report_leaves_the_old_one(
    nap_evidence: Evidence, written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tree(written.parent)
    monkeypatch.setattr(write, "pdf", lambda _report: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_report(nap_evidence, written)
    assert tree(written.parent) == before


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("failing", [1, 2])
def test_a_failure_while_moving_leaves_the_old_report(
    nap_evidence: Evidence, written: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    (written / "index.html").write_text("the old page", encoding="utf-8")
    before = tree(written.parent)
    rename, calls = Path.rename, []

    def refuse(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == failing:
            raise PermissionError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(InputError, match="Permission denied"):
        write_report(nap_evidence, written)
    assert tree(written.parent) == before


@pytest.mark.usefixtures("quick")
def test_a_failure_while_writing_leaves_the_old_report(
    nap_evidence: Evidence, written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tree(written.parent)

    def full(_self: Path, _content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InputError, match="No space left"):
        write_report(nap_evidence, written)
    monkeypatch.undo()
    assert tree(written.parent) == before


# ------------------------------------------------------------------ check


@pytest.mark.usefixtures("quick")
def test_check_finds_nothing_in_a_fresh_report(nap_evidence: Evidence, written: Path) -> None:
    assert check_report(nap_evidence, written) == []


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("name", sorted(FILES - {"manifest.json"}))
def test_check_finds_a_changed_and_a_missing_file(nap_evidence: Evidence, written: Path, name: str) -> None:
    (written / name).write_bytes((written / name).read_bytes() + b" ")
    assert check_report(nap_evidence, written) == [name]
    (written / name).unlink()
    assert check_report(nap_evidence, written) == [name]


@pytest.mark.usefixtures("quick")
def test_check_of_a_folder_without_a_report_names_every_file(nap_evidence: Evidence, tmp_path: Path) -> None:
    assert check_report(nap_evidence, tmp_path) == sorted(FILES)


@pytest.mark.usefixtures("quick")
def test_check_finds_what_an_earlier_report_left_behind(nap_evidence: Evidence, written: Path) -> None:
    manifest = json.loads((written / "manifest.json").read_text(encoding="utf-8"))
    manifest["outputs"]["figures/old.svg"] = ""
    (written / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (written / "figures" / "old.svg").write_text("old", encoding="utf-8")
    assert check_report(nap_evidence, written) == ["figures/old.svg", "manifest.json"]


@pytest.mark.usefixtures("quick")
def test_other_versions_may_draw_otherwise_but_not_say_otherwise(nap_evidence: Evidence, written: Path) -> None:
    manifest = json.loads((written / "manifest.json").read_text(encoding="utf-8"))
    manifest["versions"]["matplotlib"] = "0.1"
    (written / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    picture = written / "figures" / "nap.sleepiness.svg"
    picture.write_bytes(picture.read_bytes() + b" ")
    page = written / "index.html"
    page.write_bytes(page.read_bytes().replace(b"</svg>", b"<g></g></svg>"))
    assert check_report(nap_evidence, written) == []
    page.write_bytes(page.read_bytes().replace(b"napping", b"jogging"))
    (written / "tables" / "effects.csv").write_bytes(b"")
    assert check_report(nap_evidence, written) == ["index.html", "tables/effects.csv"]


def test_check_finds_changed_data(nap_folder: Path, written: Path, tmp_path: Path) -> None:
    changed = tmp_path / "data"
    changed.mkdir()
    for path in nap_folder.iterdir():
        (changed / path.name).write_bytes(path.read_bytes())
    studies = changed / "studies.csv"
    studies.write_bytes(studies.read_bytes().replace(b"3.10", b"3.11"))
    differing = check_report(load_evidence(changed), written)
    assert {"index.html", "manifest.json", "report.pdf", "tables/effects.csv", "tables/pooled.csv"} <= set(differing)
    assert "figures/nap.recovered.svg" not in differing
