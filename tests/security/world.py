"""A town to be attacked: rows of Northbank's at every stage of their life, each marked with a word that no outsider may read."""

from dataclasses import replace
from datetime import date
from typing import Any

from flask import Flask
from sqlmodel import Session, select

from calloffs.call_off import CallOff
from calloffs.offer import Offer
from calloffs.signing import ensure_signed_copy, sign_for_buyer, sign_for_partner
from calloffs.spend.checking import check_file
from calloffs.spend.importing import keep
from calloffs.spend.invoicing import record_invoice
from calloffs.varying import Change, propose_variation
from framework.definitions import dates
from framework.definitions.money import Money
from framework.people.addressing import make_address, own_addresses
from framework.people.permissions import PARTNER_ROLES, Permission, Role
from framework.people.person import Person, Post
from framework.records import database, documents
from framework.records.file_kinds import FileKind
from framework.records.sheet import pasted
from framework.records.stored_document import StoredDocument
from framework.records.uploading import Upload
from lots import finding
from lots.checking_people import keep_sheet
from lots.entering_people import add_person
from lots.evidence import EvidenceKind
from lots.evidencing import record_evidence
from lots.finding import own_place
from lots.forward.promising import offer_promise
from lots.forward.proposing import ProposalFacts, draft_proposal, send_proposal
from lots.rate_proposing import save_proposal, submit_proposal
from lots.submitting import submit_skillset
from tests.calloffs.building import accepted, answer, offered
from tests.calloffs.building_awarded import issued_call_off
from tests.calloffs.business_case.cases import COMPLETE, decided, submitted, written
from tests.calloffs.extracts.building import checked_extract
from tests.calloffs.making import approved, drafted, raised
from tests.calloffs.matching.building import a_line
from tests.calloffs.returns.building import give, line, noted
from tests.calloffs.spend.building import bill, live_call_off
from tests.cast import Cast
from tests.framework.agreements import a_whole_draft
from tests.lots.people import accepted as put_forward
from tests.lots.people import facts as one_person
from tests.lots.people import forty, place_of
from tests.lots.plans import PROMISE, planned, shared

MARK = "Zugzwang"
"""Stands in everything that only Northbank (and, for its own work, Fennel Web) may read."""
ADDRESS = "198.51.100.77"
_ROLES = [one for one in Role if one not in PARTNER_ROLES]
# Two people who hold every role there is at the wrong council, and one who holds them all at the right one.
EVERYTHING = {"Ellis": "Elsewhere", "Sal": "Southmere", "Nell": "Northbank"}
WORDS = {
    "background": f"{MARK} background",
    "outcome_wanted": f"{MARK} outcome",
    "in_scope": f"{MARK} scope",
    "special_terms": f"{MARK} terms",
    "special_terms_confirmed": True,
}
TITLE = f"{MARK} call-off"

Town = dict[str, list[str]]
"""Names and numbers of rows, by what they are: as addresses spell them."""


def build(app: Flask) -> Town:
    """Fill the cast's database; returns what addresses may name."""
    with app.app_context():
        cast = Cast.read()
        session = database.current()
        database.begin_writing(session)
        known, documents._known = documents._known, [("libpango-1.0-0",)]
        try:
            _people(session, cast)
            town = _rows(session, cast)
        finally:
            documents._known = known
        session.commit()
        session.close()
        return town


def _people(session: Session, cast: Cast) -> None:
    for name, party in EVERYTHING.items():
        person = Person(
            name=name,
            email=f"{name.lower()}@example.org",
            fs_uniquifier=f"u-{name.lower()}",
            created_at=dates.now(),
        )
        session.add(person)
        session.flush()
        for role in _ROLES:
            session.add(
                Post(
                    person_id=person.id,
                    party_id=cast.party[party],
                    role=role,
                    limit_pence=Money.pounds(9_000_000).pence if role is Role.APPROVER else None,
                    starts_on=date(2021, 1, 1),
                )
            )
        cast.person[name] = person.id
    session.flush()


def _rows(session: Session, cast: Cast) -> Town:
    how: dict[str, Any] = {**WORDS, "title": TITLE}
    before = [
        drafted(session, cast, **how),
        raised(session, cast, **how),
        approved(session, cast, **how),
    ]
    asked, offer = offered(session, cast, **how)
    given = answer(approach=f"{MARK} approach")
    priced, its_offer = accepted(session, cast, given, **how)
    elsewhere, _ = offered(session, cast, **{**how, "lot": 7})
    issued = issued_call_off(session, cast, number=801, title=TITLE, background=f"{MARK} background")
    signed = _signed(session, cast)
    live = _live(session, cast)
    cases = [
        written(session, cast, _case()),
        submitted(session, cast, _case()),
        decided(session, cast, facts=_case()),
    ]
    draft = a_whole_draft(session, cast, title=f"{MARK} agreement", reference="ZUG1")
    papers = [one.reference for one in session.exec(select(StoredDocument)) if one.subject_kind == "call_off"]
    offers = {one.call_off_id: one.reference for one in session.exec(select(Offer))}
    finn = cast.visitor(session, "Finn")
    data = _invoices(live).encode()
    kept = keep(session, actor=finn, checked=check_file(session, finn, data, f"{MARK}.csv"), data=data)
    _people_put_forward(session, cast)
    posts = session.exec(select(Post.id).where(Post.party_id == cast.party["Northbank"])).all()
    late = [asked, priced, elsewhere, issued, signed, live]
    return {
        "before": [one.reference for one in before],
        "call-offs": [one.reference for one in [*before, *late]],
        "fennels": [one.reference for one in (issued, signed, live)],
        "offers": [
            offer.reference,
            its_offer.reference,
            offers[issued.id],
            offers[signed.id],
            offers[live.id],
        ],
        "quills": [offers[elsewhere.id]],
        "cases": [one.reference for one in cases],
        "documents": papers,
        "drafts": [draft.reference],
        "imports": [str(kept.id)],
        "extracts": [str(checked_extract(session, cast, MARK).id)],
        "feeds": [_feed(session, cast)],
        "posts": [str(one) for one in posts[:2]],
        "live": [live.reference],
        "lines": [str(a_line(session, cast, supplier_name=f"{MARK} Fennel Web", purchase_order="PO-1").id)],
        **_ahead(session, cast),
        "agreements": ["DP21"],
        "lots": ["DP21-4"],
        "rates": [str(_proposed(session, cast))],
        "places": [str(cast.appointment[4, "Fennel Web"])],
        "partners": [str(cast.party["Fennel Web"])],
        "evidence": [_evidence(session, cast)],
        "rivals": [str(cast.party["Quill Works"])],
        "authorities": [str(cast.party["Northbank"])],
        "members": [str(cast.party["Southmere"])],
    }


def _evidence(session: Session, cast: Cast) -> str:
    shown = record_evidence(
        session,
        actor=cast.visitor(session, "Faye"),
        supplier_id=cast.party["Fennel Web"],
        kind=EvidenceKind.ISO_27001,
        expires_on=date(2023, 11, 21),
        reference=f"{MARK} certificate",
        upload=Upload(FileKind.PDF, f"%PDF-1.7 {MARK}".encode()),
    )
    return str(shown.id)


def _people_put_forward(session: Session, cast: Cast) -> None:
    put_forward(session, cast, [one_person(name=f"{MARK} Person")])
    faye, place = cast.visitor(session, "Faye"), place_of(session, cast)
    draft = add_person(session, actor=faye, place=place, person=one_person(name=f"{MARK} Draft"))
    submit_skillset(session, actor=faye, place=place, skillset=draft)
    sheet = pasted(forty().replace("Person number", MARK), field="file", most_rows=220)
    keep_sheet(session, actor=faye, place=place, sheet=sheet)


def _proposed(session: Session, cast: Cast) -> int:
    """Rates that Fennel Web has sent for lot 4, and that wait."""
    faye = cast.visitor(session, "Faye")
    place = own_place(session, faye, cast.appointment[4, "Fennel Web"], Permission.COMPANY_KEEP)
    proposal = save_proposal(
        session,
        actor=faye,
        place=place,
        from_on=date(2022, 12, 1),
        rates=[(f"{MARK} tester", 1, Money.pounds(300))],
        basis_version=1,
    )
    submit_proposal(session, actor=faye, place=place, proposal=proposal, revision=1)
    return proposal.id


def _ahead(session: Session, cast: Cast) -> Town:
    """Northbank's plans on lots 4 and 7, one of them not shared, and what Fennel Web and Quill Works say and promise there."""
    hers = planned(session, cast, title=f"{MARK} plan", what=f"{MARK} plan")
    shown = [shared(session, cast, lot=lot, title=f"{MARK} plan") for lot in (4, 7)]
    said, given = [], []
    for name, company, lot, item in (("Faye", "Fennel Web", 4, shown[0]), ("Qi", "Quill Works", 7, shown[1])):
        who = cast.visitor(session, name)
        facts = ProposalFacts(f"{MARK} proposal", f"{MARK} proposal")
        proposal = draft_proposal(
            session, actor=who, item_id=item.id, supplier_id=cast.party[company], facts=facts
        )
        send_proposal(session, actor=who, proposal=proposal, told_lead=False)
        place = finding.own_place(session, who, cast.appointment[lot, company], Permission.COMPANY_KEEP)
        promise = offer_promise(
            session,
            actor=who,
            place=place,
            authority_id=cast.party["Northbank"],
            facts=replace(PROMISE, words=f"{MARK} promise"),
        )
        said.append(str(proposal.id))
        given.append(str(promise.id))
    return {
        "plans": [str(hers.id)],
        "plans on lot 4": [str(shown[0].id)],
        "fennels proposals": said[:1],
        "quills proposals": said[1:],
        "fennels promises": given[:1],
        "quills promises": given[1:],
    }


def _case() -> Any:
    return replace(COMPLETE, title=f"{MARK} case", need=f"{MARK} need", baseline=f"{MARK} baseline")


def _signed(session: Session, cast: Cast) -> CallOff:
    call_off = issued_call_off(session, cast, number=802, title=TITLE)
    who: dict[str, Any] = {"role": f"{MARK} role", "authority": f"{MARK} authority", "address": ADDRESS}
    sign_for_buyer(session, actor=cast.visitor(session, "Bram"), call_off=call_off, **who)
    sign_for_partner(session, actor=cast.visitor(session, "Faye"), call_off=call_off, **who)
    ensure_signed_copy(session, call_off=call_off)
    return call_off


def _live(session: Session, cast: Cast) -> CallOff:
    call_off = live_call_off(session, cast, deliverables=(f"{MARK} deliverable",))
    call_off.title = TITLE
    session.flush()
    record_invoice(
        session,
        actor=cast.visitor(session, "Finn"),
        call_off=call_off,
        facts=bill(f"{MARK}-1", description=f"{MARK} work"),
    )
    change = Change(Money.pounds("65,000"), date(2023, 3, 31), f"{MARK} reason", "not_substantial")
    propose_variation(session, actor=cast.visitor(session, "Asha"), call_off=call_off, change=change)
    give(session, cast, line(call_off, concerns=f"{MARK} concern", invoices=(f"{MARK}-3",)))
    noted(session, cast, call_off, words=f"{MARK} note")
    return call_off


def _feed(session: Session, cast: Cast) -> str:
    finn = cast.visitor(session, "Finn")
    make_address(session, actor=finn, name=f"{MARK} workbook", months=12)
    return str(own_addresses(session, finn)[0].id)


def _invoices(live: CallOff) -> str:
    return (
        "call_off_reference,invoice_number,invoice_date,received_date,description,net,vat,gross\n"
        f"{live.reference},{MARK}-2,01/11/2022,03/11/2022,{MARK} work,10.00,2.00,12.00\n"
    )
