"""The entries of ``networks.toml``, checked against each other and the vocabulary."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from hipevidence.errors import InputError
from hipevidence.evidence.entries import QUESTION_LINKS, Entries, read_entries, reversed_windows, unknown_measures
from hipevidence.evidence.figures import MEASURES, PROPORTIONS
from hipevidence.evidence.models import Network
from hipevidence.evidence.wording import Words, advice, did_you_mean, listed, plain, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hipevidence.errors import Problem
    from hipevidence.evidence.load import Evidence
    from hipevidence.evidence.sources import Source
    from hipevidence.evidence.vocabulary import Vocabulary

FILE: Final = "networks.toml"
SIDES: Final = ("intervention", "comparator")
NETWORK_LINKS: Final = {
    **{name: QUESTION_LINKS[name] for name in ("population", "outcome", "prefer_instruments", "only_instruments")},
    **{f"nodes.{side}": QUESTION_LINKS[side] for side in SIDES},
    "exclude": QUESTION_LINKS["exclude"],
    "assumed_sizes": QUESTION_LINKS["exclude"],
}


def find_network(evidence: Evidence, key: str) -> Network:
    """Return the network with this id.

    Parameters
    ----------
    evidence
        The loaded folder.
    key
        Its id.

    Raises
    ------
    InputError
        If there is none.
    """
    networks = {network.id: network for network in evidence.networks}
    if key in networks:
        return networks[key]
    action = advice(did_you_mean(key, networks), "Choose one of them, or add an entry to networks.toml.")
    raise InputError(f"found no network {plain(key)}; allowed: {listed(networks) or 'none yet'}. {action}")


def read_networks(source: Source, problems: list[Problem]) -> Entries[Network] | None:
    """Read ``networks.toml``, adding what is wrong with it to ``problems``; ``None`` when it is no TOML."""
    entries = read_entries(source, "network", Network, NETWORK_LINKS, problems)
    if entries is not None:
        problems.extend(unknown_measures(entries, MEASURES - PROPORTIONS))
        problems.extend(reversed_windows(entries))
    return entries


def check_networks(entries: Entries[Network], vocabulary: Vocabulary) -> Iterator[Problem]:
    """Yield a problem for each treatment that cannot be told from another, stands for nothing or is no reference."""
    if len(entries.records) < len(entries.raw):
        return  # positions of records and entries agree only when all could be read
    for position, network in enumerate(entries.records):
        yield from _names(entries, position, network)
        yield from _empty_nodes(entries, position, network)
        for side in SIDES:
            yield from _shared_keys(entries, position, side, vocabulary)


def _names(entries: Entries[Any], position: int, network: Network) -> Iterator[Problem]:
    ids = [node.id for node in network.nodes]
    if network.reference not in ids:
        action = advice(did_you_mean(network.reference, ids), "Name one of the nodes.")
        words = Words(f"unknown node {shown(network.reference)}", f"one of {listed(ids)}", action)
        yield entries.problem(position, ("reference",), words, "unknown_key")
    for name, values in (("id", ids), ("label", [" ".join(node.label.split()) for node in network.nodes])):
        counts = Counter(values)
        for number, value in enumerate(values):
            if counts[value] > 1 and values.index(value) < number:
                words = Words(f"{shown(value)} again", f"each {name} once", f"Give this node a {name} of its own.")
                yield entries.problem(position, ("nodes", number, name), words, "duplicate_key")


def _empty_nodes(entries: Entries[Any], position: int, network: Network) -> Iterator[Problem]:
    for number, node in enumerate(network.nodes):
        if not (node.intervention or node.comparator):
            action = "List the keys of vocabulary.toml that stand for it in arm 1, in arm 2, or delete the node."
            words = Words("a node without intervention and comparator", "keys for one of them at least", action)
            yield entries.problem(position, ("nodes", number), words, "empty_node")


def _shared_keys(entries: Entries[Network], position: int, side: str, vocabulary: Vocabulary) -> Iterator[Problem]:
    """Yield a problem where a term belongs to two nodes, by itself or as a kind of another term."""
    nodes = entries.records[position].nodes
    said: set[tuple[int, int]] = set()
    for key in vocabulary.get(side, {}):
        broader = vocabulary.broader(side, key)
        owners = [number for number, node in enumerate(nodes) if not broader.isdisjoint(getattr(node, side))]
        if len(owners) > 1 and (pair := (owners[0], owners[1])) not in said:
            said.add(pair)
            first, second = (shown(nodes[number].id) for number in pair)
            words = Words(
                f"{side} {shown(key)} in the nodes {first} and {second}",
                "each arm in one node",
                "Take it, or the term it is a kind of, out of one of them.",
            )
            yield entries.problem(position, ("nodes", pair[1], side), words, "shared_node")
