"""What a search says while it runs."""

import pytest

from autogalaxy.inference.search.progress import Progress, agreed, agreement, counted, following


@pytest.mark.parametrize(("number", "said"), [(1, "1 evaluation"), (0, "0 evaluations"), (2000, "2,000 evaluations")])
def test_numbers_have_their_nouns(number, said, capsys):
    with Progress("fit") as progress:
        progress.update("following", evaluations=number)
    assert capsys.readouterr().err == f"fit: following, {said}\n"


def test_one_start_is_not_counted_and_none_cannot_agree():
    assert following(0, 1) == "following the one start"
    assert following(4, 32) == "following start 5 of up to 32"
    assert agreement(0, 1, 0) == agreement(0, 3, 0) == ""
    assert agreement(2, 3, 4) == "2 of the 3 wanted agree"


def test_the_end_of_a_search_counts_in_the_singular_too():
    assert (agreed(1, 1), agreed(3, 4)) == ("one start", "3 of 4 starts agree")
    assert (counted(1, "Jacobian"), counted(2, "Jacobian")) == ("1 Jacobian", "2 Jacobians")
