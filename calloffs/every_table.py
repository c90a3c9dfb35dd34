"""Every table in one place, so that the schema is whole before anything compares or creates it."""

from calloffs.business_case.case import BusinessCase, CaseBenefit, CaseCost, CaseDecision, CaseFunding
from calloffs.call_off import CallOff, CallOffDecision, CallOffOption, Variation
from calloffs.clocks.compliance_report import ComplianceReport
from calloffs.clocks.dispute import DisputeEvent
from calloffs.clocks.invalid_invoice import InvalidInvoice
from calloffs.extracts.source import SourceColumn, SpendSource
from calloffs.extracts.spend_import import SpendImport, StagedLine, StagedPart
from calloffs.extracts.spend_line import SpendLine, SpendLineVersion
from calloffs.feedback import Feedback
from calloffs.matching.spend_match import SpendMatch
from calloffs.matching.supplier_number import SupplierNumber
from calloffs.offer import Deliverable, Offer, OfferedPerson, OfferedSkill
from calloffs.opendata.personal_line import PersonalLine
from calloffs.periods.period_closing import AccrualAdjustment, ClosedFigure, PeriodClosing
from calloffs.pictures.sme_target import SmeTarget
from calloffs.planned import PlannedCallOff, PromisedCallOff
from calloffs.question import Question
from calloffs.returns.monthly_return import (
    MonthlyReturn,
    ReturnDays,
    ReturnLine,
    ReturnNote,
    ReturnVersion,
)
from calloffs.sharing.call_off_sharing import CallOffShare, CallOffSharing, SharingAnswer
from calloffs.sharing.recharge_statement import RechargeLine, RechargeStatement
from calloffs.signature import Signature
from calloffs.spend.ceiling_alert import AlertReader, CeilingAlert
from calloffs.spend.checked_file import CheckedFile
from calloffs.spend.entry import LedgerEntry
from calloffs.spend.invoice import Invoice, InvoiceImport, Payment
from calloffs.spend.period_figure import PeriodFigure
from calloffs.substitution import Substitution
from framework.agreement import ExtensionDecision, ExtensionOption, FrameworkAgreement, MemberAuthority
from framework.people.company_record import FactsConfirmed, NameChange
from framework.people.feed_address import FeedAddress
from framework.people.party import Party
from framework.people.party_contact import PartyContact
from framework.people.person import Person, Post, SignIn
from framework.records.audit import AuditHead, AuditRecord, AuditWords
from framework.records.jobs import JobRun
from framework.records.messages import Message
from framework.records.once import SpentKey
from framework.records.stored_document import StoredDocument
from framework.records.tallies import Tally
from lots.appointment import Appointment
from lots.correction_request import CorrectionRequest
from lots.declaration import Declaration
from lots.evidence import Evidence
from lots.forward.follow import Follow
from lots.forward.pipeline import PipelineItem, PipelineNews
from lots.forward.promise import Promise, PromiseDelivery, PromiseVersion
from lots.forward.proposal import Proposal, ProposalWord
from lots.forward.vision import IntendedOutcome, Vision
from lots.invitation import Invitation, InvitationLot
from lots.lot import Lot
from lots.lot_skill import LotSkill
from lots.novation import Novation
from lots.place_ending import ExitPlan, PlaceEnding
from lots.rate_card import Rate, RateCard
from lots.rate_proposal import RateProposal, RateProposalLine
from lots.sent_back import SentBack
from lots.skillset import Skillset, SkillsetPerson, SkillsetPlace, SkillsetSkill
from lots.skillset_check import SkillsetCheck

# A new table is named here, so that migrations and tests know it.
TABLES = (
    *(Party, Person, Post, SignIn, FeedAddress),
    *(PartyContact, FactsConfirmed, NameChange),
    *(AuditHead, AuditRecord, AuditWords, JobRun, Message, SpentKey, StoredDocument, Tally),
    *(FrameworkAgreement, ExtensionOption, ExtensionDecision, MemberAuthority),
    *(RateProposal, RateProposalLine),
    *(Lot, Appointment, RateCard, Rate, Evidence),
    LotSkill,
    CorrectionRequest,
    *(Invitation, InvitationLot, Declaration, SentBack, PlaceEnding, ExitPlan, Novation),
    *(Vision, IntendedOutcome, PipelineItem, PipelineNews, Follow),
    *(Proposal, ProposalWord, Promise, PromiseVersion, PromiseDelivery),
    *(Skillset, SkillsetPerson, SkillsetSkill, SkillsetPlace, SkillsetCheck),
    *(BusinessCase, CaseCost, CaseBenefit, CaseFunding, CaseDecision),
    *(CallOff, CallOffOption, CallOffDecision, Variation, Signature),
    *(Offer, OfferedPerson, OfferedSkill, Deliverable, Question, Feedback),
    Substitution,
    *(LedgerEntry, PeriodFigure, InvoiceImport, Invoice, Payment, CheckedFile),
    *(SpendSource, SourceColumn, SpendImport, SpendLine, SpendLineVersion, SpendMatch),
    *(StagedLine, StagedPart),
    SupplierNumber,
    *(DisputeEvent, InvalidInvoice, ComplianceReport, PersonalLine),
    *(MonthlyReturn, ReturnVersion, ReturnLine, ReturnDays, ReturnNote),
    *(PlannedCallOff, PromisedCallOff),
    *(CeilingAlert, AlertReader, SmeTarget),
    *(CallOffSharing, CallOffShare, SharingAnswer, RechargeStatement, RechargeLine),
    *(PeriodClosing, ClosedFigure, AccrualAdjustment),
)
