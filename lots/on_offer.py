"""What is on offer to a visitor: the active places they may look in, the accepted versions there, and the words these use."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from framework.agreement import AgreementStatus, FrameworkAgreement, MemberAuthority
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor
from lots import finding
from lots.appointment import Appointment, AppointmentStatus
from lots.lot import Lot
from lots.skillset import Skillset, SkillsetPerson, SkillsetSkill
from lots.workforce import key_of


@dataclass(frozen=True, slots=True)
class OpenPlace:
    """An active place that this visitor may look for people in, and at which authorities they may."""

    at: finding.Place
    authorities: frozenset[int]


def open_places(session: Session, visitor: Visitor, day: date) -> list[OpenPlace]:
    """Active places on a London day under agreements live on it, of which an authority of this visitor's is then a member."""
    rows = session.exec(
        select(Appointment, Lot, FrameworkAgreement, Party, MemberAuthority)  # type: ignore[call-overload]
        .join(Lot, col(Lot.id) == col(Appointment.lot_id))
        .join(FrameworkAgreement, col(FrameworkAgreement.id) == col(Lot.agreement_id))
        .join(Party, col(Party.id) == col(Appointment.supplier_id))
        .join(MemberAuthority, col(MemberAuthority.agreement_id) == col(FrameworkAgreement.id))
        .where(
            col(MemberAuthority.authority_id).in_(visitor.parties_where(Permission.RATES_READ)),
            col(FrameworkAgreement.confirmed_at).is_not(None),
            col(FrameworkAgreement.ends_on) >= day,
        )
        .order_by(col(FrameworkAgreement.reference), col(Lot.number), col(Appointment.rank))
    )
    places: dict[int, finding.Place] = {}
    authorities: dict[int, set[int]] = {}
    for appointment, lot, agreement, supplier, member in rows:
        if (
            member.is_member_on(day)
            and agreement.status_on(day) is AgreementStatus.LIVE
            and appointment.status_on(day) is AppointmentStatus.ACTIVE
            and not supplier.excluded
        ):
            places[appointment.id] = finding.Place(appointment, lot, agreement, supplier)
            authorities.setdefault(appointment.id, set()).add(member.authority_id)
    return [OpenPlace(place, frozenset(authorities[number])) for number, place in places.items()]


def in_force(appointment_ids: Iterable[int]) -> list[Any]:
    """Conditions on `Skillset`: the accepted version of each of these places, by the index that holds only those."""
    return [
        col(Skillset.appointment_id).in_(list(appointment_ids)),
        col(Skillset.accepted_at).is_not(None),
        col(Skillset.superseded_at).is_(None),
    ]


def matching(typed: str, on_offer: Mapping[str, str]) -> tuple[list[str], bool]:
    """Keys of the skills that typed words stand for, and whether they were guessed.

    The very skill; else those in which each word typed begins a word; else those that hold what was typed; else the nearest.
    """
    key = key_of(typed)
    if key in on_offer:
        return [key], False
    words = key.split()
    begun = [
        one for one in on_offer if all(any(part.startswith(word) for part in one.split()) for word in words)
    ]
    if begun:
        return begun, False
    held = [one for one in on_offer if key in one]
    if held:
        return held, False
    return get_close_matches(key, list(on_offer), n=3, cutoff=0.7), True


def words_on_offer(session: Session, appointment_ids: list[int]) -> tuple[dict[str, str], list[str]]:
    skills = session.exec(
        select(SkillsetSkill.key, sa.func.min(SkillsetSkill.skill))
        .select_from(Skillset)
        .join(SkillsetPerson, col(SkillsetPerson.skillset_id) == col(Skillset.id))
        .join(SkillsetSkill, col(SkillsetSkill.person_id) == col(SkillsetPerson.id))
        .where(*in_force(appointment_ids))
        .group_by(col(SkillsetSkill.key))
        .order_by(col(SkillsetSkill.key))
    ).all()
    roles = session.exec(
        select(SkillsetPerson.role)
        .select_from(Skillset)
        .join(SkillsetPerson, col(SkillsetPerson.skillset_id) == col(Skillset.id))
        .where(*in_force(appointment_ids))
        .distinct()
        .order_by(col(SkillsetPerson.role))
    ).all()
    return dict(skills), list(roles)
