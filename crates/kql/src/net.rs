//! IPv4 and IPv6 addresses with a prefix length, as Kusto's functions read them.

/// An address of 32 bits and how many of them count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct V4 {
    pub(crate) bits: u32,
    pub(crate) prefix: u32,
}

/// An address of 128 bits and how many of them count; an IPv4 address is `::ffff:a.b.c.d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct V6 {
    pub(crate) bits: u128,
    pub(crate) prefix: u32,
}

impl V4 {
    /// The bits that count, the rest zero.
    pub(crate) fn masked(self, prefix: u32) -> u32 {
        self.bits & u32::MAX.checked_shl(32 - prefix.min(32)).unwrap_or(0)
    }
}

impl V6 {
    /// The bits that count, the rest zero.
    pub(crate) fn masked(self, prefix: u32) -> u128 {
        self.bits & u128::MAX.checked_shl(128 - prefix.min(128)).unwrap_or(0)
    }
}

fn number(digits: &str, most: u32) -> Option<u32> {
    let is_number = (1..=3).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && (digits.len() == 1 || !digits.starts_with('0'));
    is_number.then(|| digits.parse().ok()).flatten().filter(|number| *number <= most)
}

fn quad(text: &str) -> Option<u32> {
    let mut parts = text.split('.');
    let mut bits = 0;
    for _ in 0..4 {
        bits = bits << 8 | number(parts.next()?, 255)?;
    }
    parts.next().is_none().then_some(bits)
}

/// `a.b.c.d` or `a.b.c.d/n`.
pub(crate) fn parse_v4(text: &str) -> Option<V4> {
    let text = text.trim();
    match text.split_once('/') {
        Some((address, prefix)) => Some(V4 { bits: quad(address)?, prefix: number(prefix, 32)? }),
        None => Some(V4 { bits: quad(text)?, prefix: 32 }),
    }
}

/// An IPv6 address (a zone is left out) or an IPv4 address, with or without `/n`.
pub(crate) fn parse_v6(text: &str) -> Option<V6> {
    let text = text.trim();
    let (address, prefix) = match text.split_once('/') {
        Some((address, prefix)) => (address, Some(prefix)),
        None => (text, None),
    };
    let address = address.split_once('%').map_or(address, |(address, _)| address);
    let mapped = |bits: u32| 0xffff_0000_0000 | u128::from(bits);
    // An IPv4 address, plain or mapped, counts its prefix from its own first bit.
    let short =
        address.strip_prefix("::ffff:").or_else(|| address.strip_prefix("::FFFF:")).unwrap_or(address);
    if let Some(bits) = quad(short) {
        let prefix = prefix.map_or(Some(32), |prefix| number(prefix, 32))?;
        return Some(V6 { bits: mapped(bits), prefix: prefix + 96 });
    }
    let bits = u128::from(address.parse::<std::net::Ipv6Addr>().ok()?);
    Some(V6 { bits, prefix: prefix.map_or(Some(128), |prefix| number(prefix, 128))? })
}

/// `a.b.c.d`.
pub(crate) fn show_v4(bits: u32) -> String {
    std::net::Ipv4Addr::from_bits(bits).to_string()
}

/// All eight groups of four digits.
pub(crate) fn show_v6(bits: u128) -> String {
    let groups: Vec<String> =
        (0..8_u32).rev().map(|at| format!("{:04x}", bits >> (16 * at) & 0xffff)).collect();
    groups.join(":")
}

/// The IPv4 addresses in a text that stand between signs that are neither letters nor digits.
pub(crate) fn addresses(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '.'))
        .map(|word| word.trim_matches('.'))
        .filter(|word| quad(word).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_with_their_prefix() {
        assert_eq!(parse_v4("192.168.1.1/24").map(|ip| ip.masked(ip.prefix)), Some(0xc0a8_0100));
        assert_eq!(parse_v4("1.2.3.4/0").map(|ip| ip.masked(ip.prefix)), Some(0));
        for wrong in ["256.1.1.1", "1.2.3", "1.2.3.4/33", "", "1.2.3.4.5", "1.2.3.+4", "01.2.3.4"] {
            assert_eq!(parse_v4(wrong), None, "{wrong}");
        }
        let shown = |text: &str| parse_v6(text).map(|ip| show_v6(ip.masked(ip.prefix)));
        assert_eq!(shown("2001:db8::10/17").as_deref(), Some("2001:0000:0000:0000:0000:0000:0000:0000"));
        assert_eq!(shown("::ffff:1.2.3.4/24").as_deref(), Some("0000:0000:0000:0000:0000:ffff:0102:0300"));
        for wrong in ["::ffff:1.2.3.4/120", "1::2::3", "gggg::1", "2001:db8::10/129"] {
            assert_eq!(shown(wrong), None, "{wrong}");
        }
        assert_eq!(addresses("from 10.1.2.3:80, x1.2.3.4").collect::<Vec<_>>(), ["10.1.2.3"]);
    }
}
