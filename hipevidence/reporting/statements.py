"""Statements and their verdicts as cards, grouped by what may be done with them today."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from hipevidence import format as fmt
from hipevidence.reporting.anchors import question_anchor, row_anchor
from hipevidence.reporting.model import Badge, Cell, ClaimCard, Reason, VerdictGroup
from hipevidence.reporting.numbers import leading
from hipevidence.reporting.text import tidy

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from hipevidence.claims import Verdict

#: Verdicts in the order of the page: symbol, and what it asks of whoever writes the next text.
VERDICTS: Final = {
    "supported": ("✓", "The evidence carries these as they stand."),
    "supported with qualifier": ("◐", "The evidence carries these, with the condition named beside them."),
    "overstated": (
        "▲",
        "The evidence points this way but carries less than the statement says. Use the sentence beside it.",
    ),
    "misattributed": (
        "⇄",
        "The figure or finding exists, but belongs to other people, another comparison or another source.",
    ),
    "contradicted": ("✗", "The evidence says otherwise."),
    "not verifiable": ("?", "No source that could be read carries these. Leave them out until one is found."),
}


def pool_anchor(pool_id: str) -> str:
    """Return the anchor of a published pooled result."""
    return f"pool-{pool_id}"


def claim_anchor(claim_id: str) -> str:
    """Return the anchor of a statement's card."""
    return f"claim-{claim_id}"


def basis_anchor(claim_id: str) -> str:
    """Return the anchor of what a statement is held against."""
    return f"basis-{claim_id}"


def badge(verdict: str) -> Badge:
    """Return how a verdict is shown."""
    symbol, _ = VERDICTS.get(verdict, ("?", ""))
    return Badge(verdict.replace(" ", "-"), verdict, symbol)


def verdict_groups(found: Iterable[Verdict], anchors: Collection[str]) -> tuple[VerdictGroup, ...]:
    """Return the cards of all statements, one group a verdict, empty groups left out.

    Parameters
    ----------
    found
        Verdicts in the order of the statements.
    anchors
        Anchors that exist in the report; evidence without one is named but leads nowhere.

    Returns
    -------
    tuple of VerdictGroup
        In the order of ``VERDICTS``.
    """
    cards = [(str(verdict.verdict), _card(verdict, anchors)) for verdict in found]
    counts = Counter(name for name, _ in cards)
    names = [*VERDICTS, *(name for name in counts if name not in VERDICTS)]
    return tuple(
        VerdictGroup(
            id=f"verdict-{badge(name).key}",
            badge=badge(name),
            count=fmt.plural(counts[name], "statement"),
            advice=VERDICTS.get(name, ("", ""))[1],
            cards=tuple(card for other, card in cards if other == name),
        )
        for name in names
        if counts[name]
    )


def _card(verdict: Verdict, anchors: Collection[str]) -> ClaimCard:
    claim = verdict.claim
    rests_on = list(_evidence(verdict, anchors))
    links = {cell.text: cell.href.removeprefix("#") for cell in rests_on if cell.href}
    basis = basis_anchor(claim.id) if rests_on else ""
    return ClaimCard(
        id=claim_anchor(claim.id),
        number=claim.id,
        section=tidy(claim.section),
        statement=tidy(claim.statement),
        badge=badge(str(verdict.verdict)),
        reasons=tuple(
            Reason(str(reason.code), leading(tidy(reason.sentence), _behind(reason.evidence, links, basis)))
            for reason in verdict.reasons
        ),
        carried=leading(
            tidy(verdict.carried or verdict.withheld), _behind(links if len(links) == 1 else (), links, basis)
        ),
        basis=_basis(verdict),
        basis_id=basis,
        rests_on=tuple(rests_on),
    )


def _behind(keys: Iterable[str], links: Mapping[str, str], basis: str) -> str:
    """Return the anchor of the first of these rows, pools and questions that the report holds, else that of all."""
    return next((links[key] for key in keys if key in links), basis)


def _basis(verdict: Verdict) -> str:
    parts = (
        fmt.plural(len(verdict.questions), "question") if verdict.questions else "",
        fmt.plural(len(verdict.pools), "published pooled result") if verdict.pools else "",
        fmt.plural(len(verdict.rows), "row") if verdict.rows else "",
    )
    named = [part for part in parts if part]
    return f"Held against {', '.join(named)}" if named else "No evidence to hold it against is known"


def _evidence(verdict: Verdict, anchors: Collection[str]) -> Iterable[Cell]:
    targets = [
        *((key, question_anchor(key)) for key in verdict.questions),
        *((key, pool_anchor(key)) for key in verdict.pools),
        *((key, row_anchor(key)) for key in verdict.rows),
    ]
    return (Cell(key, f"#{anchor}" if anchor in anchors else "") for key, anchor in targets)
