# ruff: noqa: INP001 - a script beside the pages, not a package
"""Draw the gallery: every picture with 1, 3, 13 and 60 studies, and with what usually breaks pictures.

Run from anywhere: ``python docs/make_gallery.py``. It writes ``docs/gallery.md`` and ``docs/images/gallery/``, and
also the forest plots of the README and of ``docs/forest-side-by-side.md``. The 13 trials are those of BCG vaccination
against tuberculosis (Colditz et al. 1994, doi:10.1001/jama.1994.03510330076038);
1 and 3 are the first of them, and 60 and 200 are simulated with a fixed seed. What is "hard" has long names, missing
values, hostile text and intervals that reach far beyond the others.
"""

from __future__ import annotations

import dataclasses
import functools
import io
import math
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import numpy as np
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from hipevidence import figures as draw
from hipevidence.bias import egger, trim_and_fill
from hipevidence.claims import Verdict
from hipevidence.effects import effect_size
from hipevidence.errors import InputError
from hipevidence.evidence import Flow, load_evidence
from hipevidence.evidence.bias_tools import tool_of
from hipevidence.evidence.models import Claim
from hipevidence.figures.claim_board import LOOKS
from hipevidence.figures.evidence_map import EvidenceMap
from hipevidence.figures.style import in_house_style
from hipevidence.multiverse import Specification
from hipevidence.multiverse.result import summarise
from hipevidence.network import from_contrasts, network
from hipevidence.pooling import gosh, influence, pool, regress
from hipevidence.results import Interval
from hipevidence.risk import number_needed
from hipevidence.synthesis import synthesise

if TYPE_CHECKING:
    from collections.abc import Callable

    from hipevidence.pooling import PoolResult
    from hipevidence.synthesis import Synthesis

DOCS: Final = Path(__file__).parent
HARD: Final = "hard"
VARIANTS: Final = ("1", "3", "13", "60", HARD)
DPI: Final = 110
README_QUESTION: Final = "pfp.hip_vs_knee.pain"
SMALLEST_PRINT: Final = 6.0
"""Points; the type of a printed picture should be no smaller."""
PRINTING: Final = """\
"Readable down to" is the width at which the smallest type of a picture has 6 points. Tables of studies (forest plots,
claim board, influence panel) are pictures for the whole width of a page, or a page turned sideways. Plots with two
scales keep their type of 8 points when they are drawn into axes of any size, so a column of 85 mm is done with `ax=`:
leave room below for the notes, and right of a drapery plot for the names of its levels.
"""

BCG: Final = (
    ("Aronson 1948", 4, 123, 11, 139, 44, "random"),
    ("Ferguson & Simes 1949", 6, 306, 29, 303, 55, "random"),
    ("Rosenthal et al 1960", 3, 231, 11, 220, 42, "random"),
    ("Hart & Sutherland 1977", 62, 13598, 248, 12867, 52, "random"),
    ("Frimodt-Moller et al 1973", 33, 5069, 47, 5808, 13, "alternate"),
    ("Stein & Aronson 1953", 180, 1541, 372, 1451, 44, "alternate"),
    ("Vandiviere et al 1973", 8, 2545, 10, 629, 19, "random"),
    ("TPT Madras 1980", 505, 88391, 499, 88391, 13, "random"),
    ("Coetzee & Berjak 1968", 29, 7499, 45, 7277, 27, "random"),
    ("Rosenthal et al 1961", 17, 1716, 65, 1665, 42, "systematic"),
    ("Comstock et al 1974", 186, 50634, 141, 27338, 18, "systematic"),
    ("Comstock & Webster 1969", 5, 2498, 3, 2341, 33, "systematic"),
    ("Comstock et al 1976", 27, 16913, 29, 17854, 33, "systematic"),
)
LONG: Final = "The extraordinarily long-winded collaborative group of authors whose name never ends 2013"
HARD_ROWS: Final = (
    (LONG, 1, 12, 0, 11, 44, "random"),
    ("Ordinary 2001", 30, 400, 41, 395, 12, "random"),
    ("Large 2010", 4100, 90000, 4620, 91000, 31, "a method of allocation that takes many words to name"),
    ("$x^2$ <script>\u202e 1999", 3, 9, 5, 8, 60, "a method of allocation that takes many words to name"),
    ("No events 2004", 0, 25, 0, 26, 5, ""),
    ("\u738b 2018", 7, 35, 19, 33, 48, "random"),
)


@dataclasses.dataclass(frozen=True)
class Trials:
    """Trials with two arms, their log risk ratios, latitude and way of allocation."""

    labels: tuple[str, ...]
    events1: tuple[float, ...]
    n1: tuple[float, ...]
    events2: tuple[float, ...]
    n2: tuple[float, ...]
    latitude: tuple[float, ...]
    allocation: tuple[str, ...]
    yi: tuple[float, ...]
    vi: tuple[float, ...]

    @property
    def k(self) -> int:
        """Number of trials."""
        return len(self.labels)


def simulated_rows(k: int) -> list[tuple[str, int, int, int, int, float, str]]:
    """Return trials drawn from a random-effects model with a fixed seed."""
    rng = np.random.default_rng(8)
    names = ("Abe", "Bauer", "Costa", "Dubois", "Eriksen", "Fischer", "Garcia", "Haddad", "Ito", "Jansen")
    rows = []
    for number in range(k):
        n, base = int(rng.lognormal(5.3, 0.9)) + 20, float(rng.uniform(0.05, 0.5))
        latitude = round(float(rng.uniform(5, 60)))
        ratio = math.exp(0.2 - 0.02 * latitude + rng.normal(0, 0.25))
        treated, control = int(rng.binomial(n, min(0.95, base * ratio))), int(rng.binomial(n, base))
        kind = ("random", "alternate", "systematic")[number % 3]
        year = f"{1960 + number % 60}{'abcd'[number // 60] if k > 60 else ''}"
        rows.append((f"{names[number % 10]} et al {year}", treated, n, control, n, latitude, kind))
    return rows


@functools.cache
def trials(variant: str) -> Trials:
    """Return the trials of a variant of the gallery."""
    if variant == HARD:
        rows = list(HARD_ROWS)
    else:
        k = int(variant)
        rows = list(BCG[:k]) if k <= len(BCG) else simulated_rows(k)
    labels, events1, n1, events2, n2, latitude, allocation = zip(*rows, strict=True)
    found = effect_size("RR", events1=events1, n1=n1, events2=events2, n2=n2)
    yi, vi = np.asarray(found.yi, dtype=float), np.asarray(found.vi, dtype=float)
    return Trials(labels, events1, n1, events2, n2, latitude, allocation, tuple(yi.tolist()), tuple(vi.tolist()))


@functools.cache
def answer(variant: str) -> Synthesis:
    """Return the pooled answer to the trials of a variant."""
    data = trials(variant)
    printed = [
        (f"{e1}/{m1}", f"{e2}/{m2}")
        for e1, m1, e2, m2 in zip(data.events1, data.n1, data.events2, data.n2, strict=True)
    ]
    years = [int(label[-4:]) if label[-4:].isdecimal() else None for label in data.labels]
    if variant == HARD:
        printed[1], years[1] = ("", ""), None
    arms = ("Vaccinated", "Control") if variant != HARD else ("Vaccinated with a vaccine of a long name", "Control")
    favours = ("favours vaccination", "favours control") if variant != HARD else (LONG, "favours control")
    found = draw.from_effects(
        data.labels, data.yi, data.vi, measure="RR", printed=printed, years=years, arms=arms, favours=favours
    )
    if variant != HARD:
        return found
    shaded = {"mcid": 0.1, "mcid_unit": "on the log scale (a threshold made up for this gallery)"}
    return dataclasses.replace(found, question=found.question.model_copy(update=shaded))


def pooled(variant: str) -> PoolResult:
    """Return the pooled result that all pictures of a variant show."""
    return cast("PoolResult", answer(variant).primary.result)


@functools.cache
def judged(variant: str) -> draw.RiskOfBias:
    """Return made-up judgements of the trials of a variant; hard ones have gaps and another tool."""
    labels, hard = trials(variant).labels, variant == HARD
    tool = tool_of("ROBINS-I", "2016") if hard else tool_of("RoB 2", "2019")
    words = (*tool.words, "") if hard else tool.words
    rng = np.random.default_rng(2)
    width = len(tool.domains) + 1
    rows = tuple(tuple(words[int(i)] for i in rng.integers(0, len(words), width)) for _ in labels)
    return draw.RiskOfBias(tool.label, tool.domains, labels, rows)


# ------------------------------------------------------------------ the pictures

Drawn = tuple[Figure, str]


def forest(variant: str) -> Drawn:
    """Forest plot."""
    return draw.forest(answer(variant)), draw.forest_description(answer(variant))


def forest_subgroups(variant: str) -> Drawn:
    """Forest plot with subgroups, the test between them, and risk of bias."""
    data = trials(variant)
    groups = dict(zip(data.labels, data.allocation, strict=True))
    figure = draw.forest(answer(variant), groups=groups, judgements=judged(variant))
    return figure, draw.forest_description(answer(variant), groups=groups, judgements=judged(variant))


def cumulative(variant: str) -> Drawn:
    """Cumulative forest plot."""
    return draw.cumulative_forest(answer(variant)), draw.cumulative_forest_description(answer(variant))


def leave_one_out(variant: str) -> Drawn:
    """Leave-one-out forest plot."""
    return draw.leave_one_out_forest(answer(variant)), draw.leave_one_out_forest_description(answer(variant))


def baujat(variant: str) -> Drawn:
    """Baujat plot."""
    data = trials(variant)
    found = influence(data.yi, data.vi)
    return draw.baujat(found, data.labels), draw.baujat_description(found, data.labels)


def gosh_plot(variant: str) -> Drawn:
    """GOSH plot: subsets with the fourth study and without it."""
    data = trials(variant)
    found = gosh(data.yi, data.vi, method="DL", subsets=20_000)
    given = {"measure": "RR"} if data.k < 4 else {"measure": "RR", "study": 3, "name": data.labels[3]}
    return draw.gosh_plot(found, **given), draw.gosh_description(found, **given)


def labbe(variant: str) -> Drawn:
    """L'Abbé plot."""
    data = trials(variant)
    n2 = tuple(math.nan if variant == HARD and i == 1 else n for i, n in enumerate(data.n2))
    counts = (data.events1, data.n1, data.events2, n2)
    arms = answer(variant).question.arms
    figure = draw.labbe(*counts, labels=data.labels, arms=arms, result=pooled(variant), measure="RR")
    return figure, draw.labbe_description(*counts, labels=data.labels, arms=arms)


def radial(variant: str) -> Drawn:
    """Radial (Galbraith) plot."""
    data = trials(variant)
    given = (data.yi, data.vi, pooled(variant), data.labels)
    return draw.radial(*given, measure="RR"), draw.radial_description(*given, measure="RR")


def bubble(variant: str) -> Drawn:
    """Bubble plot of a meta-regression."""
    data = trials(variant)
    found = regress(data.yi, data.vi, {"latitude": data.latitude})
    given = {"labels": data.labels, "moderator": "latitude", "measure": "RR"}
    return draw.bubble(found, data.yi, unit="degrees", **given), draw.bubble_description(found, data.yi, **given)


def drapery(variant: str) -> Drawn:
    """Drapery plot: P value functions."""
    data = trials(variant)
    given = (data.yi, data.vi, pooled(variant))
    return draw.drapery(*given, measure="RR"), draw.drapery_description(*given, measure="RR")


def influence_panel(variant: str) -> Drawn:
    """Influence panel."""
    data = trials(variant)
    found = influence(data.yi, data.vi)
    return draw.influence_panel(found, data.labels), draw.influence_panel_description(found, data.labels)


def funnel(variant: str) -> Drawn:
    """Funnel plot with contours, filled studies and Egger's line."""
    data, found = trials(variant), answer(variant)
    filled = trim_and_fill(data.yi, data.vi) if data.k > 2 else None
    line = egger(data.yi, data.vi) if data.k > 2 else None
    return draw.funnel(found, filled=filled, line=line), draw.funnel_description(found, filled=filled, line=line)


def specification_curve(variant: str) -> Drawn:
    """Specification curve; the number is that of the analyses."""
    data, found = trials("13" if variant != HARD else HARD), answer("13" if variant != HARD else HARD)
    ways = [
        (estimator, interval, omitted)
        for omitted in (None, *range(data.k))
        for estimator in ("REML", "DL", "PM")
        for interval in ("HKSJ-modified", "wald")
    ]
    many = len(ways) if variant == HARD else int(variant)
    specifications = tuple(specified(data, *way, primary=not number) for number, way in enumerate(ways[:many]))
    result = summarise(found.question, found.primary, specifications, 0)
    return draw.specification_curve(result), draw.specification_curve_description(result)


def specified(data: Trials, estimator: str, interval: str, omitted: int | None, *, primary: bool) -> Specification:
    """Return one analysis of the trials, without one of them where that is asked."""
    kept = [number for number in range(data.k) if number != omitted]
    result = pool([data.yi[i] for i in kept], [data.vi[i] for i in kept], method=estimator, ci=interval)
    return Specification(
        rows="protocol",
        omitted="none" if omitted is None else data.labels[omitted],
        score="",
        verification="full text",
        nulls="left out",
        estimator=estimator,
        interval=interval,
        k=len(kept),
        estimate=result.estimate,
        ci=result.ci,
        p_value=result.p_value,
        tau2=result.tau2,
        row_ids=tuple(data.labels[i] for i in kept),
        zero_rows=(),
        primary=primary,
        reason="",
    )


def network_graph(variant: str) -> Drawn:
    """Network graph of invented comparisons; the hard one falls into pieces and has long names."""
    hard = variant == HARD
    k = 7 if hard else int(variant)
    names = tuple("ABCDEFGH") if not hard else (LONG, "$x^2$ <b>", "C", "D", "E", "F", "G", "H")
    most = min(k + 1, 8)
    first = [names[i % (most - 1)] if not hard else names[2 * (i % 3)] for i in range(k)]
    second = [names[i % (most - 1) + 1] if not hard else names[2 * (i % 3) + 1] for i in range(k)]
    found = from_contrasts(
        study=[str(i) for i in range(k)],
        treatment1=first,
        treatment2=second,
        effect=[0.1 * (i % 7) for i in range(k)],
        se=[0.2 + 0.05 * (i % 5) for i in range(k)],
        n1=[20 + 7 * (i % 9) for i in range(k)],
        n2=[25 + 5 * (i % 9) for i in range(k)],
        measure="MD",
    )
    result = network(found)
    return draw.network_graph(result), draw.network_graph_description(result)


def traffic_light(variant: str) -> Drawn:
    """Risk of bias, study by study (invented judgements)."""
    return draw.traffic_light(judged(variant)), draw.traffic_light_description(judged(variant))


def risk_of_bias_bars(variant: str) -> Drawn:
    """Risk of bias, domain by domain (invented judgements); weighted where a study outweighs the others."""
    weights = [max(row.weight, 1e-6) for row in answer(variant).rows] if variant == HARD else None
    figure = draw.risk_of_bias_bars(judged(variant), weights=weights, safe=variant == HARD)
    return figure, draw.risk_of_bias_bars_description(judged(variant), weights=weights)


def prisma_flow(variant: str) -> Drawn:
    """PRISMA 2020 flow diagram (invented counts)."""
    flow = prisma(variant)
    return draw.prisma_flow(flow), draw.prisma_flow_description(flow)


def prisma(variant: str) -> Flow:
    """Return a search that ends in as many studies as the variant says; the one study's is hardly recorded."""
    hard = variant == HARD
    k = 5 if hard else int(variant)
    reasons = {"no comparison group": 12, "other population": 7}
    if hard:
        reasons |= {LONG: 3, "outcome measured after the intervention had been stopped": 1104}
    excluded = sum(reasons.values())
    if k == 1:
        return Flow.model_validate({"excluded": reasons, "included": 1, "included_reports": 1})
    found = k + excluded + 504
    sources = [("MEDLINE", found, "database"), ("Embase", 210, "database"), ("ClinicalTrials.gov", 30, "register")]
    sources[2:2] = [("A database with a rather long name of its own", 20, "database")] if hard or k >= 13 else []
    elsewhere = [("Citation searching", 2, "other"), ("Websites", 1, "other")] if hard or k >= 13 else []
    counts: dict[str, object] = {
        "sources": [{"name": name, "records": records, "kind": kind} for name, records, kind in (*sources, *elsewhere)],
        "duplicates_removed": 200,
        "removed_automatically": 0,
        "removed_otherwise": sum(records for _, records, _ in sources) - 200 - found,
        "screened": found,
        "screened_out": 500,
        "sought": k + excluded + 4,
        "not_retrieved": 4,
        "assessed": k + excluded,
        "excluded": reasons,
        "included": k + 9 if hard else k,
        "included_reports": k + 11 if hard else k,
    }
    if elsewhere:
        counts["other"] = {"sought": 3, "not_retrieved": 1, "assessed": 2, "excluded": {"protocol only": 2}}
    if hard:
        counts["previous"] = {"studies": 9, "reports": 11}
    return Flow.model_validate(counts)


def evidence_map(variant: str) -> Drawn:
    """Evidence map (invented studies)."""
    found = crowded() if variant == HARD else scattered(int(variant))
    return draw.evidence_map(found), draw.evidence_map_description(found)


def crowded() -> EvidenceMap:
    """Return a map with long names and a cell that is full."""
    people = ("people with", "older adults with or at risk of", "adolescents who run and have")
    populations = tuple(f"{who} {what}" for who in people for what in ("a long condition", "osteoarthritis", "pain"))
    comparisons = (
        f"{LONG} against usual care",
        *(f"exercise {i} with much added to it against a wait" for i in range(8)),
    )
    read = {(0, 0): tuple(f"Study {i}" for i in range(17)), (3, 4): ("Study 90",), (8, 8): ("Study 91", "Study 92")}
    return EvidenceMap(populations, comparisons, read, {(0, 0): ("Study 93",) * 4, (5, 1): ("Study 94",)})


def scattered(k: int) -> EvidenceMap:
    """Return a map of k invented studies."""
    rng = np.random.default_rng(4)
    rows, columns = min(k, 6), min(k, 5)
    read: dict[tuple[int, int], tuple[str, ...]] = {}
    awaiting: dict[tuple[int, int], tuple[str, ...]] = {}
    for number in range(k):
        cell = (int(rng.integers(0, rows)), int(rng.integers(0, columns)))
        target = awaiting if number % 3 == 2 else read
        target[cell] = (*target.get(cell, ()), f"Study {number + 1}")
    comparisons = tuple(f"Exercise {chr(65 + row)} against usual care" for row in range(rows))
    return EvidenceMap(tuple(f"Population {column + 1}" for column in range(columns)), comparisons, read, awaiting)


def stated(number: int, statement: str, section: str) -> Verdict:
    """Return an invented verdict on an invented statement."""
    claim = Claim(
        id=f"C{number + 1:02d}",
        section=section,
        statement=statement,
        population="people",
        intervention="tea",
        comparator="water",
        outcome=("sleep",),
        finding="increases",
        relation="causes",
        certainty="does",
        carried="",
        review_by="2030-01-01",
    )
    verdict = tuple(LOOKS)[(5 * number + number // 4) % len(LOOKS)]
    return Verdict(claim, verdict, (), (), (), (), (), (), "")


def claim_board(variant: str) -> Drawn:
    """Claim board (invented statements)."""
    if variant == HARD:
        found = [stated(i, LONG * (i + 1), "$x^2$ <b>\u202e") for i in range(4)]
    else:
        sections = ("what tea does", "how much tea", "tea for everyone")
        endings = ("better", "longer, and they wake up less often than people who drink water instead", "in less time")
        found = [
            stated(i, f"People who drink tea of kind {i + 1} sleep {endings[i % 3]}.", sections[min(i // 5, 2)])
            for i in range(int(variant))
        ]
    return draw.claim_board(found), draw.claim_board_description(found)


def nnt_ladder(variant: str) -> Drawn:
    """Ladder of numbers needed."""
    if variant == HARD:
        differences = [(LONG, -0.1, -0.25, 0.05), ("No difference", 0.0, -0.02, 0.02), ("Harm", 0.2, 0.1, 0.3)]
        differences += [("Hardly any", -0.002, -0.004, -0.0001), ("Wide", -0.3, -0.95, 0.9)]
    else:
        rng = np.random.default_rng(6)
        values = rng.normal(-0.08, 0.06, int(variant))
        differences = [(f"Comparison {i + 1}", v, v - 0.07, v + 0.07) for i, v in enumerate(values.tolist())]
    rungs = [draw.Rung(label, number_needed(value, low, high)) for label, value, low, high in differences]
    return draw.nnt_ladder(rungs), draw.nnt_ladder_description(rungs)


def fact_box(variant: str) -> Drawn:
    """Fact box (invented numbers)."""
    hard = variant == HARD
    form = draw.IpdasForm(
        probabilities="both columns",
        reference_class="women of 50 to 79 with or at risk of knee osteoarthritis",
        event_rates="x of 100",
        time_period="within two years",
        same_denominator="every line",
        uncertainty="The interval shows how far the number could reasonably lie from the one given.",
        several_views="an icon array stands beside it",
        balanced_framing="each cell says how many have the event and how many do not",
    )
    count = 4 if hard else int(variant)
    benefits = [
        draw.Outcome(f"Knee pain gets worse ({i + 1})", 0.2, 0.15 - 0.001 * i, Interval(0.1, 0.19))
        for i in range(count)
    ]
    harms = (draw.Outcome("Sore muscles for a day"), draw.Outcome(LONG, 0.004, 0.006, Interval(0.001, 0.02)))
    box = draw.FactBox(
        title="Hip exercises for knee pain: what can women expect?" if not hard else LONG,
        arms=("Without hip exercises", "With hip exercises"),
        benefits=tuple(benefits),
        harms=harms if hard else (),
        certainty="low, because few people were studied.",
        source="invented for this gallery.",
        form=form,
    )
    return draw.fact_box(box), draw.fact_box_description(box)


def icon_array(variant: str) -> Drawn:
    """Icon array; the number is the risk in the second group, out of 100 (hard: small risks)."""
    hard = variant == HARD
    first = draw.Group("Without weak hips" if not hard else LONG, 0.004 if hard else 0.2)
    risk = 0.007 if hard else int(variant) / 100
    second = draw.Group("With weak hips", risk, Interval(risk / 2, min(1.0, 1.5 * risk)))
    given = {"outcome": "knee pain gets worse"}
    return draw.icon_array(first, second, **given), draw.icon_array_description(first, second, **given)


def risk_curve(variant: str) -> Drawn:
    """Risk curve over baselines; hard: a huge risk ratio."""
    names = {"reference": "women with strong hips", "exposed": "women with weak hips"}
    if variant == HARD:
        given, names["reference"] = ("RR", 9.0, Interval(0.3, 60.0)), LONG
    else:
        given = ("OR", 1.7, Interval(1.1, 2.6))
    marked = (0.1, 0.2, 0.3)
    return draw.risk_curve(*given, **names, marked=marked), draw.risk_curve_description(*given, **names, marked=marked)


PICTURES: Final[dict[Callable[[str], Drawn], tuple[str, ...]]] = {
    forest: ("1", "3", "13", "60", "200", HARD),
    forest_subgroups: VARIANTS,
    cumulative: VARIANTS,
    leave_one_out: VARIANTS,
    baujat: VARIANTS,
    gosh_plot: VARIANTS,
    labbe: VARIANTS,
    radial: VARIANTS,
    bubble: VARIANTS,
    drapery: VARIANTS,
    influence_panel: VARIANTS,
    funnel: VARIANTS,
    specification_curve: VARIANTS,
    network_graph: VARIANTS,
    traffic_light: VARIANTS,
    risk_of_bias_bars: VARIANTS,
    prisma_flow: VARIANTS,
    evidence_map: VARIANTS,
    claim_board: VARIANTS,
    nnt_ladder: VARIANTS,
    fact_box: ("1", "3", "13", HARD),
    icon_array: VARIANTS,
    risk_curve: ("1", HARD),
}


# ------------------------------------------------------------------ the page


def save(figure: Figure, path: Path) -> None:
    """Write a figure as a small PNG; the same figure gives the same bytes."""
    buffer = io.BytesIO()
    with in_house_style():
        figure.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None})
    image = Image.open(buffer).convert("RGB")
    image.quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)


def entry(picture: Callable[[str], Drawn], variant: str, folder: Path) -> str:
    """Draw one picture and return its part of the page; a picture that refuses says why."""
    words = "hard" if variant == HARD else variant
    try:
        figure, alt = picture(variant)
    except InputError as refusal:
        return f"**{words}** — refused: {refusal}\n"
    name = f"{picture.__name__.replace('_', '-')}-{variant}.png"
    save(figure, folder / name)
    return f"**{words}** — {sizes(figure)}\n\n![{shortened(alt)}](images/gallery/{name})\n"


def sizes(figure: Figure) -> str:
    """Return how large a picture is, how narrow it can be printed with type of 6 points, and how long its SVG is."""
    width, height = (25.4 * float(inches) for inches in figure.get_size_inches())
    smallest = min(text.get_fontsize() for text in figure.findobj(Text) if text.get_text())
    length = len(draw.svg(figure, "", "", key="g"))
    narrow = math.ceil(width * SMALLEST_PRINT / smallest)
    return f"{width:.0f} × {height:.0f} mm, readable down to {narrow} mm wide, SVG {length / 1000:.0f} kB"


def shortened(text: str, most: int = 500) -> str:
    """Return an alternative text for the page, cut at a word, without signs that would end it."""
    plain = "".join(sign for sign in text if sign not in "[]<>$\\`*_")
    return plain if len(plain) <= most else f"{plain[:most].rsplit(' ', 1)[0]} …"


def main() -> None:
    """Write the page and its pictures."""
    folder = DOCS / "images" / "gallery"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    head = "# Gallery\n\nEvery picture with 1, 3, 13 and 60 studies, and with what usually breaks pictures. Made by\n"
    parts = [f"{head}`docs/make_gallery.py`, which says where the numbers come from.\n", PRINTING]
    for picture, variants in PICTURES.items():
        title = (picture.__doc__ or "").strip().removesuffix(".")
        parts.append(f"## {title}\n")
        parts += [entry(picture, variant, folder) for variant in variants]
    evidence = load_evidence(DOCS.parent / "data")
    save(draw.forest(synthesise(evidence, README_QUESTION)), DOCS / "images" / "forest.png")
    save(forest("13")[0], DOCS / "images" / "side-by-side" / "forest-hipevidence.png")
    (DOCS / "gallery.md").write_text("\n".join(parts), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
