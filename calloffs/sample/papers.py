"""Evidence that the sample's partners show themselves, with small files; some of it checked, one piece sent back, one about to lapse."""

from datetime import date, timedelta

from sqlmodel import Session

from calloffs.sample.calendar import Diary, Span
from calloffs.sample.people import SamplePartner
from calloffs.sample.places import FIELDFARE, HEDGEROW, IRONBARK, MERIDIAN, TALLOW, owner
from calloffs.sample.plain_pdf import plain_pdf
from calloffs.sample.setting_up import by_name, the_party
from framework.definitions import dates
from framework.definitions.money import Money
from framework.records.file_kinds import FileKind
from framework.records.uploading import Upload
from lots.evidence import Evidence, EvidenceKind
from lots.evidencing import check_evidence, record_evidence, send_back


class Shows:
    """A partner shows one paper; after some days the framework owner checks it or sends it back, or has not come to it yet."""

    def __init__(
        self,
        partner: SamplePartner,
        kind: EvidenceKind,
        from_on: date,
        expires_on: date,
        *,
        cover: int | None = None,
        issuer: str = "",
        called: str = "",
        answer: str | None = "",
    ) -> None:
        self.partner, self.kind, self.from_on, self.expires_on = partner, kind, from_on, expires_on
        self.cover, self.issuer, self.called = cover, issuer, called
        self.answer = answer
        """"" says that it is in order, words send it back, None leaves it waiting."""
        self.number = 0

    def plan(self, diary: Diary, day: date) -> None:
        fell = diary.put(day, 15, self._show)
        if self.answer is not None:
            diary.put(fell + timedelta(days=3), 12, self._answer, after=fell)

    def _show(self, session: Session) -> None:
        supplier = the_party(session, self.partner.name)
        name = self.called or self.kind.label
        words = f"{self.issuer or 'The company'} says that this is in force to {dates.in_words(self.expires_on)}. Invented for the sample."
        self.number = record_evidence(
            session,
            actor=by_name(session, self.partner.person),
            supplier_id=supplier.id,
            kind=self.kind,
            from_on=self.from_on,
            expires_on=self.expires_on,
            reference=f"{supplier.short_name.split()[0].upper()[:4]}-{self.from_on:%y%m}-{self.kind.value[:3].upper()}",
            cover=None if self.cover is None else Money.pounds(self.cover),
            issuer=self.issuer,
            called=self.called,
            upload=Upload(FileKind.PDF, plain_pdf(f"{name}: {supplier.name}", words)),
        ).id

    def _answer(self, session: Session) -> None:
        evidence = session.get_one(Evidence, self.number)
        if self.answer:
            send_back(session, actor=owner(session), evidence=evidence, reason=self.answer)
        else:
            check_evidence(session, actor=owner(session), evidence=evidence)


def plan(diary: Diary, span: Span) -> None:
    """Certificates beyond what every lot asks for, shown by the partners themselves over the last months."""
    today = span.today

    def year(last: date) -> tuple[date, date]:
        return dates.add_months(last + timedelta(days=1), -12), last

    soon = today + timedelta(days=21)
    Shows(HEDGEROW, EvidenceKind.CYBER_INSURANCE, *year(soon), cover=1_000_000, issuer="Harbour Mutual").plan(
        diary, max(year(soon)[0], span.starts_on + timedelta(days=25))
    )
    Shows(
        FIELDFARE,
        EvidenceKind.ISO_27001,
        today - timedelta(days=200),
        today + timedelta(days=895),
        issuer="Anglian Assurance",
    ).plan(diary, today - timedelta(days=190))
    Shows(
        FIELDFARE,
        EvidenceKind.PROFESSIONAL_INDEMNITY,
        today - timedelta(days=20),
        today + timedelta(days=344),
        cover=1_000_000,
        issuer="Harbour Mutual",
        answer="This policy covers £1 million, and lot 3 asks for £2 million. Please show the policy with the higher limit.",
    ).plan(diary, today - timedelta(days=15))
    Shows(
        FIELDFARE,
        EvidenceKind.LIVING_WAGE,
        today - timedelta(days=30),
        today + timedelta(days=334),
        issuer="The wage’s own foundation",
        answer=None,
    ).plan(diary, today - timedelta(days=6))
    Shows(
        MERIDIAN,
        EvidenceKind.MODERN_SLAVERY,
        today - timedelta(days=120),
        today + timedelta(days=244),
    ).plan(diary, today - timedelta(days=110))
    Shows(
        IRONBARK,
        EvidenceKind.CYBER_ESSENTIALS_PLUS,
        today - timedelta(days=70),
        today + timedelta(days=294),
        issuer="Keep Certification",
    ).plan(diary, today - timedelta(days=64))
    Shows(
        TALLOW,
        EvidenceKind.OTHER,
        today - timedelta(days=12),
        today + timedelta(days=717),
        called="Carbon reduction plan",
        answer=None,
    ).plan(diary, today - timedelta(days=8))
