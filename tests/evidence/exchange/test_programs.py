"""Tables of RevMan, metafor and Metapsy, in and out: the same effects on both sides."""

from __future__ import annotations

import math

import pytest

from hipevidence.errors import InputError
from hipevidence.evidence.exchange import (
    Entry,
    data_rows,
    finished,
    metafor_rows,
    metapsy_rows,
    read_data_rows,
    read_metafor,
    read_metapsy,
    read_rm5,
)

DATA_ROWS = """\ufeffAnalysis group,Analysis number,Analysis name,Subgroup,Applicability,Study,Study year,\
GIV Mean,GIV SE,Experimental mean,Experimental SD,Experimental cases,Experimental N,Control mean,Control SD,\
Control cases,Control N,O-E,Variance,Weight,Mean,CI start,CI end,Footnotes
1,1,Waking,Adults,OVERALL,Smith 2011,2011,,,,,4,123,,,11,139,,,5.1,0.41,0.13,1.26,
1,2,Sleep,,OVERALL,Jones,2012,,,5.20,2.1,,24,4.1,2.4,,23,,,10,1.1,-0.2,2.4,a note
1,3,Death,,OVERALL,Doe 2013,2013,-0.5,0.25,,,,,,,,,,,10,0.61,0.37,0.99,
1,4,Death,,OVERALL,Roe 2014,2014,,,,,,,,,,,-2,8,10,0.78,0.39,1.56,
"""


def test_revman_data_rows():
    counts, means, generic, peto = read_data_rows(DATA_ROWS, "HR")
    assert counts == {
        "study_id": "smith2011",
        "study": "Smith 2011",
        "sample_id": "smith2011",
        "year": "2011",
        "population_detail": "Waking, Adults",
        "note": "Analysis 1.1.",
        "n1": "123",
        "n2": "139",
        "events1": "4",
        "events2": "11",
    }
    assert {name: means[name] for name in ("study", "mean1_post", "sd2_post", "n1", "note")} == {
        "study": "Jones 2012",
        "mean1_post": "5.20",
        "sd2_post": "2.4",
        "n1": "24",
        "note": "Analysis 1.2. a note",
    }
    assert float(generic["effect"]) == pytest.approx(math.exp(-0.5), rel=1e-12)
    assert float(generic["ci_low"]) == pytest.approx(math.exp(-0.5 - 1.959963984540054 * 0.25), rel=1e-12)
    assert float(peto["effect"]) == pytest.approx(math.exp(-2 / 8), rel=1e-12)


def test_revman_names_as_other_programs_rewrite_them():
    head, *body = DATA_ROWS.removeprefix("\ufeff").split("\n")
    dotted = "\n".join([head.replace(" ", ".").replace("O-E", "O.E"), *body])
    assert read_data_rows(dotted, "HR") == read_data_rows(DATA_ROWS, "HR")
    assert read_data_rows(DATA_ROWS.replace(",", ";"), "HR") == read_data_rows(DATA_ROWS, "HR")


RM5 = """<?xml version="1.0" encoding="UTF-8"?>
<COCHRANE_REVIEW>
 <STUDIES_AND_REFERENCES><STUDIES><INCLUDED_STUDIES>
  <STUDY ID="STD-Smith-2011" NAME="Smith 2011" YEAR="2011"/>
  <STUDY ID="STD-Jones" NAME="Jones" YEAR="2012"/>
 </INCLUDED_STUDIES></STUDIES></STUDIES_AND_REFERENCES>
 <ANALYSES_AND_DATA><COMPARISON NO="1"><NAME>Tea &amp; water</NAME>
  <DICH_OUTCOME NO="1" EFFECT_MEASURE="RR"><NAME>Waking</NAME>
   <DICH_SUBGROUP><NAME>Adults</NAME>
    <DICH_DATA STUDY_ID="STD-Smith-2011" EVENTS_1="0" EVENTS_2="11" TOTAL_1="123" TOTAL_2="139"/>
   </DICH_SUBGROUP></DICH_OUTCOME>
  <CONT_OUTCOME NO="2" EFFECT_MEASURE="MD"><NAME>Sleep</NAME>
   <CONT_DATA STUDY_ID="STD-Jones" MEAN_1="0" SD_1="2.10" TOTAL_1="24" MEAN_2="-1.5" SD_2="2.4" TOTAL_2="23"/>
  </CONT_OUTCOME>
  <IV_OUTCOME NO="3" EFFECT_MEASURE="Hazard Ratio"><NAME>Death</NAME>
   <IV_DATA STUDY_ID="STD-Jones" ESTIMATE="-0.5" SE="0.25" TOTAL_1="0" TOTAL_2="0"/>
   <IV_DATA STUDY_ID="STD-Smith-2011" ESTIMATE="0" SE="0"/>
  </IV_OUTCOME>
  <IPD_OUTCOME NO="4"><NAME>Relapse</NAME><IPD_DATA STUDY_ID="STD-Jones" O_E="-2" VAR="8"/></IPD_OUTCOME>
 </COMPARISON></ANALYSES_AND_DATA>
</COCHRANE_REVIEW>"""


def test_revman_5():
    counts, means, generic, peto = read_rm5(RM5.encode())
    assert counts["study"] == "Smith 2011"
    assert counts["population_detail"] == "Tea & water; Waking"
    assert [counts[name] for name in ("events1", "n1", "events2", "n2")] == ["0", "123", "11", "139"]
    assert [means[name] for name in ("mean1_post", "sd1_post", "mean2_post", "n2")] == ["0", "2.10", "-1.5", "23"]
    assert float(generic["effect"]) == pytest.approx(math.exp(-0.5), rel=1e-12)
    assert generic["effect_measure"] == "HR"
    assert "n1" not in generic
    assert float(peto["effect"]) == pytest.approx(math.exp(-2 / 8), rel=1e-12)


BOMB = '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><COCHRANE_REVIEW>&b;</COCHRANE_REVIEW>'
FETCH = '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/hostname">]><COCHRANE_REVIEW>&a;</COCHRANE_REVIEW>'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (BOMB, "entity declarations"),
        (FETCH, "entity declarations"),
        ("no xml", "no XML"),
        ("<a><b></a>", "no XML"),
        ("", "no XML"),
        ("<COCHRANE_REVIEW/>", "no data"),
    ],
)
def test_xml_that_is_refused(text, message):
    with pytest.raises(InputError, match=message):
        read_rm5(text.encode())


def test_metafor_counts_means_and_effects():
    (counts,) = read_metafor("trial,author,year,ai,bi,ci,di\n1,Aronson,1948,4,119,11,128\n")
    assert [counts[name] for name in ("events1", "n1", "events2", "n2")] == ["4", "123", "11", "139"]
    assert counts["study"] == "Aronson 1948"
    (means,) = read_metafor("slab,m1i,sd1i,n1i,m2i,sd2i,n2i\nJones 2012,5.20,2.1,24,4.1,2.4,23\n")
    assert means["mean1_post"] == "5.20"
    (effect,) = read_metafor("slab,yi,vi\nJones 2012,-0.5,0.0625\n", "RR")
    assert float(effect["effect"]) == pytest.approx(math.exp(-0.5), rel=1e-12)
    (difference,) = read_metafor("slab,yi,sei\nJones 2012,-0.5,0.25\n", "SMD")
    assert float(difference["effect"]) == -0.5


METAPSY = (
    "study,year,condition_arm1,condition_arm2,outcome_type,instrument,time_weeks,mean_arm1,sd_arm1,n_arm1,mean_arm2,"
    "sd_arm2,n_arm2,event_arm1,totaln_arm1,event_arm2,totaln_arm2,precalc_g,precalc_g_se\n"
    '"Smith, 2011",2011,tea,water,Sleep,Sleep diary,6,5.20,2.1,24,4.1,2.4,23,NA,NA,NA,NA,NA,NA\n'
    '"Jones, 2012",2012,tea,water,Waking,NA,6,NA,NA,NA,NA,NA,NA,4,123,11,139,NA,NA\n'
    '"Doe, 2013",2013,tea,water,Sleep,NA,6,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,-0.5,0.25\n'
)


def test_metapsy():
    means, counts, computed = read_metapsy(METAPSY)
    assert means["study"] == "Smith 2011"
    assert [means[name] for name in ("arm1", "outcome", "instrument", "mean1_post", "n2")] == [
        "tea",
        "sleep",
        "sleep_diary",
        "5.20",
        "23",
    ]
    assert [counts[name] for name in ("events1", "n1", "events2", "n2")] == ["4", "123", "11", "139"]
    assert (computed["effect"], computed["effect_measure"]) == ("-0.5", "SMD")


@pytest.mark.parametrize("reader", [read_data_rows, read_metafor, read_metapsy])
@pytest.mark.parametrize("text", ["", "a,b\n", "a,b\n1,2\n", '"'])
def test_what_is_no_table_of_that_program(reader, text):
    with pytest.raises(InputError, match="allowed:"):
        reader(text)


@pytest.mark.parametrize("error", ["0", "-1", "x", "1,5", "nan"])
def test_a_standard_error_that_is_none(error):
    with pytest.raises(InputError, match="allowed:"):
        read_metafor(f'slab,yi,sei\na,1,"{error}"\n')


def test_rows_get_what_holds_for_all_and_a_key_each():
    rows = finished([{"study_id": "a", "n1": ""}, {"study_id": "a"}], {"outcome": "sleep", "sex": "mixed"}, "file.csv")
    assert [row["row_id"] for row in rows] == ["a.sleep", "a.sleep.2"]
    assert rows[0]["read_in"] == "file.csv"
    assert "n1" not in rows[0]
    assert all(row["sex"] == "mixed" for row in rows)


# ------------------------------------------------------------------ out


def entry(way: str, yi: float, vi: float, measure: str = "SMD", question: str = "q", **cells: str) -> Entry:
    printed = {"row_id": "a.sleep", "year": "2011", "n1": "24", "n2": "23"} | cells
    return Entry(question, "A question", measure, "Smith 2011", way, yi, vi, printed)


MEANS = {"mean1_post": "5.20", "sd1_post": "2.1", "mean2_post": "4.1", "sd2_post": "2.4"}
COUNTS = {"events1": "4", "events2": "11", "n1": "123", "n2": "139"}


def text(rows) -> str:
    listed = list(rows)
    lines = [",".join(listed[0])]
    return "\n".join(
        [*lines, *(",".join("" if cell is None else str(cell) for cell in row.values()) for row in listed)]
    )


def test_means_go_to_revman_as_means_and_come_back():
    (row,) = read_data_rows(text(data_rows([entry("post", 0.48, 0.09, **MEANS)])))
    assert {name: row[name] for name in MEANS} == MEANS


def test_a_scale_that_runs_the_other_way_is_turned_round_for_revman():
    (row,) = data_rows([entry("post", -0.48, 0.09, **MEANS)])
    assert (row["Experimental mean"], row["Control mean"]) == ("-5.20", "-4.1")
    assert "multiplied by -1" in str(row["Footnotes"])


def test_counts_go_to_revman_as_counts():
    (row,) = read_data_rows(text(data_rows([entry("events", -0.9, 0.3, "RR", **COUNTS)])))
    assert {name: row[name] for name in COUNTS} == COUNTS


def test_a_question_of_mixed_figures_goes_to_revman_as_effects():
    entries = [
        entry("post", 0.48, 0.09, **MEANS),
        entry("p", 0.2, 0.04),
        entry("post", 0.5, 0.1, question="r", **MEANS),
    ]
    first, second, other = data_rows(entries)
    assert (first["GIV Mean"], first["GIV SE"], first["Experimental mean"]) == (0.48, math.sqrt(0.09), None)
    assert second["GIV Mean"] == 0.2
    assert (other["Analysis number"], other["Experimental mean"], other["GIV Mean"]) == (2.0, "5.20", None)


def test_metafor_has_the_effect_on_the_analysis_scale_and_takes_it_back():
    rows = list(metafor_rows([entry("effect", -0.889311333920205, 0.325584765003961, "RR")]))
    (row,) = read_metafor(text(rows))
    low, high = (math.log(float(row[name])) for name in ("ci_low", "ci_high"))
    assert math.log(float(row["effect"])) == pytest.approx(-0.889311333920205, rel=1e-12)
    assert ((high - low) / 2 / 1.959963984540054) ** 2 == pytest.approx(0.325584765003961, rel=1e-12)


def test_metapsy_takes_back_one_group_of_figures_a_row():
    entries = [entry("post", 0.48, 0.09, **MEANS), entry("events", -0.9, 0.3, "RR", **COUNTS), entry("t", 0.2, 0.04)]
    means, counts, computed = (
        read_metapsy(text([row]))[0]
        for row in metapsy_rows(
            [
                Entry(
                    **{name: getattr(each, name) for name in each.__slots__ if name != "printed"},
                    printed={**each.printed, "intervention": "tea", "comparator": "water"},
                )
                for each in entries
            ]
        )
    )
    assert {name: means[name] for name in MEANS} == MEANS
    assert {name: counts[name] for name in COUNTS} == COUNTS
    assert float(computed["effect"]) == 0.2
