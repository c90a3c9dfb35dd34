"""The words of this floor's audit records: one sentence for each action, told to people and not to programmers."""

# action: sentence. {actor} and {subject} are always there; other names are facts of the record.
SENTENCES: dict[str, str] = {
    "appointment_undone": "{actor} took {subject} off the draft",
    "contract_manager_changed": "{actor} changed the contract manager of {subject} to {contract_manager}",
    "correction_answered": "{actor} answered a request for a correction; put right: {corrected}",
    "correction_asked": "{actor} asked to have something corrected: {about}",
    "evidence_recorded": "{actor} recorded the {kind} of {subject}, in force until {expires_on}",
    "lot_added": "{actor} added lot {subject} with a ceiling of {ceiling}",
    "lot_added_without_ceiling": "{actor} added lot {subject}, its ceiling not published",
    "lot_changed": "{actor} changed lot {subject}: {changed}",
    "lot_taken_out": "{actor} took lot {subject} out of the draft",
    "partner_appointed": "{actor} appointed {subject}",
    "partner_removed": "{actor} removed {subject} from {on}",
    "partner_returned": "{actor} let {subject} return before {was_until}",
    "partner_suspended": "{actor} suspended {subject} until {until}",
    "partner_withdrawn": "{actor} recorded that {subject} withdraws from {on}",
    "rate_card_entered": "{actor} entered rate card version {version} of {subject}, in force from {from_on}",
}
