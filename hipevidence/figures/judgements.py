"""Judgements of risk of bias: their words, signs and colours, and the table they stand in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from matplotlib.patches import Circle

from hipevidence.errors import InputError
from hipevidence.evidence.bias_tools import OVERALL as WHOLE
from hipevidence.evidence.judged import judged_rows
from hipevidence.figures import style

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from matplotlib.axes import Axes

    from hipevidence.evidence import Evidence
    from hipevidence.evidence.bias_tools import BiasTool
    from hipevidence.evidence.judged import Judged
    from hipevidence.synthesis import RowEffect

OVERALL: Final = "Overall"
_LEGEND: Final = "Judgement"


@dataclass(frozen=True, slots=True)
class Judgement:
    """How one judgement is shown.

    Attributes
    ----------
    name
        As the tool words it.
    sign
        Drawn in the disc, so that colour is never alone.
    colour
        Of the disc: green to red as review groups are used to.
    safe_colour
        Light to dark, in the order of risk, for readers who do not see red and green.
    """

    name: str
    sign: str
    colour: str
    safe_colour: str


_LOW: Final = ("+", "#02C100", "#fed98e")
_SOME: Final = ("–", "#E2DF07", "#fe9929")
_HIGH: Final = ("×", "#BF0000", "#d95f0e")
_NONE: Final = ("?", "#4EA1F7", "#ffffff")
JUDGEMENTS: Final = {
    found.name.lower(): found
    for found in (
        Judgement("Low", *_LOW),
        Judgement("Some concerns", *_SOME),
        Judgement("Moderate", *_SOME),
        Judgement("High", *_HIGH),
        Judgement("Serious", *_HIGH),
        Judgement("Very high", "!", "#820000", "#993404"),
        Judgement("Critical", "!", "#820000", "#993404"),
        Judgement("No information", *_NONE),
        Judgement("Not applicable", "", "#cccccc", "#cccccc"),
    )
}
"""Judgements of RoB 2, ROBINS-I and QUADAS-2 in the order of risk, by their name in small letters."""


@dataclass(frozen=True, slots=True)
class RiskOfBias:
    """Judgements by study and domain.

    Attributes
    ----------
    tool
        Name of the tool, with its version.
    domains
        Key of each domain (D1, D2 …) to its name, in the order of the tool.
    studies
        Names of the studies.
    judgements
        One tuple a study: a judgement for each domain and the overall one last; ``""`` where nobody judged.
    """

    tool: str
    domains: Mapping[str, str]
    studies: tuple[str, ...]
    judgements: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        """Refuse rows of another length and words that are no judgement."""
        if len(self.studies) != len(self.judgements):
            raise InputError(
                f"{len(self.judgements)} rows of judgements for {len(self.studies)} studies; allowed: one row a study."
            )
        for study, row in zip(self.studies, self.judgements, strict=True):
            if len(row) != len(self.domains) + 1:
                raise InputError(
                    f"{study}: {len(row)} judgements; allowed: {len(self.domains) + 1}, one a domain and the overall "
                    "one last. Leave an empty text where nobody judged."
                )
            for word in row:
                judgement(word)

    @property
    def heads(self) -> tuple[str, ...]:
        """Short heads of the columns: D1, D2 and so on, the overall judgement last."""
        return (*self.domains, OVERALL)

    @property
    def key(self) -> tuple[str, ...]:
        """What the heads mean."""
        return tuple(f"{head}: {name}" for head, name in self.domains.items())

    def of(self, study: str) -> tuple[str, ...]:
        """Return the judgements of a study, empty texts where the table does not have it."""
        found = dict(zip(self.studies, self.judgements, strict=True))
        return found.get(study, ("",) * (len(self.domains) + 1))

    @property
    def used(self) -> tuple[Judgement, ...]:
        """Judgements that occur, in the order of risk."""
        words = {word.strip().lower() for row in self.judgements for word in row}
        return tuple(found for key, found in JUDGEMENTS.items() if key in words)


def judgement(word: str) -> Judgement | None:
    """Return how a judgement is shown, ``None`` for an empty text.

    Raises
    ------
    InputError
        If the word is no judgement of a known tool.

    Examples
    --------
    >>> judgement("some concerns").sign
    '–'
    """
    key = word.strip().lower()
    if key and key not in JUDGEMENTS:
        allowed = ", ".join(found.name for found in JUDGEMENTS.values())
        raise InputError(f"the judgement {style.legible(word)!r}; allowed: {allowed}. Use the words of the tool.")
    return JUDGEMENTS.get(key)


def risk_of_bias(evidence: Evidence, rows: Iterable[RowEffect]) -> tuple[RiskOfBias, ...]:
    """Return what ``risk_of_bias.csv`` holds about the results of an answer.

    Parameters
    ----------
    evidence
        From ``load_evidence``.
    rows
        The results, as in ``Synthesis.rows``.

    Returns
    -------
    tuple of RiskOfBias
        One table for each tool and version, results by their label; none where nobody judged. Results nobody judged
        stand in it too, without judgements, where there is one tool only.
    """
    shown = list(rows)
    judged = judged_rows(evidence, (row.row_id for row in shown))
    tools = tuple(dict.fromkeys(one.tool for one in judged.values()))
    return tuple(
        _table(tool, [row for row in shown if len(tools) == 1 or _tool(judged, row) is tool], judged) for tool in tools
    )


def _table(tool: BiasTool, rows: list[RowEffect], judged: Mapping[str, Judged]) -> RiskOfBias:
    whole = (*tool.domains, WHOLE)
    words = tuple(
        tuple(judged[row.row_id].word(domain) if row.row_id in judged else "" for domain in whole) for row in rows
    )
    return RiskOfBias(tool.label, tool.domains, tuple(row.label for row in rows), words)


def _tool(judged: Mapping[str, Judged], row: RowEffect) -> BiasTool | None:
    return judged[row.row_id].tool if row.row_id in judged else None


def draw_disc(axes: Axes, x: float, y: float, word: str, *, radius: float = 0.085, safe: bool = False) -> None:
    """Draw the disc of a judgement with its sign; an empty text draws nothing."""
    found = judgement(word)
    if found is None:
        return
    colour = found.safe_colour if safe else found.colour
    axes.add_patch(Circle((x, y), radius, facecolor=colour, edgecolor=style.INK, lw=0.6, zorder=2))
    if found.sign:
        dark = _is_dark(colour)
        look = {"color": style.PAPER if dark else style.INK, "fontsize": 100 * radius, "weight": "bold"}
        style.write(axes, x, y, found.sign, ha="center", va="center_baseline", zorder=3, **look)


def _is_dark(colour: str) -> bool:
    """Return whether white reads better on a colour than black (relative luminance of WCAG 2)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] < 0.179


def draw_legend(axes: Axes, left: float, y: float, table: RiskOfBias, *, safe: bool = False) -> float:
    """Write which disc means what on one line, and return where it ends."""
    style.write(axes, left, y, _LEGEND, fontsize=style.SMALL, weight="bold")
    x = left + style.text_width(_LEGEND, bold=True, size=style.SMALL) + 0.15
    for found in table.used:
        draw_disc(axes, x + 0.085, y, found.name, safe=safe)
        style.write(axes, x + 0.23, y, found.name, fontsize=style.SMALL)
        x += 0.23 + style.text_width(found.name, size=style.SMALL) + 0.2
    return x - 0.2


def legend_width(table: RiskOfBias) -> float:
    """Return how wide the legend is, in inches."""
    head = style.text_width(_LEGEND, bold=True, size=style.SMALL) + 0.15
    return head + sum(0.43 + style.text_width(found.name, size=style.SMALL) for found in table.used) - 0.2
