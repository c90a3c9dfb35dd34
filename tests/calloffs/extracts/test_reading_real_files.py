"""Real extracts of five councils, where they are at hand, with exactly the rows and sums that they publish."""

from pathlib import Path

import pytest

from calloffs.extracts.amount_basis import AmountBasis
from calloffs.extracts.reading import read_extract
from tests.calloffs.extracts.extract_files import said

FOLDER = Path(__file__).parents[4] / "shared" / "data" / "spend"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the real extracts are not at hand")


def load(name):
    path = FOLDER / name
    extract = read_extract(path.read_bytes(), path.name, columns={}, basis=AmountBasis.NET)
    assert [row for row in extract.rows if row.findings] == []
    assert not extract.unknown
    return extract


def sums(extract, name="net_pence"):
    return sum(row.content[name] for row in extract.rows)


def test_t_71_salford_gives_net_vat_and_gross_that_agree_on_every_row():
    extract = load("salford-2018-03-excerpt.csv")
    assert len(extract.rows) == 180
    assert extract.basis_found == AmountBasis.BOTH
    assert [sums(extract, name) for name in ("net_pence", "vat_pence", "gross_pence")] == [
        1_435_018_88,
        169_008_24,
        1_604_027_12,
    ]
    contents = [row.content for row in extract.rows]
    assert all(one["gross_pence"] - one["vat_pence"] == one["net_pence"] for one in contents)
    assert sum(one["net_pence"] < 500_00 for one in contents) == 23
    assert extract.authorities_named == ("Salford City Council",)


def test_t_72_wakefield_gives_credits_and_reads_nil_as_no_money():
    extract = load("wakefield-lga-columns-excerpt.csv")
    assert (len(extract.rows), sums(extract)) == (177, 11_014_48)
    assert extract.basis_found == AmountBasis.NET
    assert sum(row.content["net_pence"] < 0 for row in extract.rows) == 15
    assert sums(extract, "irrecoverable_vat_pence") == 0
    assert {row.content["irrecoverable_vat_pence"] for row in extract.rows} == {0}
    # "Not yet available" is no contract, and the day of payment is not the day the list was made.
    assert {row.content["call_off_reference"] for row in extract.rows} == {""}
    assert extract.rows[0].content["paid_on"] == "2020-12-09"


def test_t_73_oxford_gives_a_transaction_and_its_line_out_of_one_cell():
    extract = load("oxford-2018-q4-raw-excerpt.csv")
    assert (len(extract.rows), sums(extract)) == (180, 1_075_251_81)
    assert extract.basis_found is None
    first = said(extract.rows[0])
    assert (first["paid_on"], first["transaction_number"], first["line_number"]) == (
        "2018-01-16",
        "46296435",
        "1",
    )


def test_t_74_the_greater_london_authority_gives_its_days_of_clearing():
    extract = load("gla-2019-P05-excerpt.csv")
    assert (len(extract.rows), sums(extract)) == (180, 6_285_856_73)
    days = [row.content["paid_on"] for row in extract.rows]
    assert (min(days), max(days)) == ("2019-07-22", "2019-08-16")


def test_t_74b_north_tyneside_keeps_every_row_though_many_are_alike():
    extract = load("northtyneside-2021-05-excerpt.csv")
    assert len(extract.rows) == 181
    keys = {(row.content["transaction_number"], row.content["net_pence"]) for row in extract.rows}
    assert len(keys) == 65
