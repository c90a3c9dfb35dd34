"""The words of this floor's audit records: one sentence for each action, told to people and not to programmers."""

# action: sentence. {actor} and {subject} are always there; other names are facts of the record.
SENTENCES: dict[str, str] = {
    "approval_ran_out": "The approval of {subject} ran out after {last_day}; {freed} went back to headroom",
    "call_off_approved": "{actor} approved {subject} for {value} net of VAT, within a limit of {limit}; the approval runs until {valid_until}",
    "call_off_cancelled": "{actor} cancelled {subject}",
    "call_off_drafted": "{actor} began the draft of {subject}",
    "call_off_handed_over": "{actor} handed {subject} over to {to}",
    "call_off_raised": "{actor} raised {subject} for {value} net of VAT, {starts_on} to {ends_on}",
    "call_off_raised_again": "{actor} raised {subject} again for {value} net of VAT, {starts_on} to {ends_on}",
    "call_off_rejected": "{actor} rejected {subject}; {freed} went back to headroom",
    "call_off_returned": "{actor} returned {subject} to be put right; {freed} went back to headroom",
    "case_approved": "{actor} approved {subject} for {amount} net of VAT until {valid_until}, within a limit of {limit}",
    "case_changed": "{actor} changed {subject}; it asked for {requested.before} and now asks for {requested.after}, net of VAT",
    "case_rejected": "{actor} rejected {subject}, which asked for {requested} net of VAT",
    "case_returned": "{actor} returned {subject} to its author, to be put right",
    "case_submitted": "{actor} submitted {subject} for a decision on {requested} net of VAT",
    "case_withdrawn": "{actor} withdrew {subject}",
    "case_written": "{actor} began {subject}, asking for {requested} net of VAT",
    "draft_changed": "{actor} changed {subject}: {changed}",
    "options_changed": "{actor} changed the options of {subject} {options}, net of VAT",
    "price_approval_asked": "{actor} asked for approval of the price of {subject}: {price} net of VAT, where {approved} was approved",
    "price_approved": "{actor} approved the price of {subject}, {price} net of VAT, within a limit of {limit}",
    "price_rejected": "{actor} did not approve the price of {subject}, {price} net of VAT",
    "purchase_order_set": "{actor} set the purchase order of {subject} {number}",
    "request_withdrawn": "{actor} took {subject} back to change it; its approvals are lost and {freed} went back to headroom",
}
