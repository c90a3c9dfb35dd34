"""Identity of lines: whatever order a file comes in, the same rows are the same lines (RULE-90, T-75)."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from calloffs.extracts.fields import EMPTY
from calloffs.extracts.identity import Known, alike_of, judge, key_of, told
from calloffs.extracts.spend_import import Verdict

NEW, CHANGED, KNOWN = Verdict.NEW, Verdict.CHANGED, Verdict.KNOWN


def row(**said):
    return {**EMPTY, "paid_on": "2022-10-03", "supplier_name": "Quill Works", "net_pence": 10_000, **said}


def rows(*contents):
    return list(enumerate((told(one) for one in contents), start=2))


def loaded(*contents):
    """The lines that these rows of one key become."""
    judged = judge(rows(*contents), ())
    return [Known(number, judged[number].occurrence, said) for number, said in rows(*contents)]


# One council's habits: transactions without line numbers, whole rows that repeat, rows without a number at all.
contents = st.builds(
    row,
    transaction_number=st.sampled_from(["", "7011466", "7011469"]),
    line_number=st.sampled_from(["", "1"]),
    supplier_name=st.sampled_from(["Quill Works", "Fennel Web"]),
    net_pence=st.integers(-3, 3),
    narrative=st.sampled_from(["", "Hosting"]),
    cost_centre=st.sampled_from(["00123", "00124"]),
)
files = st.lists(contents, min_size=1, max_size=12)


def by_key(file):
    groups = {}
    for number, content in enumerate(file, start=2):
        groups.setdefault(key_of(content), []).append((number, told(content)))
    return groups


def load(file, standing=()):
    """Judge a whole file against lines that stand, by key; returns verdicts by row and the lines that stand then."""
    before = {}
    for key, line in standing:
        before.setdefault(key, []).append(line)
    verdicts, after = {}, {(key, line.occurrence): line for key, line in standing}
    for key, group in by_key(file).items():
        judged = judge(group, before.get(key, ()))
        verdicts |= judged
        for number, said in group:
            one = judged[number]
            after[key, one.occurrence] = Known(one.line_id or number, one.occurrence, said)
    return verdicts, [(key, line) for (key, _), line in after.items()]


@settings(max_examples=150, deadline=None)
@given(files, st.randoms(use_true_random=False))
def test_a_file_in_any_order_is_known_the_second_time(file, chance):
    first, lines = load(file)
    assert Counter(one.verdict for one in first.values()) == {NEW: len(file)}
    assert len(lines) == len(file)
    again = list(file)
    chance.shuffle(again)
    second, after = load(again, lines)
    assert {one.verdict for one in second.values()} == {KNOWN}
    assert sorted(map(str, after)) == sorted(map(str, lines))


@settings(max_examples=150, deadline=None)
@given(
    files,
    st.randoms(use_true_random=False),
    st.integers(0, 11),
    st.sampled_from(["net_pence", "cost_centre"]),
)
def test_a_shuffled_file_with_one_row_corrected_has_exactly_one_change(file, chance, at, name):
    _, lines = load(file)
    again = [dict(one) for one in file]
    corrected = again[at % len(again)]
    before = told(corrected)
    corrected[name] = 4_242 if name == "net_pence" else "00999"
    chance.shuffle(again)
    verdicts, _ = load(again, lines)
    assert Counter(one.verdict for one in verdicts.values()) == Counter(
        {CHANGED: 1, **({KNOWN: len(file) - 1} if len(file) > 1 else {})}
    )
    changed = next(one for one in verdicts.values() if one.verdict is CHANGED)
    said = [line.told for key, line in lines if key == key_of(corrected) and line.line_id == changed.line_id]
    assert before in said


def test_rows_that_are_the_same_in_every_cell_are_so_many_lines():
    twin = row(transaction_number="7011466")
    judged = judge(rows(twin, twin, twin), ())
    assert [(one.verdict, one.occurrence) for one in judged.values()] == [(NEW, 1), (NEW, 2), (NEW, 3)]
    one_more = judge(rows(twin, twin, twin, twin), loaded(twin, twin, twin))
    assert Counter(one.verdict for one in one_more.values()) == {KNOWN: 3, NEW: 1}
    assert {one.occurrence for one in one_more.values() if one.verdict is NEW} == {4}


def test_a_changed_row_is_told_from_a_new_one_by_what_it_says():
    hosting = row(transaction_number="5", narrative="Hosting", cost_centre="00123")
    licence = row(transaction_number="5", narrative="Licences", cost_centre="00124", net_pence=700)
    dearer = {**hosting, "net_pence": 10_500}
    support = row(transaction_number="5", narrative="Support", cost_centre="00999", net_pence=1)
    judged = judge(rows(support, licence, dearer), loaded(hosting, licence))
    assert [judged[number].verdict for number in (2, 3, 4)] == [NEW, KNOWN, CHANGED]


def test_the_amount_is_content_and_the_line_number_is_identity():
    assert key_of(row(transaction_number="5")) == key_of(row(transaction_number="5", net_pence=1))
    assert key_of(row(transaction_number="5", line_number="1")) != key_of(row(transaction_number="5"))
    assert key_of(row()) == key_of(row(net_pence=1))
    assert key_of(row()) != key_of(row(invoice_number="INV-1"))
    # A transaction number is never taken for a supplier's, nor two cells for one.
    assert key_of(row(transaction_number="51")) != key_of(row(transaction_number="5", line_number="1"))


def test_rows_look_alike_by_supplier_day_and_amount_and_net_is_never_gross():
    assert alike_of(row(transaction_number="5")) == alike_of(row(supplier_name="QUILL  works"))
    assert alike_of(row()) != alike_of(row(paid_on="2022-10-04"))
    assert alike_of(row()) != alike_of(row(net_pence=None, gross_pence=10_000))
    assert 0 <= alike_of(row()) < 2**63


def test_a_great_group_of_leftovers_is_paired_without_comparing_each_with_each():
    before = [row(transaction_number="5", narrative=f"Line {one:03}") for one in range(200)]
    after = [{**one, "net_pence": 1} for one in reversed(before)]
    judged = judge(rows(*after), loaded(*before))
    assert {one.verdict for one in judged.values()} == {CHANGED}
    assert len({one.line_id for one in judged.values()}) == 200
