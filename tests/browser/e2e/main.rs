//! The end-to-end tests: the built site in a real browser.
//!
//! One situation per file; a test is an `async fn(&Page) -> Result<()>` with a row in the table below.

use std::process::ExitCode;

use browser::suite::Test;
use browser::{Engine, test};

mod access;
mod away;
mod bits;
mod budget;
mod canvases;
mod controls;
mod crowd;
mod elements;
mod embed;
mod experiments;
mod eye;
mod faults;
mod first_paint;
mod gamma;
mod harness;
mod keys;
mod lab;
mod layout;
mod life;
mod loads;
mod missing;
mod named;
mod own_data;
mod panels;
mod single;
mod soak;
mod states;
mod sweep_time;
mod trainer;

/// In this order, but for those that measure: they have the computer to themselves when all others are done.
const TESTS: &[Test] = &[
    test!(Engine::ALL, harness::complaints_are_noticed),
    test!(Engine::ALL, harness::pages_are_driven),
    test!(&[Engine::Chromium], harness::preferences_are_emulated),
    test!(Engine::ALL, loads::without_a_complaint),
    test!(Engine::ALL, loads::under_any_path),
    test!(Engine::ALL, loads::scripts_can_measure),
    test!(Engine::ALL, lab::it_trains_by_itself_and_tells_its_story),
    test!(Engine::ALL, lab::digits_are_fetched_when_chosen_and_train),
    test!(Engine::ALL, lab::the_2015_figure_shows_the_native_numbers),
    test!(Engine::ALL, lab::pause_step_and_reset_do_what_they_say),
    test!(Engine::ALL, lab::a_divergence_is_told_and_the_other_arm_goes_on),
    test!(Engine::ALL, lab::a_bad_link_is_explained_and_runs_all_the_same),
    test!(Engine::ALL, lab::a_control_changes_run_and_address),
    test!(&[Engine::Chromium], lab::with_less_motion_it_waits_for_the_reader),
    test!(alone, Engine::ALL, experiments::the_default_sweep_ends_with_the_native_verdict),
    test!(Engine::ALL, experiments::where_the_claim_fails_it_says_not_here),
    test!(Engine::ALL, experiments::a_mark_loads_that_run_in_the_lab),
    test!(Engine::ALL, experiments::a_sweep_can_be_paused_resumed_and_started_over),
    test!(Engine::ALL, experiments::what_is_not_seen_rests),
    test!(Engine::ALL, experiments::a_worker_that_dies_is_replaced),
    test!(&[Engine::Chromium], experiments::it_fits_a_phone),
    test!(Engine::ALL, layout::the_row_of_contents_leads_everywhere),
    test!(&[Engine::Chromium], layout::who_has_begun_is_not_taken_elsewhere),
    test!(&[Engine::Chromium], layout::each_tab_of_the_layer_table_shows_its_column),
    test!(&[Engine::Chromium], layout::targets_are_as_large_as_a_finger_or_a_pointer_needs),
    test!(&[Engine::Chromium], layout::the_way_back_fits_a_phone_and_keeps_the_focus),
    test!(&[Engine::Chromium], layout::a_tablets_bar_says_all_there_is_room_for),
    test!(Engine::ALL, first_paint::axes_and_words_are_there_before_the_module),
    test!(&[Engine::Chromium], first_paint::nothing_moves_when_the_module_comes),
    test!(Engine::ALL, controls::each_knob_changes_the_run_and_survives_a_link),
    test!(Engine::ALL, controls::every_other_button_does_what_it_says),
    test!(Engine::ALL, controls::unit_and_speed_do_what_they_say),
    test!(Engine::ALL, controls::an_address_changed_at_the_last_moment_is_loaded),
    test!(Engine::ALL, controls::a_rate_changed_on_the_way_is_marked_and_repeats),
    test!(Engine::ALL, controls::test_images_are_a_sample_or_the_mistakes),
    test!(Engine::ALL, named::every_control_of_the_panels_does_what_it_says),
    test!(Engine::ALL, named::every_fold_opens_by_its_name),
    test!(Engine::ALL, named::a_note_is_shut_by_its_name),
    test!(Engine::ALL, states::while_loading_everything_but_the_lines_is_there),
    test!(Engine::ALL, states::an_arm_stuck_at_guessing_is_told_with_its_silent_units),
    test!(Engine::ALL, states::silent_units_are_counted_by_the_right_word),
    test!(Engine::ALL, states::it_finishes_at_two_thousand_steps_and_goes_on),
    test!(Engine::ALL, states::it_finishes_when_both_are_right),
    test!(Engine::ALL, states::the_run_before_stays_as_a_thin_line_until_the_new_one_can_be_seen),
    test!(Engine::ALL, states::the_sentence_is_spoken_at_rest_and_when_a_network_diverges),
    test!(Engine::ALL, states::what_is_turned_or_pressed_after_a_stop_is_not_lost),
    test!(Engine::ALL, states::a_trainer_that_stops_keeps_everything_and_restarts),
    test!(Engine::ALL, states::a_browser_that_cannot_shows_a_recorded_run),
    test!(&[Engine::Chromium], states::with_less_motion_it_draws_once_a_second),
    test!(Engine::ALL, keys::keys_do_what_their_list_says),
    test!(Engine::ALL, keys::numbers_lead_to_the_experiments),
    test!(Engine::ALL, keys::keys_leave_inputs_buttons_and_scrolling_alone),
    test!(Engine::ALL, keys::arrows_read_out_a_figure),
    test!(Engine::ALL, keys::pointers_and_fingers_read_out_all_figures),
    test!(Engine::ALL, keys::a_preset_is_named_and_then_changed),
    test!(Engine::ALL, life::a_page_that_ends_leaves_nothing_behind),
    test!(&[Engine::Chromium], access::axe_finds_what_is_wrong),
    test!(&[Engine::Chromium], access::axe_finds_nothing),
    test!(&[Engine::Chromium], access::axe_finds_nothing_on_a_tablet),
    test!(&[Engine::Chromium], access::axe_finds_nothing_on_a_phone),
    test!(&[Engine::Chromium], access::axe_finds_nothing_in_other_states),
    test!(&[Engine::Chromium], access::no_width_scrolls_sideways),
    test!(&[Engine::Chromium], access::no_width_scrolls_sideways_with_images),
    test!(&[Engine::Chromium], access::figures_are_crisp_at_every_pixel_ratio),
    test!(&[Engine::Chromium], access::paper_is_white_and_still),
    test!(&[Engine::Chromium], access::what_was_run_is_printed_on_white_paper),
    test!(&[Engine::Chromium], access::axe_finds_nothing_in_what_was_run),
    test!(&[Engine::Chromium], access::forced_colours_are_the_readers),
    test!(alone, &[Engine::Chromium], budget::the_work_of_a_frame_is_measured_flat_out),
    test!(Engine::ALL, faults::an_error_of_the_program_ends_one_element_alone),
    test!(Engine::ALL, faults::an_error_in_the_lab_keeps_what_is_drawn_and_starts_again),
    test!(Engine::ALL, faults::what_calls_back_in_the_middle_waits),
    test!(Engine::ALL, faults::a_panic_is_told_with_its_place),
    test!(Engine::ALL, faults::a_panic_in_an_element_keeps_what_was_turned),
    test!(Engine::ALL, faults::an_error_while_the_page_is_built_has_its_details),
    test!(Engine::ALL, missing::without_its_files_it_shows_the_recorded_run),
    test!(Engine::ALL, missing::without_the_workers_script_the_page_trains),
    test!(Engine::ALL, missing::a_module_by_another_type_runs),
    test!(Engine::ALL, missing::without_the_digits_the_other_data_are_there),
    test!(Engine::ALL, missing::where_workers_are_forbidden_the_page_trains),
    test!(Engine::ALL, missing::where_there_are_no_workers_the_page_trains),
    test!(Engine::ALL, missing::where_storage_is_denied_nothing_is_missed),
    test!(Engine::ALL, missing::it_works_under_the_strictest_policy),
    test!(Engine::ALL, trainer::a_trainer_that_falls_silent_is_missed),
    test!(Engine::ALL, trainer::a_worker_that_never_loads_is_missed),
    test!(Engine::ALL, trainer::memory_that_runs_out_stops_the_trainer),
    test!(Engine::ALL, trainer::a_message_of_an_old_run_is_dropped),
    test!(Engine::ALL, trainer::a_message_that_is_no_report_is_refused),
    test!(Engine::ALL, trainer::absurd_sizes_in_a_link_are_refused),
    test!(Engine::ALL, away::an_element_is_taken_out_and_moved),
    test!(Engine::ALL, canvases::canvases_given_back_empty_are_drawn_again),
    test!(&[Engine::Chromium, Engine::Firefox], canvases::canvases_lent_and_lost_are_drawn_again),
    test!(&[Engine::Chromium, Engine::Firefox], canvases::figures_are_drawn_without_their_worker),
    test!(&[Engine::Chromium], away::hidden_behind_a_second_tab_it_rests),
    test!(Engine::ALL, away::a_wish_for_less_motion_is_heard_on_the_way),
    test!(&[Engine::Chromium], away::zoomed_from_half_to_four_times_it_fits),
    test!(Engine::ALL, panels::the_arithmetic_is_checked_on_the_page),
    test!(Engine::ALL, panels::a_preset_writes_its_settings),
    test!(Engine::ALL, panels::files_are_written_and_named_after_the_run),
    test!(Engine::ALL, panels::the_embed_panel_gives_lines_and_a_preview),
    test!(Engine::ALL, own_data::a_dropped_table_trains_at_once),
    test!(Engine::ALL, own_data::a_malformed_table_is_shown_and_the_run_goes_on),
    test!(Engine::ALL, own_data::names_of_classes_are_only_ever_text),
    test!(Engine::ALL, own_data::images_of_28_by_28_train_with_the_native_bits),
    test!(Engine::ALL, own_data::packed_images_train_with_the_native_bits),
    test!(Engine::ALL, own_data::of_a_long_table_rows_are_drawn_by_the_data_seed),
    test!(Engine::ALL, own_data::points_painted_by_keyboard_alone_train),
    test!(Engine::ALL, own_data::a_link_to_somebodys_own_data_says_so),
    test!(Engine::ALL, gamma::sliders_and_buttons_say_what_y_becomes),
    test!(Engine::ALL, gamma::the_figure_is_dragged),
    test!(Engine::ALL, embed::elements_live_in_a_post_and_one_runs_at_a_time),
    test!(Engine::ALL, embed::an_element_dresses_like_the_page_around_it),
    test!(Engine::ALL, embed::every_subject_stands_in_a_frame_and_tells_its_height),
    test!(Engine::ALL, embed::a_frame_takes_its_theme_from_its_parent_alone),
    test!(Engine::ALL, embed::an_element_lives_on_a_page_of_another_site),
    test!(Engine::ALL, single::a_double_click_is_enough),
    test!(Engine::ALL, single::a_sandboxed_frame_is_enough),
    test!(Engine::ALL, single::the_text_of_a_frame_is_enough),
    test!(Engine::ALL, single::its_policy_is_enough),
    test!(Engine::ALL, single::embed_and_lab_lead_to_each_other),
    test!(Engine::ALL, single::a_sandboxed_frame_of_the_site_has_its_worker),
    test!(Engine::ALL, embed::frames_get_the_height_they_need),
    test!(Engine::ALL, embed::a_frame_without_a_ground_is_seen_through),
    test!(Engine::ALL, embed::a_low_frame_leaves_out_what_matters_least),
    test!(Engine::ALL, embed::a_frame_without_its_module_shows_a_picture),
    test!(Engine::ALL, embed::a_link_to_an_experiment_shows_it_in_the_lab),
    test!(Engine::ALL, elements::an_element_loads_nothing_before_it_is_near),
    test!(Engine::ALL, elements::the_lines_to_paste_keep_the_room),
    test!(Engine::ALL, elements::an_element_is_as_high_as_its_own_width_asks),
    test!(Engine::ALL, elements::three_elements_train_in_turns),
    test!(Engine::ALL, elements::what_is_around_an_element_is_left_alone),
    test!(Engine::ALL, elements::attributes_change_the_element),
    test!(Engine::ALL, elements::an_element_without_its_module_keeps_its_picture_and_tries_again),
    test!(Engine::ALL, elements::an_element_tells_light_from_dark_in_any_colour),
    test!(Engine::ALL, elements::controls_add_nothing_to_the_history),
    test!(alone, &[Engine::Chromium], soak::the_lab_in_long_use_stays_as_small),
    test!(alone, &[Engine::Chromium], soak::two_hundred_elements_leave_nothing),
    test!(Engine::ALL, bits::fourteen_experiments_have_the_native_bits),
    test!(Engine::ALL, bits::the_pace_changes_no_bit),
];

fn main() -> ExitCode {
    browser::suite::main(TESTS)
}
