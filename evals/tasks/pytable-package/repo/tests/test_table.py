import pathlib

import pytest

from sluice.table import Sums, TableError, plain, read

DATA = pathlib.Path(__file__).parent / "data"


def sums(column):
    found = Sums()
    with open(DATA / "locks.csv", newline="") as file:
        for group, amount in read(file, "lock", column):
            found.add(group, amount)
    return found


def test_sums_keep_the_order_of_the_file():
    assert list(sums("boats").rows()) == [("Upper", 2, "5"), ("Lower", 2, "5")]


def test_empty_cells_are_left_out():
    assert list(sums("toll").rows()) == [("Upper", 1, "1.5"), ("Lower", 2, "3")]


def test_the_largest_first():
    assert [name for name, _, _ in sums("toll").rows(order="total")] == ["Lower", "Upper"]


def test_a_cell_that_is_no_number():
    with pytest.raises(TableError, match="line 3: x is no number"):
        list(read(["a,b", "p,1", "q,x"], "a", "b"))


@pytest.mark.parametrize(("value", "text"), [(10, "10"), (2.5, "2.5"), (1 / 3, "0.33"), (100.0, "100")])
def test_plain(value, text):
    assert plain(value) == text
