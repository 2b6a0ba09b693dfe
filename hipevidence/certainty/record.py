"""A rating as plain data for ``--json``, as text for the terminal, and as an entry to fill in and sign."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from hipevidence.certainty.result import DOMAINS

if TYPE_CHECKING:
    from hipevidence.certainty.result import Rating, Step
    from hipevidence.evidence.certainty import SignedCertainty

MINUS: Final = "\N{MINUS SIGN}"


def as_record(rating: Rating) -> dict[str, Any]:
    """Return the rating as nested plain data with stable keys."""
    return {
        "id": rating.question,
        "title": rating.title,
        "level": rating.level.key,
        "signs": rating.level.signs,
        "state": rating.state,
        "is_stale": rating.is_stale,
        "wording_at_most": rating.wording.key,
        "suggested": {
            "level": rating.suggested.key,
            "start": rating.start.key,
            "start_reason": rating.start_reason,
            "steps": [_step(step) for step in rating.steps],
        },
        "signed": None if rating.signed is None else rating.signed.model_dump(mode="json"),
        "basis": rating.basis,
    }


def _step(step: Step) -> dict[str, Any]:
    return {"domain": step.domain, "levels": step.levels, "reason": step.reason}


def as_text(rating: Rating) -> str:
    """Return the rating as a short text: level, who stands for it, and the reasons."""
    lines = [
        rating.title,
        f"  {rating.question}: {rating.level.signs} {rating.level.word} certainty ({rating.state})",
        f"  Suggested: {rating.suggested.word}. Starts {rating.start.word}: {rating.start_reason}.",
    ]
    lines += [f"    {levels_text(step.levels)}  {DOMAINS[step.domain]}: {step.reason}" for step in rating.steps]
    if rating.signed is not None:
        lines += _signed_lines(rating.signed)
    return "\n".join([*lines, f"  Basis: {rating.basis}"])


def _signed_lines(signed: SignedCertainty) -> list[str]:
    head = f"  Signed by {signed.signed_by} on {signed.signed_on}: {signed.level.replace('_', ' ')}. Starts "
    steps = [f"    {levels_text(step.levels)}  {DOMAINS[step.domain]}: {step.reason}" for step in signed.steps]
    return [f"{head}{signed.start.replace('_', ' ')}.", *steps]


def levels_text(levels: int) -> str:
    """Return levels down or up with their sign.

    Examples
    --------
    >>> levels_text(-1), levels_text(0), levels_text(2)
    ('−1', ' 0', '+2')
    """
    sign = MINUS if levels < 0 else "+" if levels else " "
    return f"{sign}{abs(levels)}"


def as_entry(rating: Rating) -> str:
    """Return an entry of certainty.toml with the suggestion in it, to be gone through and signed.

    Who and when are left empty, so that nothing unsigned is taken for signed.
    """
    lines = ["[[certainty]]", f'id = "{rating.question}"', f'start = "{rating.start.key}"']
    lines += [f'level = "{rating.suggested.key}"', 'signed_by = ""', 'signed_on = ""', f'basis = "{rating.basis}"']
    for step in rating.steps:
        if step.levels:
            lines += ["", "[[certainty.steps]]", f'domain = "{step.domain}"', f"levels = {step.levels}"]
            lines.append(f"reason = {_quoted(step.reason)}")
    return "\n".join(lines)


def _quoted(text: str) -> str:
    """Return text as a TOML string; JSON escapes all that TOML wants escaped but one sign."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
