//! The end-to-end tests: the built site in a real browser.
//!
//! One situation per file; a test is an `async fn(&Page) -> Result<()>` with a row in the table below.

use std::process::ExitCode;

use browser::suite::Test;
use browser::{Engine, test};

mod bits;
mod embed;
mod experiments;
mod gamma;
mod harness;
mod lab;
mod loads;
mod own_data;
mod panels;

const TESTS: &[Test] = &[
    test!(Engine::ALL, harness::complaints_are_noticed),
    test!(Engine::ALL, harness::pages_are_driven),
    test!(&[Engine::Chromium], harness::preferences_are_emulated),
    test!(Engine::ALL, loads::without_a_complaint),
    test!(Engine::ALL, lab::it_trains_by_itself_and_tells_its_story),
    test!(Engine::ALL, lab::digits_are_fetched_when_chosen_and_train),
    test!(Engine::ALL, lab::the_2015_figure_shows_the_native_numbers),
    test!(Engine::ALL, lab::pause_step_and_reset_do_what_they_say),
    test!(Engine::ALL, lab::a_divergence_is_told_and_the_other_arm_goes_on),
    test!(Engine::ALL, lab::a_bad_link_is_explained_and_runs_all_the_same),
    test!(Engine::ALL, lab::a_control_changes_run_and_address),
    test!(&[Engine::Chromium], lab::with_less_motion_it_waits_for_the_reader),
    test!(Engine::ALL, experiments::the_default_sweep_ends_with_the_native_verdict),
    test!(Engine::ALL, experiments::where_the_claim_fails_it_says_not_here),
    test!(Engine::ALL, experiments::a_mark_loads_that_run_in_the_lab),
    test!(Engine::ALL, experiments::a_sweep_can_be_paused_resumed_and_started_over),
    test!(Engine::ALL, experiments::what_is_not_seen_rests),
    test!(Engine::ALL, experiments::a_worker_that_dies_is_replaced),
    test!(&[Engine::Chromium], experiments::it_fits_a_phone),
    test!(Engine::ALL, panels::the_arithmetic_is_checked_on_the_page),
    test!(Engine::ALL, panels::a_preset_writes_its_settings),
    test!(Engine::ALL, panels::files_are_written_and_named_after_the_run),
    test!(Engine::ALL, own_data::a_dropped_table_trains_at_once),
    test!(Engine::ALL, own_data::a_malformed_table_is_shown_and_the_run_goes_on),
    test!(Engine::ALL, own_data::images_of_28_by_28_train_with_the_native_bits),
    test!(Engine::ALL, own_data::points_painted_by_keyboard_alone_train),
    test!(Engine::ALL, own_data::a_link_to_somebodys_own_data_says_so),
    test!(Engine::ALL, gamma::sliders_and_buttons_say_what_y_becomes),
    test!(Engine::ALL, gamma::the_figure_is_dragged),
    test!(Engine::ALL, embed::elements_live_in_a_post_and_one_runs_at_a_time),
    test!(Engine::ALL, embed::an_element_dresses_like_the_page_around_it),
    test!(Engine::ALL, embed::every_subject_stands_in_a_frame_and_tells_its_height),
    test!(Engine::ALL, embed::a_frame_takes_its_theme_from_its_parent_alone),
    test!(Engine::ALL, bits::fourteen_experiments_have_the_native_bits),
    test!(Engine::ALL, bits::the_pace_changes_no_bit),
];

fn main() -> ExitCode {
    browser::suite::main(TESTS)
}
