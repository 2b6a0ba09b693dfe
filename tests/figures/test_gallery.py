"""Every picture of the gallery: nothing runs into anything, nothing is lost, the same bytes on every run."""

from __future__ import annotations

import unicodedata

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from hipevidence.errors import InputError
from hipevidence.figures import pdf, svg
from tests.figures.gallery import ALL, NEED_MORE, PICTURES, drawn, make_gallery
from tests.figures.marks import colliding_texts, leaving, written

NAMES = sorted({name for name, _ in ALL})


@pytest.mark.parametrize(("name", "variant"), ALL)
def test_texts_stay_inside_and_apart(name, variant):
    figure, _ = drawn(name, variant)
    assert leaving(figure) == []
    assert colliding_texts(figure) == []


@pytest.mark.parametrize(("name", "variant"), ALL)
def test_the_description_is_plain_text_with_numbers(name, variant):
    _, said = drawn(name, variant)
    assert any(sign.isdigit() for sign in said)
    assert said.endswith(".")
    assert not {unicodedata.category(sign) for sign in said} & {"Cc", "Cf", "Cs"}


@pytest.mark.parametrize("name", NAMES)
def test_drawn_twice_it_is_the_same_bytes(name):
    one, other = (svg(PICTURES[name]("hard")[0], "a", "b", key="k") for _ in range(2))
    assert one == other


@pytest.mark.parametrize("name", sorted(NEED_MORE))
def test_what_needs_more_studies_says_so(name):
    with pytest.raises(InputError, match=r"allowed: "):
        PICTURES[name]("1")


@pytest.mark.parametrize("name", NAMES)
def test_every_picture_draws_into_given_axes(name, monkeypatch):
    """The function of the package gets the axes; the texts of a table shrink with it and stay apart."""
    page = Figure(figsize=(12, 9), dpi=72)
    FigureCanvasAgg(page)
    axes = page.add_axes((0.3, 0.3, 0.5, 0.5))
    axes.plot([0, 1], [0, 1])
    _pass_axes(monkeypatch, axes)
    figure, _ = PICTURES[name]("13" if (name, "13") in ALL else "1")
    assert figure is page
    assert len(written(page)) > 3
    assert leaving(page) == []
    assert colliding_texts(page) == []


@pytest.mark.parametrize("variant", ["13", "hard"])
@pytest.mark.parametrize("name", ["baujat", "labbe", "radial", "bubble", "drapery"])
def test_plots_keep_their_type_in_the_column_of_a_journal_and_texts_stay_apart(name, variant, monkeypatch):
    page = Figure(figsize=(85 / 25.4, 110 / 25.4), dpi=72)
    FigureCanvasAgg(page)
    axes = page.add_axes((0.2, 0.45, 0.5, 0.5))
    _pass_axes(monkeypatch, axes)
    PICTURES[name](variant)
    assert min(text.get_fontsize() for text in axes.texts if text.get_text()) >= 8
    assert leaving(page) == []
    assert colliding_texts(page) == []


def _pass_axes(monkeypatch, axes):
    """Let the script's calls of drawing functions carry ``ax``."""
    package = make_gallery.draw

    class Passing:
        def __getattr__(self, name):
            found = getattr(package, name)
            takes = callable(found) and not isinstance(found, type) and "ax" in _arguments(found)
            return (lambda *given, **named: found(*given, ax=axes, **named)) if takes else found

    monkeypatch.setattr(make_gallery, "draw", Passing())
    make_gallery.answer.cache_clear()


def _arguments(function):
    return function.__code__.co_varnames[: function.__code__.co_argcount + function.__code__.co_kwonlyargcount]


def test_the_checks_of_this_file_find_what_they_look_for():
    figure, _ = PICTURES["drapery"]("3")
    axes = figure.axes[0]
    axes.text(0.5, -0.112, "lies on the name of the scale", transform=axes.transAxes, ha="center")
    axes.text(-0.5, 0.5, "half outside", transform=axes.transAxes)
    assert "half outside" in leaving(figure)
    assert any("lies on the name of the scale" in pair for pair in colliding_texts(figure))


def test_a_pdf_has_its_fonts_inside_and_no_date():
    figure, _ = drawn("forest", "3")
    one, other = pdf(figure, "Forest\x1b"), pdf(figure, "Forest\x1b")
    assert one == other
    assert b"/FontFile2" in one
    assert b"/CreationDate" not in one


def test_a_table_in_small_axes_shrinks_in_proportion():
    whole, _ = drawn("forest", "3")
    half = Figure(figsize=(float(whole.get_size_inches()[0]) / 2, 9), dpi=72)
    FigureCanvasAgg(half)
    axes = half.add_axes((0, 0, 1, 1))
    make_gallery.draw.forest(make_gallery.answer("3"), ax=axes)
    sizes = [text.get_fontsize() for text in axes.texts if text.get_text()]
    expected = [text.get_fontsize() / 2 for text in whole.axes[0].texts if text.get_text()]
    assert sizes == pytest.approx(expected, rel=1e-9)
    assert colliding_texts(half) == []
