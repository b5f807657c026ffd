//! What the browser gives: zones, settings, pasted text.

use chartroom::platform::{
    intake::Intake,
    storage,
    theme::Theme,
    zone::{Zone, ZoneChoice},
};
use chartroom_base::ticks::{END, Ticks};
use wasm_bindgen_test::wasm_bindgen_test;

fn chicago() -> Zone {
    Zone::find(&ZoneChoice::Named("America/Chicago".to_owned())).unwrap()
}

fn utc(date: (i64, i64, i64), time: (i64, i64, i64)) -> Ticks {
    Ticks::from_civil(date, time, 1_234_567).unwrap()
}

#[track_caller]
fn shows(zone: &Zone, at: Ticks, expected: &str) {
    assert_eq!(format!("{} {}", zone.format(at), zone.offset_words(at)), expected);
}

#[wasm_bindgen_test]
fn times_are_shown_in_utc_or_where_the_person_wants_them() {
    let at = utc((2021, 8, 2), (16, 1, 29));
    shows(&Zone::utc(), at, "2021-08-02 16:01:29.1234567 +00:00");
    shows(&chicago(), at, "2021-08-02 11:01:29.1234567 −05:00");
    let kolkata = Zone::find(&ZoneChoice::Named("Asia/Kolkata".to_owned())).unwrap();
    shows(&kolkata, at, "2021-08-02 21:31:29.1234567 +05:30");
}

#[wasm_bindgen_test]
fn summer_time_begins_and_ends_to_the_tick() {
    // 2021-03-14 02:00 became 03:00, 2021-11-07 02:00 became 01:00.
    let spring = Ticks::from_civil((2021, 3, 14), (8, 0, 0), 0).unwrap();
    shows(&chicago(), Ticks(spring.0 - 1), "2021-03-14 01:59:59.9999999 −06:00");
    shows(&chicago(), spring, "2021-03-14 03:00:00.0000000 −05:00");
    let autumn = Ticks::from_civil((2021, 11, 7), (7, 0, 0), 0).unwrap();
    shows(&chicago(), Ticks(autumn.0 - 1), "2021-11-07 01:59:59.9999999 −05:00");
    shows(&chicago(), autumn, "2021-11-07 01:00:00.0000000 −06:00");
}

#[wasm_bindgen_test]
fn what_the_clocks_show_leads_back_to_the_point_in_time() {
    let zone = chicago();
    for hour in 0..24 * 366 {
        let at = Ticks(utc((2021, 1, 1), (0, 30, 0)).0 + hour * 36_000_000_000);
        let back = zone.unshift(zone.shift(at));
        // The hour that is shown twice means the earlier one.
        let is_second = zone.shift(Ticks(at.0 - 36_000_000_000)) == zone.shift(at);
        assert_eq!(back.0, if is_second { at.0 - 36_000_000_000 } else { at.0 });
    }
    // Never shown: as if the clocks had not been put forward.
    let skipped = Ticks::from_civil((2021, 3, 14), (2, 30, 0), 0).unwrap();
    assert_eq!(zone.format(zone.unshift(skipped)), "2021-03-14 03:30:00.0000000");
}

#[wasm_bindgen_test]
fn the_ends_of_the_calendar_do_not_break_a_zone() {
    for at in [Ticks(0), Ticks(1), Ticks(END - 1)] {
        assert_eq!(chicago().format(at).len(), "0001-01-01 00:00:00.0000000".len());
    }
}

#[wasm_bindgen_test]
fn a_zone_that_nobody_knows_is_none_and_the_list_holds_known_ones() {
    assert_eq!(Zone::find(&ZoneChoice::Named("Mars/Olympus".to_owned())), None);
    let names = Zone::names();
    assert!(names.iter().any(|name| name == "America/Chicago"));
    assert!(names.iter().all(|name| Zone::find(&ZoneChoice::Named(name.clone())).is_some()));
    assert!(Zone::find(&ZoneChoice::Browser).is_some());
}

#[wasm_bindgen_test]
fn choices_come_back_from_their_words() {
    for choice in [ZoneChoice::Utc, ZoneChoice::Browser, ZoneChoice::Named("Asia/Tokyo".to_owned())] {
        assert_eq!(ZoneChoice::of_word(choice.word()), choice);
    }
}

#[wasm_bindgen_test]
fn settings_last() {
    storage::set("test", "value ü");
    assert_eq!(storage::get("test").as_deref(), Some("value ü"));
    assert_eq!(storage::get("never set"), None);
    assert!(storage::is_lasting());
    Theme::Dark.choose();
    assert_eq!(Theme::stored(), Theme::Dark);
    Theme::System.choose();
    assert_eq!(Theme::stored(), Theme::System);
}

#[wasm_bindgen_test]
fn each_paste_is_a_file_of_its_own() {
    let (one, two) = (Intake::of_text("{\"a\":\"ü\"}"), Intake::of_text("x"));
    let (path, file) = &one.files[0];
    assert!(path.starts_with("pasted-") && path.ends_with(".txt"), "{path}");
    assert_ne!(*path, two.files[0].0);
    assert_eq!(file.size(), 10.0);
}
