"""One report a file: each is at once a page, a fragment, a CSV and a spreadsheet."""
