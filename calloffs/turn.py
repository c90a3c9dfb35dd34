"""What became of an offer, in one word: for the partner that it was made to, and for counting whose turn it was."""

from enum import StrEnum

from calloffs.call_off import CallOff, CallOffStatus
from calloffs.offer import Offer, OfferStatus


class Turn(StrEnum):
    """Every offer is exactly one of these, so that counts of them add up to the offers made."""

    WAITING = "waiting"
    ANSWERED = "answered"
    WON = "won"
    NOT_AWARDED = "not_awarded"
    AWARD_WITHDRAWN = "award_withdrawn"
    DECLINED = "declined"
    LAPSED = "lapsed"
    TAKEN_BACK = "taken_back"

    @property
    def label(self) -> str:
        return {
            Turn.WAITING: "Waiting for an answer",
            Turn.ANSWERED: "Accepted, not yet decided",
            Turn.WON: "Awarded",
            Turn.NOT_AWARDED: "Accepted, not awarded",
            Turn.AWARD_WITHDRAWN: "Award withdrawn",
            Turn.DECLINED: "Declined",
            Turn.LAPSED: "Lapsed",
            Turn.TAKEN_BACK: "Withdrawn by the council",
        }[self]

    @property
    def short(self) -> str:
        """For the head of a column."""
        return {
            Turn.WAITING: "Waiting",
            Turn.ANSWERED: "Undecided",
            Turn.WON: "Awarded",
            Turn.NOT_AWARDED: "Not awarded",
            Turn.AWARD_WITHDRAWN: "Award withdrawn",
            Turn.DECLINED: "Declined",
            Turn.LAPSED: "Lapsed",
            Turn.TAKEN_BACK: "Withdrawn",
        }[self]

    @property
    def is_outcome(self) -> bool:
        """Whether nothing more is to come of the offer."""
        return self not in (Turn.WAITING, Turn.ANSWERED)


_WITHOUT_ANSWER = {
    OfferStatus.OFFERED: Turn.WAITING,
    OfferStatus.DECLINED: Turn.DECLINED,
    OfferStatus.LAPSED: Turn.LAPSED,
}


def turn_of(offer: Offer, call_off: CallOff) -> Turn:
    """What became of an offer of this call-off, read from what happened."""
    status = offer.status
    if status in _WITHOUT_ANSWER:
        return _WITHOUT_ANSWER[status]
    if status is OfferStatus.WITHDRAWN:
        return Turn.NOT_AWARDED if offer.accepted_at else Turn.TAKEN_BACK
    if call_off.award_withdrawn_at:
        return Turn.AWARD_WITHDRAWN
    if call_off.awarded_at:
        return Turn.WON
    # An approval that ran out under an accepted offer can only be asked for anew; the answer came to nothing.
    return Turn.NOT_AWARDED if call_off.status is CallOffStatus.APPROVAL_RAN_OUT else Turn.ANSWERED
