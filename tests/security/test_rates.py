"""Rates are a partner's own: no rival and no other council reads them, proposes them or answers them, at any address."""

import io

import pytest

from tests.security.world import MARK

PLACE = "/my-company/rates/{place}"
THEIRS = "/lots/DP21-4/partners/{place}/rates"
PARTNERS = ("", "/propose", "/upload", "/template.csv", "/template.xlsx", "/proposals/{proposal}")
OWNERS = ("", "/new", "/paste", "/proposals/{proposal}")


def addresses(town):
    named = {"place": town["places"][0], "proposal": town["rates"][0]}
    own = [f"{PLACE}{rest}".format(**named) for rest in PARTNERS]
    return own, [f"{THEIRS}{rest}".format(**named) for rest in OWNERS]


@pytest.mark.parametrize("name", ["Qi", "Tess", "Ellis", "Sal", "Nell", "Opal"])
def test_nobody_else_finds_a_partners_own_pages_of_rates(town, attack, name):
    someone = attack(name)
    for address in addresses(town)[0]:
        looked, struck = someone.look(address), someone.strike(address, {"do": "withdraw", "text": "A,1"})
        assert looked.status_code == 404, address
        assert struck.status_code in (404, 405), address
        assert MARK.encode() not in looked.data + struck.data


@pytest.mark.parametrize("name", ["Qi", "Faye", "Ellis", "Sal", "Opal"])
def test_nobody_but_the_lead_authoritys_owner_answers_rates(town, attack, name):
    someone = attack(name)
    for address in addresses(town)[1][1:]:
        looked = someone.look(address)
        struck = someone.strike(address, {"outcome": "accepted", "reason": "Mine"})
        assert (looked.status_code, struck.status_code) == (404, 404), address
        assert MARK.encode() not in looked.data + struck.data


def test_a_page_of_rates_keeps_hostile_words_as_words(town, attack):
    faye, odd = attack("Faye"), "<script>alert(1)</script>{{7*7}}"
    address = addresses(town)[0][2]
    for sent in (
        {"text": f"Role,Level 1\n{odd},{odd}"},
        {"text": "=HYPERLINK(1)\t5"},
        {"text": "\x00,\ud800"[:2]},
    ):
        answer = faye.strike(address, sent)
        assert answer.status_code in (200, 422)
        assert b"<script>alert" not in answer.data


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomb.xlsx", b"PK\x03\x04" + b"\x00" * 5000),
        ("rates.csv", b"a,b\n" * 200_000),
        ("rates.csv", b'Role,Level 1\n"' + b"x" * 300_000),
        ("rates.csv", "Rôle,Level 1\nDesigner,5".encode("utf-16")),
        ("../../etc/passwd", b"Role,Level 1\nDesigner,5"),
    ],
)
def test_a_hostile_file_of_rates_is_answered_in_words(town, attack, name, content):
    answer = attack("Faye").strike(
        addresses(town)[0][2], {"file": (io.BytesIO(content), name)}, content_type="multipart/form-data"
    )
    assert answer.status_code in (200, 422)
    assert b"govuk-error" in answer.data or b"Nothing is saved yet" in answer.data
