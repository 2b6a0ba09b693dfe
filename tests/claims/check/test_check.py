"""The linter: places, comments that allow, formats, and a row that changes."""

from __future__ import annotations

import io
import shutil

import pytest

from hipevidence import check_text
from hipevidence.claims.check import typed_figures
from hipevidence.claims.checking import Desk, prepare
from hipevidence.claims.documents import as_document
from hipevidence.errors import InputError
from hipevidence.evidence import load_evidence
from tests.support import ROOT

WRONG = (
    "In a 2018 review, people with kneecap pain who trained hip and knee had 3.3 points less pain than those who "
    "trained the knee alone."
)
RIGHT = WRONG.replace("3.3", "1.5")
RECRUITS = "In army recruits new kneecap pain was less common"


def codes(text, desk, **options):
    return [one.code for one in check_text(text, desk, **options)]


# ------------------------------------------------------------------ where a finding is


def test_a_finding_stands_at_its_figure(desk):
    (found,) = check_text(f"Welcome.\n\n  {WRONG}\n", desk, name="page.txt")
    assert (found.file, found.line, found.column) == ("page.txt", 3, WRONG.index("3.3") + 3)
    assert (found.end_line, found.end_column) == (3, WRONG.index("3.3") + 3 + len("3.3 points"))
    assert found.code == "comparator"
    assert found.verdict == "misattributed"
    assert "1.5 (0.8 to 2.3)" in found.message
    assert "1.5" in found.suggestion
    assert "nascimento2018.pain.hip_and_knee_vs_knee" in found.rows


@pytest.mark.parametrize(
    ("form", "text", "line"),
    [
        ("txt", WRONG.replace("people with", "people\nwith"), 2),
        ("md", f"# Pain\n\n- **{WRONG}**", 3),
        ("md", f"---\ntitle: x\n---\n\n> {WRONG.replace('3.3', '*3.3*')}", 5),
        ("html", f"<html><body>\n<p>{WRONG.replace('3.3', '<b>3.3</b>')}</p></body></html>", 2),
        ("html", f"<p>\n{WRONG.replace(' points', '&nbsp;points')}</p>", 2),
        ("html", f'<meta name="description"\n content="{WRONG}">', 1),
    ],
)
def test_every_format_is_read_and_keeps_its_lines(form, text, line, desk):
    (found,) = check_text(text, desk, form=form)
    assert (found.code, found.line) == ("comparator", line)


def test_what_nobody_reads_is_not_checked(desk):
    assert codes(f"<script>{WRONG}</script><style>{WRONG}</style><!-- {WRONG} -->", desk, form="html") == []
    assert codes(f"```\n{WRONG}\n```\n\n<!-- {WRONG} -->\n", desk, form="md") == []


def test_word_documents_are_read_paragraph_by_paragraph(desk):
    docx = pytest.importorskip("docx", reason="comes with the word extra")
    document = docx.Document()
    document.add_heading("Pain", 1)
    document.add_paragraph(RIGHT)
    table = document.add_table(rows=1, cols=1)
    table.rows[0].cells[0].text = WRONG
    buffer = io.BytesIO()
    document.save(buffer)
    (found,) = check_text(as_document(buffer.getvalue(), "copy.docx", "docx"), desk)
    assert (found.code, found.line) == ("comparator", 3)


def test_a_file_that_is_no_word_document_is_refused(desk):
    pytest.importorskip("docx", reason="comes with the word extra")
    with pytest.raises(InputError, match="cannot be opened as a Word document"):
        check_text(as_document(b"no zip", "copy.docx", "docx"), desk)


@pytest.mark.parametrize("content", [b"\x00\x01\x02\x00", b"\xff\xfe\x00"])
def test_bytes_that_are_no_text_are_refused(content):
    with pytest.raises(InputError, match="is no text"):
        as_document(content, "picture.txt", "txt")


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_usual_codings_are_understood(coding, desk):
    text = WRONG.replace("less pain", "less pain \u2013 on average \u2013")
    assert codes(as_document(text.encode(coding), "a.txt"), desk) == ["comparator"]


# ------------------------------------------------------------------ allowing


def test_a_comment_with_a_reason_allows_its_code(desk):
    assert codes(f"<!-- hipevidence: allow comparator agreed with the lead -->\n{WRONG}\n", desk) == []
    assert codes(f"{WRONG} <!-- hipevidence: allow comparator agreed with the lead -->\n", desk, form="md") == []
    html = f"<p><!-- hipevidence: allow comparator agreed with the lead -->{WRONG}</p>"
    assert codes(html, desk, form="html") == []


@pytest.mark.parametrize(
    ("comment", "why"),
    [
        ("<!-- hipevidence: allow comparator -->", "gives no reason"),
        ("<!-- hipevidence: allow comparator ... -->", "gives no reason"),
        ("<!-- hipevidence: allow comparater agreed -->", "is no reason code"),
        ("<!-- hipevidence: allow -->", "names no reason code"),
        ("<!-- hipevidence: allow number agreed -->", "nothing here gives number"),
    ],
)
def test_a_comment_that_cannot_stand_is_a_finding_itself(comment, why, desk):
    found = check_text(f"{comment}\n{WRONG}\n", desk)
    assert [one.code for one in found] == ["allowance", "comparator"]
    assert why in found[0].message


# ------------------------------------------------------------------ what is compared


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (RIGHT.replace("points", "points (0.8 to 2.3)", 1), []),
        (RIGHT.replace("points", "points (95% CI 0.2 to 2.9)", 1), ["number"]),
        (f"{RECRUITS}: 1.3% after a warm-up with strengthening, 4.8% after the usual warm-up.", []),
        (f"{RECRUITS}: 4.8% after a warm-up with strengthening, 1.3% after the usual warm-up.", ["number"]),
        ("Yoga lowered pain by 1.5 points more than knee exercise alone in people with kneecap pain.", ["untraced"]),
        (
            "In people with kneecap pain, hip and knee exercise lowered pain by 1.5 points more than yoga.",
            ["comparator"],
        ),
    ],
)
def test_intervals_arms_and_unknown_treatments(text, expected, desk):
    found = codes(text, desk)
    assert set(expected) <= set(found)
    assert bool(found) == bool(expected)


def test_a_heading_and_a_list_lend_what_their_lines_leave_out(desk):
    lead = "Research supports these numbers for hip strengthening:"
    text = f"{lead}\n- 2 to 5 sessions a week.\n\nDo 2 to 5 sessions a week.\n"
    assert [one.line for one in check_text(text, desk)] == [2]


def test_notes_are_returned_only_when_asked_for(desk):
    ratio = (
        "Among older women with or at risk of knee osteoarthritis, those in the weakest quarter for hip strength had "
        "1.7 times the odds of worsening knee pain compared with the strongest quarter."
    )
    assert codes(ratio, desk) == []
    assert "relative_without_baseline" in codes(ratio, desk, notes=True)


def test_an_entry_past_its_review_date_is_told_on_that_day(desk):
    text = desk.registered["C18"].claim.statement.replace("alone", "alone for kneecap pain")
    assert codes(text, desk, today="2027-11-23") == []
    assert codes(text, desk, today="2027-11-24") == ["expired"]
    with pytest.raises(InputError, match="allowed: a date"):
        check_text(text, desk, today="tomorrow")


def test_the_sentences_we_suggest_are_mostly_carried_themselves(desk):
    """The few left out name no people, or less than their evidence: read alone they are too wide."""
    too_wide = {"C03", "C10", "C19", "C24", "C25", "C37", "C41"}
    flagged = {key for key, verdict in desk.registered.items() if check_text(verdict.carried, desk)}
    assert flagged <= too_wide


# ------------------------------------------------------------------ a row that changes


def test_a_changed_figure_flips_the_statements_on_it_and_no_other(tmp_path, desk):
    folder = tmp_path / "data"
    shutil.copytree(ROOT / "data", folder)
    table = folder / "published_pools.csv"
    old = table.read_text(encoding="utf-8")
    line = next(line for line in old.splitlines() if line.startswith("nascimento2018.pain.hip_and_knee_vs_knee"))
    assert ",-1.5,-2.3,-0.8," in line
    table.write_text(old.replace(line, line.replace(",-1.5,-2.3,-0.8,", ",-0.9,-1.7,-0.2,")), encoding="utf-8")
    changed: Desk = prepare(load_evidence(folder))
    others = (
        "In people with knee osteoarthritis, a 2022 review gives an effect size on pain of 0.60 for hip strengthening.",
        "Against no training or placebo, hip and knee training eased kneecap pain by 3.3 points.",
    )
    assert codes(RIGHT, desk) == []
    assert codes(RIGHT, changed)
    assert codes(RIGHT.replace("1.5", "0.9"), desk)
    assert codes(RIGHT.replace("1.5", "0.9"), changed) == []
    for text in others:
        assert codes(text, desk) == codes(text, changed) == []


# ------------------------------------------------------------------ copy, and hostile text


def test_figures_typed_into_rendered_copy_are_told():
    copy = 'Pain fell by <data class="hipevidence" value="a">1.5 points</data>, and 20% ran again after 6 weeks.'
    for form in ("md", "html"):
        (found,) = typed_figures(as_document(copy, "copy", form))
        assert (found.code, found.text) == ("typed_figure", "20%")


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "\u202e", "\x1b[31m", "\"'&{{ 7*7 }}", "\u200b"])
def test_hostile_characters_change_nothing(hostile, desk):
    text = WRONG.replace("In a 2018", f"{hostile} In a 2018")
    assert codes(text, desk) == ["comparator"]


def test_invisible_marks_inside_words_hide_nothing(desk):
    assert codes(WRONG.replace("points", "poi\u200bnts").replace("knee alone", "kn\u00adee alone"), desk) == [
        "comparator"
    ]
