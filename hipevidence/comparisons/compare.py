"""All treatments of one network of the protocol: `compare_treatments`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hipevidence.comparisons.collect import absent_rows, contrasts_of, null_contrasts, pairs
from hipevidence.comparisons.result import Piece, TreatmentComparison
from hipevidence.comparisons.trials import trials_of
from hipevidence.evidence.networks import find_network
from hipevidence.network import contributions, decompose, league_table, network, rank, split
from hipevidence.synthesis import Analysis

if TYPE_CHECKING:
    from hipevidence.evidence import Evidence
    from hipevidence.evidence.models import Network
    from hipevidence.network import NetworkData, NetworkResult


def compare_treatments(evidence: Evidence, entry: str | Network) -> TreatmentComparison:
    """Compare all treatments of one network of the protocol.

    Parameters
    ----------
    evidence
        The tables, as ``load_evidence`` gives them.
    entry
        Id of an entry of networks.toml, or an entry of your own.

    Returns
    -------
    TreatmentComparison
        Without any usable row it has no result, and still names every row with the reason why it is not in it.

    Raises
    ------
    InputError
        If there is no such network, or its estimator or interval does not exist.

    Notes
    -----
    Every ordered pair of treatments is a question, so rows enter by the same rules as in :func:`synthesise`: one a
    sample and pair. Rows of a sample that share an arm become one multi-arm trial. Pieces of a network that no trial
    joins are analysed apart: nothing is said between them, and each has a tau² of its own.

    References
    ----------
    Rücker G (2012). Res Synth Methods 3:312-324. https://doi.org/10.1002/jrsm.1058

    Examples
    --------
    >>> from hipevidence.evidence import load_evidence
    >>> found = compare_treatments(load_evidence("data"), "pfp.function")
    >>> [len(trial.arms) for trial in found.result.data.trials]
    [2, 3, 2]
    """
    chosen = find_network(evidence, entry) if isinstance(entry, str) else entry
    found = pairs(evidence, chosen)
    data, used, apart = trials_of(contrasts_of(evidence, found), chosen.measure)
    zeros, note = null_contrasts(evidence, found, list(used))
    with_zeros, counted, _ = trials_of([*used, *zeros], chosen.measure)
    # a null that cannot be joined with the rest of its trial is absent either way, and named there
    nulls = tuple(one for one in counted if one.zero)
    joined = {} if data is None else set(data.treatments)
    first = found[0].answer if found else None
    return TreatmentComparison(
        network=chosen,
        contrasts=used,
        result=None if data is None else _fit(data, chosen),
        pieces=_pieces(data, chosen),
        nulls=nulls,
        with_nulls=_pieces(with_zeros, chosen) if nulls and used else (),
        absent=(*apart, *absent_rows(evidence, chosen, found)),
        isolated=tuple(node.label for node in chosen.nodes if node.label not in joined),
        scale=chosen.measure if first is None else first.scale,
        shown=Analysis("network", chosen.title, chosen.measure, None, ()),
        note=note,
    )


def _pieces(data: NetworkData | None, entry: Network) -> tuple[Piece, ...]:
    if data is None:
        return ()
    parts = [data] if data.connected else [data.of_piece(piece) for piece in data.pieces]
    return tuple(_piece(part, entry) for part in sorted(parts, key=lambda part: -len(part.treatments)))


def _piece(data: NetworkData, entry: Network) -> Piece:
    result = _fit(data, entry)
    model = "random" if result.df > 0 else "common"
    ranking = rank(result, smaller_is_better=entry.lower_is_better, model=model)
    order = sorted(zip(-ranking.p_scores, ranking.treatments, strict=True))
    return Piece(
        result=result,
        model=model,
        league=league_table(result, order=[name for _, name in order], model=model),
        ranking=ranking,
        decomposition=decompose(result),
        split=split(result, model=model),
        contributions=contributions(result, model=model),
    )


def _fit(data: NetworkData, entry: Network) -> NetworkResult:
    return network(data, method=entry.method, reference=_reference(data, entry), ci=entry.ci, level=entry.level)


def _reference(data: NetworkData, entry: Network) -> str:
    """Return the label of the reference, or of the treatment with most comparisons where no trial has it."""
    label = next(node.label for node in entry.nodes if node.id == entry.reference)
    if label in data.treatments:
        return label
    counts = {name: sum(len(trial.arms) - 1 for trial in data.trials if name in trial.arms) for name in data.treatments}
    return max(counts, key=lambda name: counts[name])
