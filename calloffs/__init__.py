"""Top floor: what is being bought. The list of files here tells the life of a call-off."""
