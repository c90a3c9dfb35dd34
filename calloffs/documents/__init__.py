"""One paper a file: what each document of a call-off says, taken from a frozen snapshot."""
