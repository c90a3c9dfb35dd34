"""Proposals: a partner writes, sends and withdraws one; the council replies; both read the same page."""

from typing import Any

from flask import Blueprint, request

from framework.definitions.rules import NotFound, Refused
from framework.people.permissions import Permission
from framework.web.visit import after, page, refused, requires, session, visitor
from lots.forward import finding
from lots.forward.finding import Seen
from lots.forward.finding_proposals import Proposed, own_proposals, proposal, said_about
from lots.forward.proposal import ProposalStatus, Reply
from lots.forward.proposing import (
    NO_RIGHT,
    ProposalFacts,
    change_proposal,
    draft_proposal,
    reply_to,
    say_more,
    send_proposal,
    was_asked_for_more,
    withdraw_proposal,
)
from lots.forward.reach import holders_of
from lots.web.forward_forms import AskForm, MoreForm, ProposalForm, ReplyForm, shown_proposal

door = Blueprint("proposing", __name__)
_HERE = "/forward/proposals/<int(max=2147483647):proposal_id>"
TONES = {
    ProposalStatus.DRAFT: "draft",
    ProposalStatus.SENT: "waiting",
    ProposalStatus.ANSWERED: "agreed",
    ProposalStatus.WITHDRAWN: "ended",
}


@door.get("/forward/proposals/")
@requires(Permission.COMPANY_KEEP)
def index() -> Any:
    """The visitor's own company's proposals."""
    return page(
        "lots/forward/proposals.html",
        proposals=[(one, _status(one)) for one in own_proposals(session(), visitor())],
    )


def _status(one: Proposed) -> tuple[str, str]:
    return one.proposal.status.label, TONES[one.proposal.status]


@door.route("/forward/items/<int(max=2147483647):item_id>/propose", methods=["GET", "POST"])
@requires(Permission.COMPANY_KEEP)
def new(item_id: int) -> Any:
    """Begin a proposal. It stays the company's own until it is sent."""
    own, who = session(), visitor()
    seen = finding.item(own, who, item_id)
    suppliers = holders_of(own, who, seen.lot.id)
    if seen.in_short or not suppliers:
        raise NotFound
    form = ProposalForm()
    if form.validate_on_submit():
        try:
            made = draft_proposal(
                own, actor=who, item_id=item_id, supplier_id=suppliers[0], facts=_facts(form)
            )
            return after("proposing.show", proposal_id=made.id)
        except Refused as refusal:
            refused(form, refusal)
            seen = finding.item(own, who, item_id)
    return _form(form, seen, None)


@door.route(f"{_HERE}/change", methods=["GET", "POST"])
@requires(Permission.COMPANY_KEEP)
def change(proposal_id: int) -> Any:
    """Change a draft."""
    found = _own(proposal_id)
    seen = finding.item(session(), visitor(), found.item.id)
    form = ProposalForm(data=shown_proposal(found.proposal))
    if form.validate_on_submit():
        try:
            change_proposal(session(), actor=visitor(), proposal=found.proposal, facts=_facts(form))
            return after("proposing.show", proposal_id=proposal_id)
        except Refused as refusal:
            refused(form, refusal)
            seen = finding.item(session(), visitor(), found.item.id)
    return _form(form, seen, proposal_id)


def _form(form: ProposalForm, seen: Seen, proposal_id: int | None) -> Any:
    return page(
        "lots/forward/proposal_form.html",
        form=form,
        seen=seen,
        proposal_id=proposal_id,
        no_right=NO_RIGHT,
        status=422 if form.problems else 200,
    )


def _facts(form: ProposalForm) -> ProposalFacts:
    return ProposalFacts(
        form.title.data or "", form.words.data or "", form.who.data or "", form.band.data or ""
    )


def _own(proposal_id: int) -> Proposed:
    found = proposal(session(), visitor(), proposal_id)
    if not found.is_own:
        raise NotFound
    return found


@door.get(_HERE)
@requires(Permission.FORWARD_READ)
def show(proposal_id: int) -> Any:
    """What was proposed, who reads it and what was said about it."""
    return _show(proposal(session(), visitor(), proposal_id))


def _show(found: Proposed, reply: ReplyForm | None = None, more: MoreForm | None = None) -> Any:
    one = found.proposal
    may_reply = visitor().may(Permission.FORWARD_WRITE, found.item.authority_id) and not found.is_own
    problems = [*(reply.problems if reply else []), *(more.problems if more else [])]
    sent = one.sent_at is not None
    return page(
        "lots/forward/proposal.html",
        found=found,
        status_words=_status(found),
        lead_reads=one.lead_reads if sent else found.item.is_agreement_wide,
        said=said_about(session(), one),
        # What a partner took back is not read any more; that there was something stays.
        is_hidden=one.status is ProposalStatus.WITHDRAWN and not found.is_own,
        may_reply=may_reply and sent and not one.withdrawn_at,
        may_note=may_reply and found.item.is_shared,
        may_send=found.is_own and one.status is ProposalStatus.DRAFT,
        may_withdraw=found.is_own and not one.withdrawn_at,
        may_add=found.is_own and not one.withdrawn_at and was_asked_for_more(session(), one),
        reply=reply or ReplyForm(formdata=None),
        more=more or MoreForm(formdata=None),
        problems=problems,
        no_right=NO_RIGHT,
        status=422 if problems else 200,
    )


@door.post(f"{_HERE}/send")
@requires(Permission.COMPANY_KEEP)
def send(proposal_id: int) -> Any:
    """Send it to the council."""
    found = _own(proposal_id)
    told = request.form.get("lead_reads") == "yes"
    send_proposal(session(), actor=visitor(), proposal=found.proposal, told_lead=told)
    return after("proposing.show", proposal_id=proposal_id)


@door.route(f"{_HERE}/withdraw", methods=["GET", "POST"])
@requires(Permission.COMPANY_KEEP)
def withdraw(proposal_id: int) -> Any:
    """Take it back."""
    found = _own(proposal_id)
    form = AskForm()
    if form.validate_on_submit():
        try:
            withdraw_proposal(session(), actor=visitor(), proposal=found.proposal)
            return after("proposing.show", proposal_id=proposal_id)
        except Refused as refusal:
            refused(form, refusal)
            found = _own(proposal_id)
    return page("lots/forward/withdraw.html", form=form, found=found, status=422 if form.problems else 200)


@door.post(f"{_HERE}/reply")
@requires(Permission.FORWARD_WRITE)
def reply(proposal_id: int) -> Any:
    """The council's word to the partner."""
    found = proposal(session(), visitor(), proposal_id)
    if not visitor().may(Permission.FORWARD_WRITE, found.item.authority_id):
        raise NotFound
    form = ReplyForm()
    if form.validate_on_submit():
        try:
            reply_to(
                session(),
                actor=visitor(),
                proposal=found.proposal,
                reply=Reply(form.reply.data),
                words=form.words.data or "",
            )
            return after("proposing.show", proposal_id=proposal_id)
        except Refused as refusal:
            refused(form, refusal)
            found = proposal(session(), visitor(), proposal_id)
    return _show(found, reply=form)


@door.post(f"{_HERE}/more")
@requires(Permission.COMPANY_KEEP)
def more(proposal_id: int) -> Any:
    """What the partner adds when it was asked for more."""
    found = _own(proposal_id)
    form = MoreForm()
    if form.validate_on_submit():
        try:
            say_more(session(), actor=visitor(), proposal=found.proposal, words=form.words.data or "")
            return after("proposing.show", proposal_id=proposal_id)
        except Refused as refusal:
            refused(form, refusal)
            found = _own(proposal_id)
    return _show(found, more=form)
