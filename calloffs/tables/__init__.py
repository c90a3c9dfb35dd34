"""Tables of facts: each is at once a page, a CSV, a workbook and a feed."""
