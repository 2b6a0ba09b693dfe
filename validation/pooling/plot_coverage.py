"""Draw what coverage.csv holds: how often 95 % intervals of the pooled effect contain the truth.

    python validation/pooling/plot_coverage.py

Writes docs/images/coverage.svg and coverage.png; the same table gives the same files.
"""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import TYPE_CHECKING

from hipevidence.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HERE = Path(__file__).parent
IMAGES = HERE.parents[1] / "docs" / "images"
PROMISED = 95.0
REPLICATIONS = 10_000
LOOKS = {
    "wald": ("Wald", style.ALTERNATIVE, "o"),
    "t": ("t", style.MUTED, "^"),
    "HKSJ": ("Hartung-Knapp", style.STUDY, "s"),
    "HKSJ-modified": ("Hartung-Knapp, modified", style.POOLED, "D"),
}
TITLE = "Share of 95 % confidence intervals that contain the true mean"
DESCRIPTION = (
    "Three panels, for tau squared 0, 0.1 and 0.5, show coverage in percent against 3, 5, 10 and 20 studies. With "
    "heterogeneity the Wald interval falls far below 95 percent when studies are few; Hartung-Knapp stays closest to "
    "95 percent; the t interval and modified Hartung-Knapp are too wide with few homogeneous studies."
)


def read() -> dict[float, dict[str, list[tuple[int, float]]]]:
    """Return (studies, coverage in percent) for each tau² and interval of the mean."""
    table: dict[float, dict[str, list[tuple[int, float]]]] = {}
    with (HERE / "coverage.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["quantity"] == "mean":
                lines = table.setdefault(float(row["tau2"]), {name: [] for name in LOOKS})
                lines[row["interval"]].append((int(row["k"]), 100.0 * float(row["coverage"])))
    return table


def draw_panel(axes: Axes, tau2: float, lines: dict[str, list[tuple[int, float]]]) -> None:
    """Draw one value of tau²; the studies stand at equal distances."""
    error = 196.0 * math.sqrt(PROMISED * (100.0 - PROMISED) / REPLICATIONS) / 100.0
    axes.axhspan(PROMISED - error, PROMISED + error, color=style.BAND, lw=0)
    axes.axhline(PROMISED, color=style.MUTED, lw=0.8)
    for name, points in lines.items():
        label, color, marker = LOOKS[name]
        axes.plot(
            range(len(points)),
            [coverage for _, coverage in points],
            color=color,
            marker=marker,
            ms=4.5,
            lw=1.4,
            label=label,
        )
    axes.set_xticks(range(len(points)), [str(k) for k, _ in points])
    axes.set_yticks(range(80, 101, 5))
    axes.set(ylim=(80.0, 100.6), xlim=(-0.25, len(points) - 0.75), xlabel="studies")
    axes.set_title(f"τ² = {tau2:g}", fontsize=style.FONT_SIZE)
    axes.spines[["top", "right"]].set_visible(False)


def main() -> None:
    """Draw the picture and write it."""
    table = read()
    with style.in_house_style():
        figure = style.new_figure(7.4, 3.5)
        panels = figure.subplots(1, len(table), sharey=True)
        for axes, (tau2, lines) in zip(panels, sorted(table.items()), strict=True):
            draw_panel(axes, tau2, lines)
        panels[0].set_ylabel("intervals that contain the true mean, %")
        handles, labels = panels[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="upper center", ncols=len(labels), frameon=False)
        figure.subplots_adjust(left=0.09, right=0.985, top=0.83, bottom=0.14, wspace=0.1)
        IMAGES.mkdir(parents=True, exist_ok=True)
        (IMAGES / "coverage.svg").write_bytes(style.svg(figure, TITLE, DESCRIPTION, key="coverage"))
        figure.savefig(IMAGES / "coverage.png", dpi=144, metadata={"Software": None})


if __name__ == "__main__":
    main()
