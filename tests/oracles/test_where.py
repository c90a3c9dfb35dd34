"""Where each numbered oracle and check is proven, and which are left to later issues; a test that went away fails here."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.oracles.proven import ORACLES

TESTS = Path(__file__).resolve().parents[1]

D, F, L, C = "framework/definitions/", "framework/", "lots/", "calloffs/"
HERE, R = "oracles/", "races/"

CHECKS: dict[int, tuple[str, ...]] = {
    2: (
        L
        + "test_appointing.py::test_a_second_partner_on_a_single_partner_lot_is_refused_with_the_rule_named",
        L + "test_appointing.py::test_a_fourth_partner_on_lot_seven_is_refused",
        L + "test_inviting.py::test_open_invitations_count_towards_the_lots_partner_rule",
        L + "test_inviting.py::test_the_partner_rule_holds_again_when_the_invitation_is_accepted",
    ),
    3: (
        HERE + "test_clock_edges.py::test_check_3_raising_and_awarding_end_with_the_last_day_in_london",
        C
        + "test_awarding.py::test_an_award_on_the_agreements_last_day_is_in_time_and_a_minute_into_the_next_is_not",
        F + "test_extending.py::test_check_3_the_last_day_holds_through_the_clock_and_moves_with_the_option",
    ),
    4: (
        F + "test_extending.py::test_check_4_one_council_alone_leaves_it_pending_and_the_other_completes_it",
        F + "test_extending.py::test_the_pages_say_whose_approval_is_missing",
    ),
    5: (F + "test_extending.py::test_check_5_an_option_is_used_once_and_says_so",),
    6: (F + "test_extending.py::test_check_6_after_use_nothing_is_planned_for_the_old_day",),
    7: (
        C + "test_drafting.py::test_only_a_live_agreement_is_offered_and_taken",
        F + "test_agreement_pages.py::test_the_list_says_what_ends_when_and_finds_by_words",
    ),
    8: (C + "test_raising.py::test_work_may_outlive_the_agreement_up_to_the_long_stop",),
    9: (
        C + "test_answer_pages.py::test_a_rival_and_everybody_else_finds_no_such_offer",
        C + "test_answer_pages.py::test_a_guess_at_anothers_offer_is_remembered",
    ),
    10: (
        C + "test_answering.py::test_a_rate_of_one_pound_above_the_card_is_refused_with_role_cap_and_version",
    ),
    11: (
        HERE + "test_partner_checks.py::test_check_11_a_new_rate_card_changes_nothing_that_is_signed",
        HERE
        + "test_partner_checks.py::test_check_11_a_rise_by_the_indexation_rule_changes_nothing_that_is_signed",
        C + "test_answering.py::test_rates_stay_those_of_the_day_the_offer_was_made",
        C + "test_substituting.py::test_check_11_papers_already_issued_never_change",
    ),
    12: (
        C
        + "test_promising.py::test_check_12_a_person_offered_twice_for_the_same_days_is_flagged_to_the_buyer",
        C
        + "test_promising.py::test_check_12_substitutes_proposed_and_agreed_count_and_whoever_they_replaced_is_free",
        C + "test_promising.py::test_a_partner_sees_the_clash_before_its_answer_is_sent",
    ),
    13: (
        C + "test_substituting.py::test_check_13_a_substitute_needs_the_statement_and_the_buyers_consent",
        C + "test_substitute_pages.py::test_check_13_both_sides_find_every_change_in_the_file",
    ),
    14: (
        HERE
        + "test_partner_checks.py::test_check_14_cover_that_lapses_tomorrow_is_told_to_both_and_lapsed_cover_blocks_signing_alone",
    ),
    15: (
        L + "test_suspending.py::test_a_suspended_partner_returns_by_itself_the_next_morning",
        L + "test_suspending.py::test_both_sides_are_told_of_a_suspension_and_of_the_return",
    ),
    16: (
        L + "test_suspending.py::test_a_partner_leaves_with_a_reason_and_its_live_call_offs_are_named",
        L + "test_removing.py::test_a_partner_leaves_by_its_own_notice_with_a_plan_for_each_live_call_off",
    ),
    17: (C + "test_raising.py::test_an_exemption_is_for_values_below_the_threshold_only",),
    18: (C + "test_approving.py::test_nobody_approves_what_they_raised_had_or_wrote",),
    19: (
        C + "test_approving.py::test_a_limit_is_reached_and_not_passed",
        C + "test_approving.py::test_options_and_expenses_count_against_the_limit",
    ),
    21: (C + "test_raising.py::test_a_request_taken_back_frees_its_money_and_loses_its_approval",),
    22: (
        C
        + "sharing/test_sharing.py::test_check_22_each_authority_bears_its_share_of_every_figure_to_the_penny",
        C + "sharing/test_sharing.py::test_shares_hold_once_the_other_authority_agreed_and_from_their_day",
        C + "sharing/test_pages.py::test_nobody_but_the_two_councils_sees_or_moves_a_sharing",
    ),
    23: (C + "test_ledger_race.py::test_two_approvers_at_once_make_one_decision",),
    25: (C + "test_raising.py::test_a_start_after_the_agreement_or_before_today_is_refused",),
    26: (
        C + "test_offering.py::test_several_partners_without_a_stated_mechanism_are_refused",
        C + "test_offering.py::test_an_approved_call_off_goes_to_the_lots_only_partner_and_the_route_is_kept",
    ),
    27: (
        C + "test_offering.py::test_two_working_days_from_maundy_thursday_end_on_the_wednesday_after_easter",
    ),
    28: (
        C + "test_answering.py::test_declining_needs_a_reason_and_tells_the_officer",
        C + "test_offering.py::test_a_decline_keeps_the_reservation_for_the_next_partner_by_rank",
        C + "test_mechanisms.py::test_everyone_passed_over_is_named_in_the_route",
        C + "test_turns.py::test_a_call_off_that_went_on_to_the_next_partner_counts_for_both",
    ),
    32: (C + "test_awarding.py::test_an_award_goes_to_whoever_was_asked_and_to_nobody_else",),
    35: (
        C
        + "spend/test_spreadsheet_adds_up.py::test_check_35_a_spreadsheet_the_page_the_csv_and_the_ledger_say_the_same_pence",
    ),
    36: (
        R
        + "test_last_pounds.py::test_check_36_and_t_40_the_last_hundred_thousand_goes_to_one_of_six_who_raise",
        R
        + "test_last_pounds.py::test_check_36_the_last_hundred_thousand_goes_to_one_of_four_who_award_above_what_they_reserved",
    ),
    37: (
        C + "test_raising.py::test_splitting_a_value_does_not_evade_the_limit",
        C + "test_ledger.py::test_pieces_and_the_whole_get_the_same_answer",
    ),
    38: (
        F + "test_opening.py::test_check_38_a_blank_or_zero_ceiling_never_means_unlimited",
        HERE + "test_ceilings_and_limits.py::test_check_38_no_ceiling_on_record_leaves_no_room_at_all",
    ),
    39: (
        HERE
        + "test_ceilings_and_limits.py::test_check_39_who_says_no_frees_the_money_at_once_and_a_decline_keeps_it",
    ),
    40: (
        HERE
        + "test_ceilings_and_limits.py::test_check_40_and_41_credits_variations_and_closing_count_nothing_twice",
        C
        + "matching/test_matching.py::test_check_40_a_credit_reduces_invoiced_and_an_invoice_that_came_with_a_line_is_not_recorded_again",
        C
        + "matching/test_money_machine.py::test_whatever_is_matched_undone_corrected_and_taken_back_the_books_agree",
    ),
    41: (
        C
        + "test_varying.py::test_a_variation_takes_effect_when_the_partner_agrees_and_keeps_what_was_invoiced",
    ),
    42: (
        C + "spend/test_crossing.py::test_falling_below_and_reaching_a_mark_again_alerts_again_and_once_each",
        C + "spend/test_crossing.py::test_two_workers_over_one_mark_alert_once",
    ),
    43: (
        C + "spend/test_importing.py::test_each_fault_is_told_with_its_row_column_and_value",
        C + "spend/test_importing.py::test_nothing_is_saved_before_confirmation_and_then_only_the_good_rows",
    ),
    44: (
        C + "returns/test_giving.py::test_check_44_no_business_is_a_valid_answer_for_all_call_offs_at_once",
        C
        + "returns/test_chasing.py::test_check_44_silence_is_chased_on_the_sixth_working_day_and_not_before",
        R + "test_returns.py::test_check_44_four_processes_chase_each_reader_once",
    ),
    45: (
        C
        + "spend/test_spreadsheet_adds_up.py::test_check_35_a_spreadsheet_the_page_the_csv_and_the_ledger_say_the_same_pence",
        HERE + "test_gross_basis.py::test_a_life_in_odd_pence_including_vat",
    ),
    46: (
        C
        + "forecasting/test_forecast_pages.py::test_each_lot_has_its_headline_its_picture_and_the_same_figures_in_a_table",
    ),
    47: (
        C + "spend/test_invoicing.py::test_nothing_is_invoiced_before_both_sides_have_signed",
        C + "spend/test_invoicing.py::test_an_invoice_without_purchase_order_is_taken_and_flagged",
        C
        + "matching/test_matching.py::test_check_47_what_is_before_signature_or_without_a_purchase_order_is_flagged_until_it_is_mended",
    ),
    48: (
        C + "test_order_form.py::test_the_pdf_says_all_of_it_in_figures_and_names",
        C
        + "test_order_form.py::test_the_pdf_has_headings_table_headers_embedded_fonts_and_a_number_on_each_page",
    ),
    49: (
        C + "test_issuing.py::test_an_officer_issues_in_the_browser_and_both_sides_download_the_same_bytes",
        C + "test_issuing.py::test_what_was_issued_is_never_drawn_again",
    ),
    50: (
        C + "test_order_form.py::test_a_draft_says_so_and_shows_what_is_still_missing",
        C + "test_signing.py::test_a_draft_cannot_be_signed",
        C + "test_issuing.py::test_a_new_award_has_a_second_version_that_names_the_first",
    ),
    51: (C + "test_order_form.py::test_awkward_names_and_a_scope_of_four_thousand_words_keep_their_place",),
    52: (F + "test_opening.py::test_check_52_the_day_to_decide_is_shown_with_its_sum",),
    53: (
        F + "test_reminding.py::test_after_days_without_a_run_only_the_nearest_goes_and_says_that_it_is_late",
        R + "test_reminders.py::test_check_53_four_processes_remind_each_reader_once",
    ),
    56: (
        C + "spend/test_pages.py::test_every_report_adds_up_to_the_agreement_whoever_reads_it",
        C + "figures/test_figures.py::test_every_figure_of_every_page_is_the_sum_of_the_lines_it_leads_to",
        C + "figures/test_figures.py::test_a_year_shows_what_moved_in_it_and_what_stood_at_its_end",
    ),
    58: (
        HERE
        + "test_verify_command.py::test_check_58_whole_books_pass_and_each_kind_of_damage_stops_it_and_is_named",
    ),
    60: ("browser/test_pages.py::test_every_page_within_reach_is_whole",),
}

LATER: dict[str, str] = {
    "T-18": "competition among a lot's partners",
    "T-45": "variation of the agreement itself",
    "T-47": "how much longer a change makes a term, as a ground of its own",
    "T-48": "changes that could have been one, added together",
    **{f"T-{number}": "the appraisal of a full business case" for number in range(52, 59)},
    "T-64": "status determination of people who work through companies of their own",
    "T-65": "the data protection part of the order form",
    **{f"T-{number}": "open data" for number in (76, 77, 78)},
    "check 1": "a fixture from one spreadsheet",
    "check 20": "deputies",
    "check 24": "reviews of a case that variations have outgrown",
    "check 29": "competition",
    "check 30": "competition",
    "check 31": "competition",
    "check 33": "competition",
    "check 34": "a score of the brief before it is sent",
    "check 54": "acknowledging and escalating",
    "check 55": "putting a reminder off",
    "check 57": "one pack for the auditor",
    "check 59": "open data",
}
"""What each number waits for."""

PARTLY: dict[str, str] = {
    "check 17": "the list of exempt call-offs as a report comes with the auditor's tools",
    "check 22": "approving the request itself by both authorities comes later; the shares need both now",
    "check 25": "a start that has passed is refused outright; allowing it with a higher approver comes later",
    "check 35": "the API comes later",
}


@cache
def _tests_in(path: str) -> frozenset[str]:
    tree = ast.parse((TESTS / path).read_text(encoding="utf-8"))
    return frozenset(one.name for one in tree.body if isinstance(one, ast.FunctionDef))


@pytest.mark.parametrize("number", [*ORACLES, *(f"check {one}" for one in CHECKS)])
def test_each_number_is_proven_by_a_test_that_is_there(number: str) -> None:
    named = ORACLES.get(number) or CHECKS[int(number.removeprefix("check "))]
    for one in named:
        path, _, name = one.partition("::")
        assert name.startswith("test_")
        assert name in _tests_in(path), f"{number}: no test {name} in tests/{path}"


def test_every_number_is_either_proven_or_waits_for_something() -> None:
    oracles = {f"T-{number:02}" for number in range(1, 84)} | {"T-74b"}
    checks = {f"check {number}" for number in range(1, 61)}
    proven = set(ORACLES) | {f"check {number}" for number in CHECKS}
    assert proven | set(LATER) == oracles | checks
    assert not proven & set(LATER)
    assert set(PARTLY) <= proven


def test_a_test_that_names_a_number_is_told_of_here() -> None:
    """A test called after an oracle or a check proves one that is listed as proven."""
    proven = set(ORACLES) | {f"check {number}" for number in CHECKS}
    for path in sorted(TESTS.rglob("test_*.py")):
        for name in _tests_in(str(path.relative_to(TESTS))):
            for found in re.findall(r"(?:^test|_and)_(t_?\d\d|check_\d+)(?=_)", name):
                digits = re.sub(r"\D", "", found)
                number = f"check {int(digits)}" if found.startswith("check") else f"T-{digits}"
                assert number in proven, f"{path.name}::{name}"
