"""One council's money, lines and disputes are read by no other and by no company: on no page, in no file, by no filter, in no total."""

import io
import zipfile
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from sqlmodel import select

from calloffs.call_off import CallOff
from calloffs.matching.matching import match
from calloffs.matching.spend_match import Why
from calloffs.tables.every_fact_table import TABLES
from framework.people.party import Party
from framework.records.database import writing
from tests.calloffs.matching.building import a_line
from tests.security.world import MARK

OUTSIDERS = ("Sal", "Ellis", "Opal", "Qi", "Faye")
PAGES = (
    *("/", "/spend/", "/spend/figures", "/spend/extracts/", "/spend/matching/", "/spend/matching/?show=all"),
    *("/spend/matching/?show=flagged", "/spend/matching/?show=not_ours", "/spend/matching/certain"),
    *("/spend/tables/", "/spend/shared/", "/spend/recharges/", "/forecast/", "/pictures/waiting"),
)


@pytest.fixture
def known(app, cast, town) -> dict[str, list[str]]:
    """What an outsider may have heard of: Northbank's numbers, references and names, by the filter that takes them."""
    with app.app_context(), writing() as session:
        call_off = session.exec(select(CallOff).where(CallOff.reference == town["live"][0])).one()
        call_off.programme = f"{MARK} programme"
        mine: dict[str, Any] = {
            "supplier_name": f"{MARK} Ltd",
            "narrative": f"{MARK} narrative",
            "cost_centre": f"{MARK}-CC",
            "purchase_order": f"{MARK}-PO",
        }
        lines = [
            a_line(session, cast, net="7,654.32", invoice_number=f"{MARK}-{one}", **mine) for one in (7, 8)
        ]
        waiting = a_line(session, cast, net="76,543.21", supplier_id=cast.party["Fennel Web"], **mine)
        for one in lines:
            match(
                session,
                actor=cast.visitor(session, "Finn"),
                line=one,
                call_off=call_off,
                why=Why.BY_HAND,
                because=f"{MARK} because",
                over_why=f"{MARK} over",
            )
        northbank = session.get_one(Party, cast.party["Northbank"])
        partner = session.get_one(Party, cast.party["Fennel Web"])
        return {
            "authority": [str(northbank.id), northbank.name],
            "partner": [str(partner.id), partner.name],
            "supplier": [str(partner.id)],
            "call_off": [call_off.reference],
            "source": [str(lines[0].source_id)],
            "import": [str(lines[0].import_id)],
            "line": [str(lines[0].id), str(waiting.id)],
            "programme": [f"{MARK} programme"],
            "cost_centre": [f"{MARK}-CC"],
            "matched": ["yes", "no"],
            "flag": ["no_purchase_order"],
            "owner": ["Asha"],
            "pays": [northbank.name],
            "receives": [northbank.name],
        }


def words(answer) -> bytes:
    if answer.status_code == 200 and "spreadsheetml" in answer.content_type:
        with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
            return b"".join(book.read(name) for name in book.namelist())
    return answer.data


@pytest.mark.parametrize("name", OUTSIDERS)
def test_no_table_tells_an_outsider_of_anothers_money(app, town, attack, known, name):
    someone, leaks = attack(name), []
    secrets = [MARK.encode(), b"7,654.32", b"7654.32", b"76,543.21", b"76543.21"]
    for table in TABLES:
        asked = [{}]
        asked += [{one.name: value} for one in table.filters for value in known.get(one.name, [])]
        for filters in asked:
            for form in ("", ".csv", ".xlsx") if not filters or name == "Sal" else ("",):
                answer = someone.look(f"/spend/tables/{table.key}{form}", query_string=filters)
                said = words(answer)
                # What was asked for stands in the page as it was asked.
                for value in filters.values():
                    for echo in (value, quote(value), quote_plus(value)):
                        said = said.replace(echo.encode(), b"")
                found = [one for one in secrets if one in said]
                if found or answer.status_code not in (200, 404, 303):
                    leaks.append(f"{table.key}{form} {filters}: {answer.status_code} {found}")
    for page in PAGES[0 if name in ("Sal", "Ellis", "Opal") else 1 :]:
        answer = someone.look(page)
        if found := [one for one in secrets if one in answer.data]:
            leaks.append(f"{page}: {found}")
    assert not leaks, "\n".join(leaks)
