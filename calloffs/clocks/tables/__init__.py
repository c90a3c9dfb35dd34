"""The tables of facts about paying on time."""
