"""Text that a stranger chose so that reading it would never end: read within bounds, in the process that serves everybody."""

import subprocess
import sys

import pytest

from framework.definitions.rules import Refused
from framework.records.sheet import LONGEST_CELL, pasted

_LONG = "(" * LONGEST_CELL


def _ends(script: str) -> str:
    """What a script prints. Text that is read in more than a step for each character does not end before anybody gives up."""
    return subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=90
    ).stdout


@pytest.mark.parametrize("begins", ["<!---->", "<!-- -->\\n", "<!--", " "])
def test_what_a_file_is_is_told_of_any_bytes(begins):
    script = (
        f"from framework.records.recognising import what_it_is; print(what_it_is(b'{begins}' * 400 + b'x'))"
    )
    assert _ends(script).strip() == "text"


def test_comments_before_a_web_page_hide_it_from_nobody():
    script = "from framework.records.recognising import what_it_is; print(what_it_is(b'<!-- a --> <!----> <html>'))"
    assert _ends(script).strip() == "a web page or XML"


def test_a_heading_of_brackets_is_a_heading_like_any_other():
    script = (
        "from framework.records.sheet import pasted\n"
        "from lots.rates_reading import check_rates\n"
        "heads = '\\t'.join(['Role', *['(' * 4900] * 50, *['with ' * 950] * 40])\n"
        "sheet = pasted(heads + '\\nTester\\t100\\n', field='text', most_rows=20)\n"
        "print(check_rates(sheet)[0].rows_read)"
    )
    assert _ends(script).strip() == "2"


def test_a_pasted_cell_is_no_longer_than_a_cell_of_a_file():
    assert pasted(f"Role\tLevel 1\n{_LONG}\t1", field="text", most_rows=20).rows[1].cells[0] == _LONG
    with pytest.raises(Refused, match="Row 2 has a cell of more than 5,000 characters"):
        pasted(f"Role\tLevel 1\n{_LONG}(\t1", field="text", most_rows=20)
