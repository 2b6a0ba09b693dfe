"""Boards and flows: risk of bias, PRISMA, evidence map, claim board. What is drawn is what was counted."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from matplotlib.colors import same_color, to_hex
from matplotlib.patches import Circle, Rectangle

from hipevidence.errors import InputError
from hipevidence.evidence import Flow
from hipevidence.evidence.models import Term
from hipevidence.evidence.vocabulary import Vocabulary
from hipevidence.figures import (
    RiskOfBias,
    claim_board,
    claim_board_description,
    evidence_map,
    evidence_map_description,
    map_evidence,
    prisma_flow,
    prisma_flow_description,
    risk_of_bias,
    risk_of_bias_bars,
    risk_of_bias_bars_description,
    style,
    traffic_light,
    traffic_light_description,
)
from hipevidence.figures.claim_board import LOOKS
from hipevidence.figures.judgements import JUDGEMENTS
from tests.figures.gallery import make_gallery

ROB = RiskOfBias(
    "RoB 2",
    {"D1": "first", "D2": "second"},
    ("One", "Two", "Three"),
    (("Low", "Some concerns", "High"), ("High", "No information", "High"), ("low", "", "Low")),
)
FLOW = make_gallery.prisma("13")


def shapes(figure, kind):
    return [patch for patch in figure.axes[0].patches if isinstance(patch, kind)]


def texts(figure):
    return [text.get_text() for text in figure.axes[0].texts if text.get_text()]


# ------------------------------------------------------------------ risk of bias


def test_signs_and_colours_are_those_of_robvis():
    found = {name: (one.sign, one.colour) for name, one in JUDGEMENTS.items()}
    assert found["low"] == ("+", "#02C100")
    assert found["some concerns"] == found["moderate"] == ("–", "#E2DF07")
    assert found["high"] == found["serious"] == ("×", "#BF0000")
    assert found["critical"] == ("!", "#820000")
    assert found["no information"] == ("?", "#4EA1F7")
    assert found["not applicable"] == ("", "#cccccc")


def test_each_disc_stands_in_its_study_and_domain():
    figure = traffic_light(ROB)
    places = {text.get_text(): text.get_position() for text in figure.axes[0].texts}
    discs = {
        (round(d.center[0], 6), round(d.center[1], 6)): to_hex(d.get_facecolor())
        for d in shapes(figure, Circle)
        if d.get_radius() > 0.1
    }
    assert len(discs) == 8  # one place was not judged
    for study, row in zip(ROB.studies, ROB.judgements, strict=True):
        for head, word in zip(ROB.heads, row, strict=True):
            at = (round(places[head][0], 6), round(places[study][1], 6))
            expected = JUDGEMENTS[word.lower()].colour.lower() if word else None
            assert discs.get(at) == expected


def test_traffic_light_in_words():
    said = traffic_light_description(ROB)
    assert "Two: D1 high, D2 no information, Overall high" in said
    assert "Three: D1 low, D2 not judged, Overall low. D1: first; D2: second." in said


def test_bars_are_the_shares_of_studies():
    figure = risk_of_bias_bars(ROB)
    bars = [r for r in shapes(figure, Rectangle) if r.get_zorder() == 2]
    first = [(to_hex(r.get_facecolor()), r.get_width()) for r in bars[:2]]
    assert first == [("#02c100", pytest.approx(4.0 * 2 / 3)), ("#bf0000", pytest.approx(4.0 / 3))]
    assert sum(r.get_width() for r in bars) == pytest.approx(3 * 4.0)
    assert "each counts the same" in risk_of_bias_bars_description(ROB)


def test_bars_by_weight_say_so():
    said = risk_of_bias_bars_description(ROB, weights=[8, 1, 1])
    assert "each counts by its weight" in said
    assert "first: low 90%, high 10%" in said
    assert "second: some concerns 80%, no information 10%, not judged 10%" in said
    with pytest.raises(InputError, match="weight above 0"):
        risk_of_bias_bars(ROB, weights=[1, 0, 1])


def test_words_that_are_no_judgement_and_short_rows_are_refused():
    with pytest.raises(InputError, match="judgement 'fine'; allowed: Low, Some concerns"):
        RiskOfBias("x", {"D1": "a"}, ("One",), (("fine", "Low"),))
    with pytest.raises(InputError, match="One: 1 judgements; allowed: 2"):
        RiskOfBias("x", {"D1": "a"}, ("One",), (("Low",),))
    with pytest.raises(InputError, match="1 rows of judgements for 2 studies"):
        RiskOfBias("x", {"D1": "a"}, ("One", "Two"), (("Low", "Low"),))


def test_judgements_are_read_from_the_table():
    """A result is a study and an outcome: the other outcome of the same study was not judged."""
    keys = ("study_id", "outcome", "tool", "version", "domain", "judgement")
    lines = [
        ("a", "sleep", "RoB 2", "2019", "D1", "Low"),
        ("a", "sleep", "RoB 2", "2019", "overall", "High"),
        ("c", "sleep", "ROBINS-I", "2025", "D6", "Critical"),
    ]
    more = dict.fromkeys(("reason", "assessor", "judged_on", "read_in"), "")
    table = [dict(zip(keys, line, strict=True)) | more for line in lines]
    rows = [("r1", "a", "sleep"), ("r2", "a", "waking"), ("r3", "c", "sleep")]
    tables = {
        "risk_of_bias": table,
        "studies": [{"row_id": row, "study_id": study, "outcome": outcome} for row, study, outcome in rows],
    }
    pooled = [SimpleNamespace(row_id=row, label=row.upper()) for row, _, _ in rows]
    first, second = risk_of_bias(SimpleNamespace(records=tables.__getitem__), pooled)
    assert (first.tool, first.studies, first.judgements) == ("RoB 2, 2019", ("R1",), (("Low", "", "", "", "", "High"),))
    assert (second.tool, second.studies) == ("ROBINS-I, 2025", ("R3",))
    assert second.judgements == (("", "", "", "", "", "Critical", ""),)
    assert risk_of_bias(SimpleNamespace(records=tables.__getitem__), pooled[1:2]) == ()


# ------------------------------------------------------------------ PRISMA


def test_every_count_stands_in_the_flow():
    drawn = " ".join(texts(prisma_flow(FLOW)))
    said = prisma_flow_description(FLOW)
    counts = (FLOW.screened, FLOW.sought, FLOW.assessed, FLOW.included, FLOW.duplicates_removed, 766, 30)
    for count in counts:
        assert f"(n = {count})" in drawn
        assert f"(n = {count})" in said
    assert "not recorded" not in drawn
    assert "add up" not in said


def test_what_nobody_recorded_is_called_so():
    drawn = " ".join(texts(prisma_flow(Flow(included=3))))
    assert "Studies included in review (n = 3)" in drawn
    for box in ("Records identified", "Records screened", "Reports assessed for eligibility", "Reports excluded"):
        assert f"{box} (not recorded)" in drawn
    assert "n = 0" not in drawn


def test_counts_that_do_not_add_up_are_named_below_with_what_was_written_about_them():
    wrong = FLOW.model_copy(update={"screened_out": 1, "acknowledged": "flow_sum: printed so"})
    drawn = " ".join(texts(prisma_flow(wrong)))
    for said in (drawn, prisma_flow_description(wrong)):
        assert f"sought is 36, where the others allow {wrong.screened - 1}, screened less screened_out" in said
        assert "flow_sum: printed so" in said


def test_columns_appear_where_there_is_something_to_say():
    plain = " ".join(texts(prisma_flow(make_gallery.prisma("1"))))
    whole = " ".join(texts(prisma_flow(make_gallery.prisma("hard"))))
    assert "other methods" not in plain
    assert "Previous" not in plain
    assert "other methods" in whole
    assert "New studies included in review (n = 5)" in whole
    assert "Total studies included in review (n = 14)" in whole


# ------------------------------------------------------------------ evidence map


def studies(*rows):
    columns = ("study_id", "population", "intervention", "comparator", "outcome", "status")
    words = {
        "population": {"adults": Term(label="adults"), "runners": Term(label="runners", is_a=("adults",))},
        "intervention": {"tea": Term(label="tea"), "green_tea": Term(label="green tea", is_a=("tea",))},
        "comparator": {"water": Term(label="water")},
    }
    found = [dict(zip(columns, row, strict=True)) for row in rows]
    return SimpleNamespace(records=lambda _: found, vocabulary=Vocabulary(words))


EVIDENCE = studies(
    ("a", "adults", "tea", "water", "sleep", "extracted"),
    ("a", "adults", "tea", "water", "mood", "awaiting_extraction"),
    ("b", "adults", "tea", "water", "sleep", "awaiting_extraction"),
    ("c", "runners", "green_tea", "water", "sleep", "extracted"),
    ("d", "runners", "coffee", "water", "sleep", "extracted"),
    ("e", "adults", "tea", "water", "sleep", "excluded"),
)


def test_a_study_counts_once_and_an_excluded_one_not_at_all():
    found = map_evidence(EVIDENCE)
    assert found.comparisons[0] == "tea against water"
    assert found.read[0, 0] == ("a",)
    assert found.awaiting[0, 0] == ("b",)
    assert sum(map(len, found.read.values())) == 3
    assert "tea against water in adults: 2 studies, 1 of them awaiting extraction" in evidence_map_description(found)


def test_dots_are_filled_for_figures_read_and_hollow_for_those_awaiting():
    dots = shapes(evidence_map(map_evidence(EVIDENCE)), Circle)[:-2]  # the last two are the key
    filled = [same_color(dot.get_facecolor(), style.STUDY) for dot in dots]
    assert sorted(filled) == [False, True, True, True]


def test_a_map_of_some_interventions_takes_their_kinds_too():
    found = map_evidence(EVIDENCE, interventions=["tea"], outcomes=["sleep"])
    assert set(found.comparisons) == {"tea against water", "green tea against water"}
    with pytest.raises(InputError, match="no study to map"):
        evidence_map(map_evidence(EVIDENCE, interventions=["milk"]))


# ------------------------------------------------------------------ claim board


def test_each_mark_stands_under_its_verdict():
    found = [make_gallery.stated(i, f"Statement {i}.", "part") for i in range(8)]
    figure = claim_board(found)
    places = {text.get_text(): text.get_position() for text in reversed(figure.axes[0].texts)}  # the first one counts
    colours = {}
    for mark in shapes(figure, Circle):
        if mark.get_zorder() == 2:
            colours[round(mark.center[1], 6)] = (to_hex(mark.get_facecolor()), mark.center[0])
    for one in found:
        colour, x = colours[round(places[f"{one.claim.id} {one.claim.statement}"][1], 6)]
        assert colour == LOOKS[one.verdict][1].lower()
        last_word = {"supported with qualifier": "with qualifier"}.get(one.verdict, one.verdict)
        assert x == pytest.approx(places[last_word][0], abs=1e-9)


def test_every_verdict_has_its_own_look():
    assert len({colour for _, colour in LOOKS.values()}) == len(LOOKS)
    assert len({sign for name, (sign, _) in LOOKS.items() if name != "supported with qualifier"}) == len(LOOKS) - 1


def test_the_board_in_words_counts_and_names():
    found = [make_gallery.stated(i, "Statement.", "part") for i in (0, 1, 7)]
    said = claim_board_description(found)
    assert said.startswith("Claim board of 3 statements: supported 2 (C01, C08)")
    with pytest.raises(InputError, match="no verdict"):
        claim_board([])
