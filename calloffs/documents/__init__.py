"""The papers of a call-off: each is frozen from what stands, checked for what it must say, drawn once and kept."""

from calloffs.documents import order_form, signed_order_form

# A new paper is one file with a PAPER, its template, and its name here.
PAPERS = (order_form.PAPER, signed_order_form.PAPER)
