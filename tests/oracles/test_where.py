"""Where each numbered oracle and check is proven, and which are left to later issues; a test that went away fails here."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]

D, F, L, C = "framework/definitions/", "framework/", "lots/", "calloffs/"
HERE, R = "oracles/", "races/"

ORACLES: dict[str, tuple[str, ...]] = {
    "T-01": (F + "test_opening.py::test_t_01_four_years_under_the_procurement_act_pass",),
    "T-02": (F + "test_opening.py::test_t_02_a_day_more_without_a_reason_is_refused_and_with_one_passes",),
    "T-03": (F + "test_opening.py::test_t_03_exactly_four_years_under_the_regulations_pass",),
    "T-04": (F + "test_opening.py::test_t_04_options_count_towards_the_longest_term",),
    "T-05": (F + "test_opening.py::test_t_05_an_open_framework_ends_by_eight_years_from_its_first_award",),
    "T-06": (F + "test_opening.py::test_t_06_an_open_framework_of_one_supplier_ends_by_four_years",),
    "T-07": (D + "test_thresholds.py::test_t07_a_value_at_the_threshold_is_above_it",),
    "T-08": (D + "test_thresholds.py::test_t08_a_penny_less_net_is_below",),
    "T-09": (
        D + "test_thresholds.py::test_t09_and_t10_the_row_in_force_when_the_procurement_commenced_decides",
    ),
    "T-10": (
        D + "test_thresholds.py::test_t09_and_t10_the_row_in_force_when_the_procurement_commenced_decides",
    ),
    "T-11": (D + "test_thresholds.py::test_t11_an_unknown_value_is_above",),
    "T-12": (D + "test_notices.py::test_t12_a_call_off_of_30000_with_vat_needs_a_contract_details_notice",),
    "T-13": (D + "test_notices.py::test_t13_a_penny_less_needs_no_notice",),
    "T-14": (D + "test_notices.py::test_t14_under_the_old_regulations_it_goes_on_contracts_finder",),
    "T-15": (
        C + "test_signing.py::test_the_last_day_of_the_agreement_is_in_time_and_the_day_after_is_not",
        C + "test_raising.py::test_nothing_is_raised_after_the_agreement_s_last_day",
    ),
    "T-16": (C + "test_raising.py::test_work_may_outlive_the_agreement_up_to_the_long_stop",),
    "T-17": (C + "test_offering.py::test_several_partners_without_a_stated_mechanism_are_refused",),
    "T-19": (
        D + "test_working_days.py::test_a_standstill_is_eight_working_days_with_the_day_of_publication",
    ),
    "T-25": (
        D
        + "test_notices.py::test_t25_above_the_threshold_the_details_follow_in_30_days_and_the_award_comes_first",
    ),
    "T-26": (D + "test_notices.py::test_t26_over_five_million_a_copy_follows_in_90_days",),
    "T-27": (D + "test_notices.py::test_t27_the_end_of_a_public_contract_is_published_in_30_days",),
    "T-28": (
        D
        + "test_payments.py::test_t28_an_invoice_of_31_january_is_due_on_1_march_or_29_february_in_a_leap_year",
        C + "clocks/test_disputing.py::test_t28_an_invoice_of_31_january_2027_is_recorded_as_due_on_1_march",
    ),
    "T-29": (
        D
        + "test_payments.py::test_t29_paid_on_the_thirtieth_day_after_it_came_is_late_yet_in_the_first_band",
        C
        + "clocks/test_compliance.py::test_the_figures_of_a_half_year_are_those_of_its_invoices_and_lines_and_t29_is_late_in_the_first_band",
    ),
    "T-30": (
        D + "test_notices.py::test_t30_the_payments_compliance_notice_follows_the_half_year",
        C + "clocks/test_compliance.py::test_t30_and_t31_finance_is_reminded_of_both_days_of_publication",
    ),
    "T-31": (
        D + "test_notices.py::test_t31_the_payments_list_follows_the_quarter",
        C + "clocks/test_compliance.py::test_t30_and_t31_finance_is_reminded_of_both_days_of_publication",
    ),
    "T-32": (
        D + "test_payments.py::test_t32_a_payment_is_listed_only_over_thirty_thousand",
        C
        + "clocks/test_compliance.py::test_t32_and_t33_only_single_payments_over_30000_of_new_procurements_are_listed",
    ),
    "T-33": (
        D + "test_payments.py::test_t33_a_payment_of_an_older_procurement_is_not_listed",
        C
        + "clocks/test_compliance.py::test_t32_and_t33_only_single_payments_over_30000_of_new_procurements_are_listed",
    ),
    "T-34": (D + "test_notices.py::test_t34_three_kpis_are_needed_over_five_million_with_vat",),
    "T-35": (
        HERE
        + "test_ceilings_and_limits.py::test_t35_the_last_forty_thousand_of_ten_million_fits_and_t36_a_penny_more_does_not",
    ),
    "T-36": (
        HERE
        + "test_ceilings_and_limits.py::test_t35_the_last_forty_thousand_of_ten_million_fits_and_t36_a_penny_more_does_not",
    ),
    "T-37": (
        C
        + "test_closing.py::test_a_terminated_call_off_gives_the_rest_back_when_it_is_closed_and_not_before",
    ),
    "T-38": (
        HERE
        + "test_ceilings_and_limits.py::test_t38_an_option_counts_from_the_award_and_not_again_when_it_is_used",
    ),
    "T-39": (
        HERE
        + "test_ceilings_and_limits.py::test_t39_a_full_lot_of_half_a_million_blocks_though_the_agreement_is_half_empty",
    ),
    "T-40": (
        R
        + "test_last_pounds.py::test_check_36_and_t_40_the_last_hundred_thousand_goes_to_one_of_six_who_raise",
        C + "test_ledger_race.py::test_the_last_pounds_of_a_lot_go_to_exactly_one",
    ),
    "T-41": (C + "test_varying.py::test_each_law_draws_its_own_line",),
    "T-43": (C + "test_varying.py::test_each_law_draws_its_own_line",),
    "T-44": (C + "test_varying.py::test_two_changes_of_six_per_cent_are_twelve_under_the_regulations",),
    "T-46": (C + "test_varying.py::test_each_law_draws_its_own_line",),
    "T-49": (D + "test_companies.py::test_staff_and_one_of_two_figures_make_a_small_or_medium_enterprise",),
    "T-59": (
        D + "test_money.py::test_t59_twenty_days_at_935_and_ten_at_1115",
        C + "test_order_form.py::test_the_totals_come_to_the_penny",
    ),
    "T-60": (
        C + "test_answering.py::test_a_rate_of_one_pound_above_the_card_is_refused_with_role_cap_and_version",
        L + "test_rate_proposing.py::test_t_60_a_pound_above_the_maximum_is_refused_when_it_is_proposed",
    ),
    "T-61": (
        D + "test_money.py::test_t61_hours_become_days_of_the_rate_cards_own_length",
        L + "test_rates_reading.py::test_t_61_a_day_is_as_long_as_the_card_says",
    ),
    "T-62": (
        C + "test_answering.py::test_a_blank_place_on_the_card_is_not_offered_and_cannot_be_priced",
        L + "test_rates_reading.py::test_t_62_a_blank_cell_is_not_offered_and_a_nought_is_refused",
    ),
    "T-63": (C + "test_answering.py::test_milestones_that_do_not_add_up_are_refused_with_the_difference",),
    "T-66": (D + "test_terms.py::test_t66_three_months_before_31_may_2027_is_28_february",),
    "T-67": (
        D + "test_terms.py::test_t67_notice_and_decision_days_of_an_option",
        F + "test_opening.py::test_check_52_the_day_to_decide_is_shown_with_its_sum",
    ),
    "T-68": (
        F + "test_reminding.py::test_after_days_without_a_run_only_the_nearest_goes_and_says_that_it_is_late",
    ),
    "T-69": (F + "test_reminding.py::test_a_moved_end_moves_its_reminders",),
    "T-70": (
        D + "test_terms.py::test_t70_the_financial_year_turns_on_1_april",
        D
        + "test_periods.py::test_t_70_a_payment_of_31_march_2027_is_in_the_last_period_and_one_of_1_april_in_the_first",
    ),
    "T-71": (
        C
        + "extracts/test_reading_real_files.py::test_t_71_salford_gives_net_vat_and_gross_that_agree_on_every_row",
        C + "extracts/test_reading_dialects.py::test_every_dialect_is_read_by_its_own_headings",
    ),
    "T-72": (
        C
        + "extracts/test_reading_real_files.py::test_t_72_wakefield_gives_credits_and_reads_nil_as_no_money",
        C + "extracts/test_reading_dialects.py::test_every_dialect_is_read_by_its_own_headings",
    ),
    "T-73": (
        C
        + "extracts/test_reading_real_files.py::test_t_73_oxford_gives_a_transaction_and_its_line_out_of_one_cell",
        C + "extracts/test_reading_dialects.py::test_every_dialect_is_read_by_its_own_headings",
    ),
    "T-74": (
        C
        + "extracts/test_reading_real_files.py::test_t_74_the_greater_london_authority_gives_its_days_of_clearing",
        C + "extracts/test_reading_dialects.py::test_every_dialect_is_read_by_its_own_headings",
    ),
    "T-74b": (
        C
        + "extracts/test_reading_real_files.py::test_t_74b_north_tyneside_keeps_every_row_though_many_are_alike",
        C + "extracts/test_reading_dialects.py::test_rows_that_are_wholly_alike_are_all_kept_in_their_order",
    ),
    "T-79": (D + "test_companies.py::test_t79_a_company_number_is_stored_as_companies_house_writes_it",),
    "T-80": (
        D + "test_notices.py::test_t80_the_register_lists_contracts_over_five_thousand",
        C
        + "opendata/test_publishing.py::test_t80_the_register_leaves_out_5000_and_lists_5000_01_with_exactly_its_fields",
    ),
    "T-81": (C + "test_drafting.py::test_an_authority_outside_the_agreement_cannot_draft",),
    "T-82": (
        HERE
        + "test_ceilings_and_limits.py::test_t82_a_signatory_signs_up_to_a_hundred_thousand_and_not_a_penny_more",
    ),
    "T-83": (
        HERE
        + "test_ceilings_and_limits.py::test_t83_nothing_new_goes_under_the_founding_framework_in_november_2026",
        F
        + "test_extending.py::test_t_83_with_its_option_used_the_founding_shape_has_still_ended_by_november_2026",
    ),
}
ORACLES |= {f"T-{number}": ORACLES["T-19"] for number in (20, 21, 22, 23, 24)}
ORACLES |= {"T-42": ORACLES["T-41"], "T-50": ORACLES["T-49"], "T-51": ORACLES["T-49"]}

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
    "T-75": "files that councils and others publish",
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
