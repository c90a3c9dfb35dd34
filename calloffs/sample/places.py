"""Finding the sample's people and places for an act: who acts for a partner, and the place on a lot that it acts in."""

from sqlmodel import Session, select

from calloffs.sample.people import COUNCILS, PARTNERS, SamplePartner
from calloffs.sample.setting_up import by_name, in_role, the_agreement, the_party
from framework.people.permissions import Role, Visitor
from lots import finding
from lots.finding import Place
from lots.lot import Lot

LARKSPUR, COPPERBEECH, FIELDFARE, HEDGEROW, TALLOW, IRONBARK, MERIDIAN, OHARA, BLUESTONE = PARTNERS


def owner(session: Session) -> Visitor:
    """The framework owner of the council that leads."""
    return by_name(session, in_role(COUNCILS[0], Role.FRAMEWORK_OWNER))


def officer(session: Session, council: int) -> Visitor:
    """The commissioning manager of a council."""
    return by_name(session, in_role(COUNCILS[council], Role.COMMISSIONING_MANAGER))


def authority_id(session: Session, council: int) -> int:
    """The number of a council."""
    return the_party(session, COUNCILS[council].name).id


def lot_of(session: Session, number: int) -> Lot:
    """A lot of the sample's present agreement."""
    agreement = the_agreement(session)
    return session.exec(select(Lot).where(Lot.agreement_id == agreement.id, Lot.number == number)).one()


def place_of(session: Session, partner: SamplePartner) -> tuple[Visitor, Place]:
    """A partner's person as the actor, and its place under the present agreement."""
    actor = by_name(session, partner.person)
    agreement = the_agreement(session)
    places = finding.own_places(session, actor, the_party(session, partner.name).id)
    return actor, next(one for one in places if one.agreement.id == agreement.id)


def host_of(partner: SamplePartner) -> str:
    """Where a partner’s mail goes, which is nowhere."""
    return f"{partner.name.lower().split()[0].replace('’', '')}.example"
