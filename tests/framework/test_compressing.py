"""Pages are compressed, except where another site could have chosen what stands in them."""

import gzip

import pytest

GZIP = {"Accept-Encoding": "gzip"}


def fetch(visiting, address, **headers):
    return visiting.client.get(address, headers={**GZIP, **headers})


def test_a_page_is_sent_compressed_to_whoever_takes_it(visit):
    asha = visit("Asha")
    plain, small = asha.client.get("/call-offs/"), fetch(asha, "/call-offs/")
    assert small.headers["Content-Encoding"] == "gzip"
    assert int(small.headers["Content-Length"]) == len(small.data) < len(plain.data) // 2
    assert b"<h1" in gzip.decompress(small.data)
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert {"Cookie", "HX-Request"} <= set(small.headers["Vary"].split(", "))


@pytest.mark.parametrize(
    ("site", "encoding"),
    [("cross-site", None), ("same-site", None), (None, None), ("same-origin", "gzip"), ("none", "gzip")],
)
def test_an_address_with_a_question_is_compressed_only_when_it_came_from_our_own_page(visit, site, encoding):
    headers = {} if site is None else {"Sec-Fetch-Site": site}
    answer = fetch(visit("Asha"), "/call-offs/?words=parking", **headers)
    assert answer.status_code == 200
    assert answer.headers.get("Content-Encoding") == encoding


def test_a_refused_form_is_sent_as_it_is(visit):
    asha = visit("Asha")
    page = asha.get("/cases/new")
    answer = asha.client.post("/cases/new", data={**page.values(), "title": "x"}, headers=GZIP)
    assert answer.status_code in (303, 422)
    assert "Content-Encoding" not in answer.headers


def test_a_page_that_is_not_there_is_sent_as_it_is(visit):
    answer = fetch(visit("Asha"), "/call-offs/NONE-1")
    assert answer.status_code == 404
    assert "Content-Encoding" not in answer.headers


def test_a_streamed_table_is_compressed_as_it_goes(visit):
    finn = visit("Finn")
    plain, small = finn.client.get("/spend/agreements.csv"), fetch(finn, "/spend/agreements.csv")
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.get_data()) == plain.get_data()


def test_short_answers_and_files_are_left_alone(visit):
    finn = visit("Finn")
    assert "Content-Encoding" not in fetch(finn, "/healthz").headers
    assert "Content-Encoding" not in fetch(finn, "/spend/agreements.xlsx").headers
