"""The words of this floor's audit records: one sentence for each action, told to people and not to programmers."""

# action: sentence. {actor} and {subject} are always there; other names are facts of the record.
SENTENCES: dict[str, str] = {
}
