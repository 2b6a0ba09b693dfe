"""How an answer's estimates are worded, the same in pictures, reports and on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hipevidence import format as fmt

if TYPE_CHECKING:
    from hipevidence.results import Interval
    from hipevidence.synthesis.result import Analysis, Synthesis


def value_text(analysis: Analysis, value: float) -> str:
    """Return one value of the analysis scale as readers know it: points, a ratio or a percentage."""
    shown = analysis.display(value)
    if analysis.is_proportion:
        return fmt.proportion(shown)
    return fmt.ratio(shown) if analysis.transform == "exp" else fmt.number(shown)


def interval_text(analysis: Analysis, interval: Interval) -> str:
    """Return an interval of the analysis scale as readers know it."""
    if not interval.exists:
        return fmt.NOT_ESTIMATED
    return f"{value_text(analysis, interval.low)} to {value_text(analysis, interval.high)}"


def estimate_text(analysis: Analysis, value: float, interval: Interval) -> str:
    """Return an estimate with its interval in brackets, without naming the level."""
    return f"{value_text(analysis, value)} [{interval_text(analysis, interval)}]"


def heterogeneity_text(synthesis: Synthesis) -> str:
    """Return the line on how much the results differ, or ``""`` where there is only one."""
    result = synthesis.primary.result
    if result is None or synthesis.primary.k < 2:
        return ""
    return (
        f"tau² {fmt.tau2(result.tau2)}; I² {fmt.i2(result.i2)}; "
        f"Q {fmt.number(result.q)} on {fmt.count(result.q_df)} df, P {fmt.p_value(result.q_p_value)}."
    )


def mid_sentence(name: str) -> str:
    """Return the name of a group or treatment as it stands inside a sentence; an abbreviation keeps its capitals.

    Examples
    --------
    >>> mid_sentence("Hot water"), mid_sentence("BCG vaccination")
    ('hot water', 'BCG vaccination')
    """
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]
