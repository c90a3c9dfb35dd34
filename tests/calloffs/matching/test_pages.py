"""Matching as finance sees it: suggested, one click each, all certain ones at once, undone, and never another council's."""

from datetime import date

from calloffs.call_off import CallOff
from calloffs.extracts.spend_line import SpendLine
from framework.records import database
from tests.calloffs.matching.building import a_line, a_source, an_import
from tests.calloffs.spend.building import live_call_off

QUEUE = "/spend/matching/"


def reread(app, model, key):
    with app.app_context():
        found = database.current().get(model, key)
        database.current().close()
        return found


def money(app, call_off) -> tuple[int, int]:
    found = reread(app, CallOff, call_off.id)
    return found.invoiced_pence, found.paid_pence


def keys(page) -> dict[str, str]:
    """The keys of the first form of the page's own that has them."""
    main = page.all("main")[0]
    fields = [one for one in main.iter() if one.get("name") in ("csrf_token", "once")]
    return {one.get("name"): one.get("value") for one in fields[:2]}


def test_a_suggested_line_is_matched_by_one_click_and_undone_by_another(app, session, cast, visit) -> None:
    call_off = live_call_off(session, cast, order="PO-7001")
    line = a_line(session, cast, purchase_order="7001", supplier_name="Fennel Web", invoice_number="F-1")
    session.commit()
    finn = visit("Finn")
    queue = finn.get(QUEUE)
    assert "Certain: Purchase order 7001 is this call-off’s" in queue.text
    done = finn.send(queue, {}, to=f"{QUEUE}lines/{line.id}")
    assert money(app, call_off) == (1_000_00, 1_000_00)
    after = finn.follow(done)
    assert f"The line is matched to {call_off.reference} : Purchase order 7001" in after.text
    assert "Fennel Web" in finn.get(f"/call-offs/{call_off.reference}").text
    assert "Fennel Web" in finn.get(f"{QUEUE}call-offs/{call_off.reference}").text
    finn.send(after, {}, to=f"{QUEUE}lines/{line.id}/undo")
    assert money(app, call_off) == (0, 0)
    assert "Certain: Purchase order 7001" in finn.get(QUEUE).text


def test_a_line_past_the_value_asks_for_a_tick_and_a_reason_keeps_what_was_typed_and_stays_flagged(
    app, session, cast, visit
) -> None:
    call_off = live_call_off(session, cast, order="PO-7002", value="900")
    line = a_line(session, cast, purchase_order="PO-7002", supplier_name="Fennel Web")
    session.commit()
    finn, address = visit("Finn"), f"{QUEUE}lines/{line.id}"
    assert "No line is certain now" in finn.get(f"{QUEUE}certain").text
    asked = finn.send(finn.get(QUEUE), {}, to=address, status=422)
    assert "takes it £100.00 past its value" in " ".join(asked.errors)
    typed = {**keys(asked), "call_off": call_off.reference, "over_why": "Two more days were needed"}
    still = finn.post(address, typed, 422)
    assert "Two more days were needed" in still.html
    finn.post(address, {**typed, **keys(still), "accept": "y"})
    assert money(app, call_off) == (1_000_00, 1_000_00)
    page = finn.get(f"/call-offs/{call_off.reference}")
    assert "£100.00 (net of VAT) more is invoiced than this call-off’s value" in page.text
    assert "Two more days were needed" in page.text
    assert "Past the call-off’s value" in visit("Asha").get("/").text
    assert "1 line to look at" in finn.get("/").text


def test_all_certain_lines_are_matched_once_their_sum_was_shown(app, session, cast, visit) -> None:
    call_off = live_call_off(session, cast, order="PO-7003")
    for place in range(3):
        a_line(session, cast, purchase_order="PO-7003", invoice_number=f"S-{place}")
    a_line(session, cast, narrative=f"Perhaps {call_off.reference}")
    session.commit()
    finn = visit("Finn")
    shown = finn.get(f"{QUEUE}certain")
    assert "3 lines, £3,000.00 net of VAT" in shown.text
    assert money(app, call_off) == (0, 0)
    stale = shown.values(f"{QUEUE}certain") | {"mark": "2.200000.1"}
    finn.post(f"{QUEUE}certain", stale, 422)
    done = finn.send(shown, {}, to=f"{QUEUE}certain")
    assert money(app, call_off) == (3_000_00, 3_000_00)
    assert "3 lines matched" in finn.follow(done).text


def test_what_is_held_back_is_listed_with_its_reason_and_never_called_certain(
    app, session, cast, visit
) -> None:
    call_off = live_call_off(session, cast, order="PO-7006", value="900")
    line = a_line(session, cast, purchase_order="PO-7006", supplier_name="Fennel Web")
    a_line(session, cast, purchase_order="PO-7006", supplier_name="Larkspur Places Ltd", net="10")
    session.commit()
    finn = visit("Finn")
    why = f"{call_off.reference} has £900.00 (net of VAT) left to invoice, and this line takes it £100.00 past its value"
    bulk = finn.get(f"{QUEUE}certain")
    assert "No line is certain now" in bulk.text
    assert why in bulk.text
    assert f"{QUEUE}lines/{line.id}" in bulk.links
    for page in (finn.get(QUEUE), finn.get(f"{QUEUE}lines/{line.id}")):
        assert f"But: {why}" in page.text
        assert "Certain:" not in page.text
    assert "The line names Larkspur Places Ltd; this call-off is Fennel Web" in finn.get(QUEUE).text


def test_the_lines_of_one_file_are_matched_from_its_own_page_and_no_others(app, session, cast, visit) -> None:
    call_off = live_call_off(session, cast, order="PO-7007")
    source = a_source(session, cast)
    brought, other = an_import(session, source), an_import(session, source)
    theirs = an_import(session, a_source(session, cast, "Southmere"))
    for one in (brought, brought, other):
        a_line(session, cast, purchase_order="PO-7007", imported=one)
    session.commit()
    finn = visit("Finn")
    loaded = finn.get(f"/spend/extracts/{brought.id}")
    assert f"{QUEUE}?import={brought.id}" in loaded.links
    address = f"{QUEUE}certain?import={brought.id}"
    assert address in loaded.links
    assert address in finn.get(f"{QUEUE}?import={brought.id}").links
    shown = finn.get(address)
    assert f"Lines of october.csv (import {brought.id}) alone" in shown.text
    assert shown.form(f"{QUEUE}certain").get("action") == address
    done = finn.post(address, shown.values(f"{QUEUE}certain"))
    assert money(app, call_off) == (2_000_00, 2_000_00)
    after = finn.follow(done)
    assert "2 lines matched" in after.text
    assert "No line is certain now" in after.text
    assert "1 line, £1,000.00" in finn.get(f"{QUEUE}certain?source={source.id}").text
    for wrong in (f"import={theirs.id}", f"source={theirs.source_id}", "import=x", "import=999999"):
        finn.get(f"{QUEUE}certain?{wrong}", 404)


def test_the_supplier_is_found_by_the_beginning_of_any_word_of_its_name(app, session, cast, visit) -> None:
    for name in ("Fennel Web Limited", "100% Cedar_Design", "Cobweb"):
        a_line(session, cast, supplier_name=name)
    session.commit()
    finn = visit("Finn")

    def found(words: str) -> list[str]:
        page = finn.get(f"{QUEUE}?show=all&supplier={words}")
        return [name for name in ("Fennel Web Limited", "100% Cedar_Design", "Cobweb") if name in page.text]

    assert found("fenn") == found("WEB+lim") == ["Fennel Web Limited"]
    assert found("100%25+c") == found("cedar_") == ["100% Cedar_Design"]
    assert found("%25") == found("e_d") == []


def test_a_line_that_is_none_of_ours_is_set_aside_with_a_reason_and_taken_up_again(
    app, session, cast, visit
) -> None:
    line = a_line(session, cast, supplier_name="Fennel Web", purchase_order="ODD-1")
    session.commit()
    finn, address = visit("Finn"), f"{QUEUE}lines/{line.id}"
    finn.send(f"{address}/not-ours", {"why": " "}, status=422)
    finn.send(f"{address}/not-ours", {"why": "Rent of a hall"})
    assert "ODD-1" not in finn.get(QUEUE).text
    assert "Rent of a hall" in finn.get(f"{QUEUE}?show=not_ours").text
    finn.send(finn.get(address), {}, to=f"{address}/ours-again")
    assert "ODD-1" in finn.get(QUEUE).text


def test_another_councils_lines_and_call_offs_neither_match_nor_show(app, session, cast, visit) -> None:
    theirs = live_call_off(session, cast, authority="Southmere", lot=3, order="PO-7004")
    own = a_line(session, cast, purchase_order="PO-7004", call_off_reference=theirs.reference)
    other = a_line(session, cast, authority="Southmere", purchase_order="PO-7004", supplier_name="Cedar")
    session.commit()
    finn = visit("Finn")
    assert "PO-7004" not in finn.get(QUEUE).text
    queue = finn.get(f"{QUEUE}?show=all")
    assert "Nothing suggested" in queue.text
    assert "Cedar" not in queue.text
    line = finn.get(f"{QUEUE}lines/{own.id}?words=work")
    assert "No call-off of your authority has these words" in line.text
    refused = finn.post(f"{QUEUE}lines/{own.id}", {**keys(line), "call_off": theirs.reference}, 422)
    assert "No awarded call-off of your authority has this reference" in " ".join(refused.errors)
    for rest in ("", "/not-ours"):
        finn.get(f"{QUEUE}lines/{other.id}{rest}", 404)
    for rest in ("", "/undo", "/seen", "/ours-again", "/not-ours"):
        finn.post(f"{QUEUE}lines/{other.id}{rest}", keys(finn.get(QUEUE + "certain")) or keys(line), 404)
    finn.get(f"{QUEUE}call-offs/{theirs.reference}", 404)
    finn.get(f"{QUEUE}certain?authority={cast.party['Southmere']}", 404)
    assert reread(app, SpendLine, own.id).call_off_id is None


def test_whoever_reads_spend_sees_the_lines_of_call_offs_and_changes_nothing(
    app, session, cast, visit
) -> None:
    call_off = live_call_off(session, cast, order="PO-7005")
    line = a_line(session, cast, purchase_order="PO-7005", supplier_name="Fennel Web")
    session.commit()
    finn = visit("Finn")
    visit("Asha").get(f"{QUEUE}lines/{line.id}", 404)
    visit("Asha").get(QUEUE, 404)
    audra = visit("Audra").get(QUEUE)
    assert "Fennel Web" in audra.text
    assert not [one for one in audra.all("button") if "Match" in "".join(one.itertext())]
    finn.send(finn.get(QUEUE), {}, to=f"{QUEUE}lines/{line.id}")
    page = visit("Asha").get(f"{QUEUE}lines/{line.id}")
    assert call_off.reference in page.text
    assert "Undo the match" not in page.text
    visit("Faye").get(QUEUE, 404)


def test_filters_and_pages_of_the_queue_go_on_where_the_last_ended(app, session, cast, visit) -> None:
    for place in range(27):
        a_line(
            session, cast, supplier_name="Many Ltd", purchase_order=f"M-{place:02}", paid=date(2022, 10, 4)
        )
    a_line(session, cast, supplier_name="Few Ltd", purchase_order="F-01")
    session.commit()
    finn = visit("Finn")
    first = finn.get(f"{QUEUE}?show=all&supplier=Many+Ltd")
    assert "M-24" in first.text
    assert "M-25" not in first.text
    following = next(one for one in first.links if "after=" in one)
    second = finn.get(following)
    assert "M-26" in second.text
    assert "F-01" not in second.text
    finn.get(f"{QUEUE}?show=everything", 404)
    finn.get(f"{QUEUE}?source=x", 404)
