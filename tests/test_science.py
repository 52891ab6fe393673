"""The quick rows of `make science`: real models and searches give the numbers that are known."""

import pytest
from science import ROWS


@pytest.mark.parametrize("row", [row for row in ROWS if row.quick], ids=lambda row: row.name)
def test_is_as_expected(row):
    assert row.low <= row.got() <= row.high
