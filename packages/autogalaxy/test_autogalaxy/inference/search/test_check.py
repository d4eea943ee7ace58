import numpy as np
import pytest

from autoarray import exc
from autoarray.parameter import UniformPrior
from autogalaxy.inference import Collection, LevenbergMarquardt
from autogalaxy.inference.search.check import no_finite_draw, none_as_asserted


def draws_of(model, count=200):
    return model.vector_from_unit_vector(np.random.default_rng(5).random((count, model.prior_count)))


def test_an_assertion_that_no_draw_fulfils_is_named(lines):
    model = lines.two_lines()
    model.add_assertion(model.lines.a.sigma + model.lines.b.sigma > 9.0, name="broad")  # each is at most 4
    model.add_assertion(model.lines.a.intensity < 9.5)

    error = no_finite_draw(model, lines.AnalysisLines(lines.data_with_noise()), draws_of(model))

    assert isinstance(error, exc.SearchException)
    assert "None of 200 draws" in str(error)
    assert "broad: 9 < lines.a.sigma + lines.b.sigma (holds for 0)" in str(error)
    assert "intensity" not in str(error)


def test_a_search_ends_with_the_name_of_the_assertion(lines):
    model = lines.two_lines()
    model.add_assertion(model.lines.a.intensity < 0.0, name="dark")

    with pytest.raises(exc.SearchException, match="dark: lines.a.intensity < 0"):
        LevenbergMarquardt(show_progress=False).fit(model, lines.AnalysisLines(lines.data_with_noise()))


def test_assertions_that_contradict_each_other_are_all_counted():
    model = Collection(a=UniformPrior(0.0, 1.0), b=UniformPrior(0.0, 1.0))
    model.add_assertion(model.a < model.b)
    model.add_assertion(model.b < model.a)
    vectors = np.array([[0.1, 0.2], [0.3, 0.1], [0.2, 0.9]])

    text = str(none_as_asserted(model, vectors))

    assert "None of 3" in text and "a < b (holds for 2); b < a (holds for 1)" in text


def test_a_quotient_without_a_finite_value_is_blamed():
    model = Collection(a=UniformPrior(-2.0, -1.0))
    model.b = model.a**0.5

    text = str(none_as_asserted(model, draws_of(model)))

    assert "quotient or root" in text


def test_assertions_of_many_vectors_are_those_of_each(lines):
    model = lines.two_lines()
    model.add_assertion(model.lines.a.sigma * model.lines.b.sigma <= 1.0)
    vectors = draws_of(model)

    holds = model.assertions_hold(vectors)

    wanted = (vectors[:, 0] < vectors[:, 3]) & (vectors[:, 1] * vectors[:, 4] <= 1.0)
    assert holds.tolist() == wanted.tolist() and 0 < holds.sum() < 200
    assert [bool(model.assertions_hold(vector)) for vector in vectors] == wanted.tolist()
    assert Collection(a=UniformPrior()).assertions_hold(np.zeros((3, 1))).tolist() == [True] * 3
