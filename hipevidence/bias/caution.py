"""The one warning that goes with every method of this room: what it can show, what not, and when it is too weak."""

from __future__ import annotations

from hipevidence import format as fmt

FEW = 10
"""Below this number of studies tests of asymmetry have too little power (Sterne 2011, doi:10.1136/bmj.d4002)."""

_LIMITS = {
    "asymmetry": (
        "It shows whether small studies report other effects than large ones. It cannot tell why: unpublished results, "
        "poorer methods, other patients and chance look the same, and no asymmetry is no proof that nothing is missing."
    ),
    "rank": (
        "It shows whether effects and their variances go together in rank. It is weaker than regression tests and "
        "cannot tell unpublished results from other reasons why small studies differ."
    ),
    "extrapolation": (
        "It shows what would be expected of an infinitely precise study if the trend with precision were the bias. It "
        "cannot tell bias from true differences between small and large studies, and is far off when effects differ."
    ),
    "trim_and_fill": (
        "It shows how far the result moves if the funnel is made symmetric. The filled studies are not data, and when "
        "true effects differ it fills in studies that never existed."
    ),
    "selection": (
        "It shows which effect would fit if publication had depended on the P value in the way assumed. It cannot show "
        "that this assumption holds, and with few studies in a range of P values it has little to go by."
    ),
    "fail_safe": (
        "It shows how many null results it would take to undo significance or size. It takes the missing studies to "
        "average zero and says nothing about whether any exist."
    ),
    "excess": (
        "It shows whether more studies reach P < 0.05 than their power allows. It cannot say which ones are wrong, "
        "and true differences between studies produce an excess too."
    ),
    "robust_interval": (
        "It shows an interval that gives small studies little room to mislead. It corrects the width, not a bias that "
        "large studies share."
    ),
}


def caution(kind: str, k: int) -> str:
    """Return what a method can and cannot show, and that it is too weak where studies are few.

    Parameters
    ----------
    kind
        ``asymmetry``, ``rank``, ``extrapolation``, ``trim_and_fill``, ``selection``, ``fail_safe``, ``excess`` or
        ``robust_interval``.
    k
        Number of studies.

    Returns
    -------
    str
        Two or three sentences.

    Examples
    --------
    >>> caution("fail_safe", 4).endswith("4 studies are fewer than 10: take nothing from this alone.")
    True
    """
    counted = f"{fmt.plural(k, 'study', 'studies')} {'is' if k == 1 else 'are'}"
    few = f" {counted} fewer than {FEW}: take nothing from this alone."
    return _LIMITS[kind] + (few if k < FEW else "")
