"""Sources: which finance system an extract comes from, what its amounts are, and what is remembered of its columns."""

from collections.abc import Mapping

from sqlmodel import Session, col, select

from calloffs.extracts.fields import FIELDS
from calloffs.extracts.source import AmountBasis, SourceColumn, SpendSource
from framework.definitions import dates
from framework.definitions.rules import NotFound, Refusal, Refused, refuse
from framework.people.party import Party, PartyKind
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit

LONGEST_NAME = 60


def sources(session: Session, visitor: Visitor) -> list[tuple[SpendSource, Party]]:
    """The sources of the authorities whose extracts the visitor may read, by name, each with its authority."""
    parties = visitor.parties_where(Permission.EXTRACT_READ)
    query = select(SpendSource, Party).join(Party, col(Party.id) == col(SpendSource.authority_id))
    found = session.exec(
        query.where(col(SpendSource.authority_id).in_(parties)).order_by(SpendSource.name_key)
    )
    return [(source, party) for source, party in found]


def source(session: Session, visitor: Visitor, source_id: int) -> SpendSource:
    """One source that the visitor may read. Raises `NotFound`."""
    found = session.get(SpendSource, source_id)
    if found is None or found.authority_id not in visitor.parties_where(Permission.EXTRACT_READ):
        raise NotFound
    return found


def source_named(session: Session, name: str) -> SpendSource | None:
    """The source of this name, in whatever capitals."""
    return session.exec(select(SpendSource).where(SpendSource.name_key == _key(name))).one_or_none()


def authority_named(session: Session, name: str) -> Party | None:
    """The authority of this name or short name, in whatever capitals; None where there is none or there are several."""
    wanted = _key(name)
    every = session.exec(select(Party).where(Party.kind == PartyKind.AUTHORITY)).all()
    found = [one for one in every if wanted in (_key(one.name), _key(one.short_name or ""))]
    return found[0] if len(found) == 1 else None


def add_source(
    session: Session, *, actor: Visitor, authority_id: int, name: str, basis: AmountBasis | None
) -> SpendSource:
    """A new source of an authority where the actor records money. Raises `Refused` beside name or basis (RULE-92)."""
    permitted(actor, Permission.INVOICE_RECORD, authority_id)
    refusals = _against(session, name)
    if basis is None:
        refusals.append(Refusal("Choose what the amounts in its files are", "basis", "RULE-92"))
    if refusals or basis is None:
        raise Refused(*refusals)
    made = SpendSource(
        authority_id=authority_id,
        name=" ".join(name.split()),
        name_key=_key(name),
        basis=basis,
        created_at=dates.now(),
        created_by_id=actor.person_id,
    )
    session.add(made)
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="source_added",
        subject=_subject(made),
        facts={"basis": basis.label},
    )
    return made


def rename_source(session: Session, *, actor: Visitor, source: SpendSource, name: str) -> None:
    """Another name for a source. Raises `Refused` beside the name."""
    permitted(actor, Permission.INVOICE_RECORD, source.authority_id)
    if refusals := _against(session, name, source.id):
        raise Refused(*refusals)
    before, source.name = source.name, " ".join(name.split())
    source.name_key = _key(name)
    if before != source.name:
        audit.record(
            session,
            actor=actor,
            action="source_renamed",
            subject=_subject(source),
            facts={"before": before},
        )


def columns_of(session: Session, source_id: int) -> dict[str, str]:
    """What headings of the source mean, once somebody has said so: folded heading, then field ("" leaves the column out)."""
    found = session.exec(select(SourceColumn).where(SourceColumn.source_id == source_id))
    return {one.heading: one.field for one in found}


def columns_in_words(session: Session, source_id: int) -> list[tuple[str, str]]:
    """What is remembered of a source's headings, for people: heading, then what it is."""
    return [
        (heading, FIELDS[field].label if field in FIELDS else "Left out")
        for heading, field in sorted(columns_of(session, source_id).items())
    ]


def remember_columns(
    session: Session, *, actor: Visitor, source: SpendSource, columns: Mapping[str, str]
) -> bool:
    """Remember what headings mean, for this file and the next; True when any is said otherwise than before."""
    permitted(actor, Permission.INVOICE_RECORD, source.authority_id)
    known = {
        one.heading: one
        for one in session.exec(select(SourceColumn).where(SourceColumn.source_id == source.id))
    }
    other = False
    for heading, field in columns.items():
        if field and field not in FIELDS:
            refuse("Choose one of the fields", "columns")
        there = known.get(heading)
        if there is not None and there.field == field:
            continue
        other = True
        if there is None:
            there = SourceColumn(source_id=source.id, heading=heading, decided_at=dates.now())
            session.add(there)
        there.field, there.decided_at, there.decided_by_id = field, dates.now(), actor.person_id
    session.flush()
    return other


def _against(session: Session, name: str, own_id: int | None = None) -> list[Refusal]:
    key = _key(name)
    if not key:
        return [Refusal("Enter a name for the source, such as the finance system’s own", "name")]
    if len(key) > LONGEST_NAME:
        return [Refusal(f"The name must be {LONGEST_NAME} characters or fewer", "name")]
    there = source_named(session, name)
    if there is not None and there.id != own_id:
        return [Refusal("There is a source of this name already. Choose another name", "name")]
    return []


def _subject(source: SpendSource) -> audit.Subject:
    return audit.Subject("spend_source", source.id, f"source {source.name}", source.authority_id)


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()
