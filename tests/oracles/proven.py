"""Where each numbered oracle of the rules is proven."""

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
    "T-75": (
        C + "extracts/test_loading.py::test_real_extracts_loaded_twice_add_nothing_the_second_time",
        C + "extracts/test_loading.py::test_a_file_loaded_twice_adds_nothing_the_second_time",
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
