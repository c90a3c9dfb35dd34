"""The words of this floor's audit records: one sentence for each action, told to people and not to programmers."""

# action: sentence. {actor} and {subject} are always there; other names are facts of the record.
SENTENCES: dict[str, str] = {
    "authority_added": "{actor} added {subject}, with {person} as its administrator",
    "authority_settings_changed": "{actor} changed the settings of {subject}",
    "installation_begun": "{actor} began the installation with {subject}",
    "password_set": "{actor} set a password",
    "post_ended": "{actor} ended {person}’s role as {role} at {subject}",
    "post_given": "{actor} gave {person} the role of {role} at {subject}",
    "sign_in_failed": "Someone gave a wrong password for {actor}, {times} in a row",
    "signed_in": "{actor} signed in",
    "signed_out": "{actor} signed out",
    "looked_at": "{actor} looked at {what} of {subject}",
    "looked_for": "{actor} asked for a page that is not there for them: {subject}",
    "refused": "{actor} was refused on {subject}",
}
