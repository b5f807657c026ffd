//! Made-up records. What each holds follows from its number, so that a journey can work out the right answer itself.

pub(crate) mod cloudtrail;
pub(crate) mod fhir;
pub(crate) mod rooms;

/// A number that looks like chance but follows from its input: a multiply-and-shift mixer.
pub(crate) const fn mix(number: u64) -> u64 {
    let mut x = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// One of a list, by a number.
pub(crate) fn pick<'a>(list: &[&'a str], number: u64) -> &'a str {
    let length = list.len() as u64;
    list.get(usize::try_from(number % length.max(1)).unwrap_or(0)).copied().unwrap_or("")
}

/// Day and time of so many seconds after the start of 1 March 2026, within that month: `2026-03-04`, `05:06:07`.
pub(crate) fn day_and_time(seconds: u64) -> (String, String) {
    let (day, second) = (seconds / 86_400 % 31, seconds % 86_400);
    let time = format!("{:02}:{:02}:{:02}", second / 3_600, second / 60 % 60, second % 60);
    (format!("2026-03-{:02}", day + 1), time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_become_days_of_march() {
        let parts = |seconds| {
            let (day, time) = day_and_time(seconds);
            format!("{day} {time}")
        };
        assert_eq!(parts(0), "2026-03-01 00:00:00");
        assert_eq!(parts(86_399), "2026-03-01 23:59:59");
        assert_eq!(parts(3 * 86_400 + 5 * 3_600 + 61), "2026-03-04 05:01:01");
    }
}
