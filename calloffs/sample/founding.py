"""The founding framework: exactly its published facts, recorded as a past agreement. What was not published stays unknown."""

from datetime import date

from sqlmodel import Session

from framework.definitions.money import Basis, Money
from framework.definitions.regime import Regime
from framework.people.party import Party, PartyKind
from framework.people.permissions import HeldPost, Role, Visitor
from framework.recording_past import PastFacts, record_past
from lots.appointing import appoint
from lots.lot import AwardMethod, DirectAwardBasis
from lots.opening import LotFacts, add_lot

LEAD = "Westminster City Council"
OTHER = "Royal Borough of Kensington and Chelsea"

# Lot by lot; the lots' numbers are ours, their subjects and partners are as published.
LOTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Smart city technologies", ("Perform Green",)),
    ("Microsoft Dynamics CRM", ("Codec DSS",)),
    ("User centred design and digital delivery", ("Nudge Digital",)),
    ("Drupal based web technologies", ("Zoocha",)),
    ("Application development and integration", ("Head Channel",)),
    ("Cyber security", ("Actica",)),
    (
        "General: service design, project and programme management, DevOps, third-party integration",
        ("Infosys", "NetCompany", "Version 1"),
    ),
)


def record_founding(session: Session) -> None:
    """Record it for both authorities, without anybody signing in for either: nobody acts for them here."""
    lead, other = (
        _party(session, name, short, PartyKind.AUTHORITY) for name, short in ((LEAD, "WCC"), (OTHER, "RBKC"))
    )
    recorder = Visitor(None, "The published record", posts=(HeldPost(lead.id, Role.FRAMEWORK_OWNER),))
    agreement = record_past(
        session,
        actor=recorder,
        lead_authority_id=lead.id,
        facts=PastFacts(
            title="IT Digital Partners Framework",
            reference="ITDP",
            regime=Regime.PCR2015,
            starts_on=None,
            ends_on=date(2023, 5, 31),
            ceiling=Money.pounds(10_000_000),
            basis=Basis.NET,
            authority_ids=(other.id,),
            option_months=24,
            option_used=None,
            description=(
                "Seven lots for digital work, six of them with one partner each that is a smaller company, "
                "and a general lot with three larger firms."
            ),
            note=(
                "Recorded from published articles. Published: the two authorities, seven lots, nine partners, a value of up to "
                "£10 million, an end in May 2023 and an option of two more years. Not published: the first day, the lots’ "
                "ceilings, the rates, whether the £10 million leaves VAT out (taken so here, as notices then did), the last "
                "day of May 2023 exactly (taken as the 31st), and whether the option was used."
            ),
        ),
    )
    for number, (title, partners) in enumerate(LOTS, start=1):
        lot = add_lot(
            session,
            actor=recorder,
            agreement=agreement,
            facts=LotFacts(
                number=number,
                title=title,
                award_method=AwardMethod.DIRECT if len(partners) == 1 else AwardMethod.EITHER,
                direct_award_basis=DirectAwardBasis.SINGLE_SUPPLIER
                if len(partners) == 1
                else DirectAwardBasis.NONE,
                max_partners=len(partners),
            ),
        )
        for name in partners:
            supplier = _party(session, name, name[:24], PartyKind.SUPPLIER)
            appoint(session, actor=recorder, lot=lot, supplier_id=supplier.id)


def _party(session: Session, name: str, short: str, kind: PartyKind) -> Party:
    party = Party(name=name, short_name=short, kind=kind)
    session.add(party)
    session.flush()
    return party
