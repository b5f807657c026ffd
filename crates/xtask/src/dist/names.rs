//! The names of functions in a wasm file, which only a profiler reads: a sixth of what the files weigh.

/// `wasm` without its custom sections `name` and `producers`; as it is where it does not read as wasm.
#[must_use]
pub fn without(wasm: &[u8]) -> Vec<u8> {
    sections(wasm).unwrap_or_else(|| wasm.to_vec())
}

fn sections(wasm: &[u8]) -> Option<Vec<u8>> {
    let (head, mut rest) = wasm.split_at_checked(8)?;
    if !head.starts_with(b"\0asm") {
        return None;
    }
    let mut kept = head.to_vec();
    while let Some((&kind, after)) = rest.split_first() {
        let (len, body) = number(after)?;
        let (content, next) = body.split_at_checked(len)?;
        let is_custom = |wanted: &[u8]| {
            kind == 0
                && number(content).and_then(|(len, name)| name.get(..len)).is_some_and(|name| name == wanted)
        };
        if !is_custom(b"name") && !is_custom(b"producers") {
            kept.extend_from_slice(rest.get(..rest.len() - next.len())?);
        }
        rest = next;
    }
    Some(kept)
}

/// A number of seven bits a byte, lowest first, and what follows it.
fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut value = 0_usize;
    for (at, byte) in bytes.iter().enumerate().take(5) {
        value |= usize::from(byte & 0x7f).checked_shl(7 * u32::try_from(at).ok()?)?;
        if byte & 0x80 == 0 {
            return Some((value, bytes.get(at + 1..)?));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_and_all_else_stays() {
        let head = b"\0asm\x01\0\0\0";
        let code = [10, 3, 1, 2, 3];
        let name = [0, 7, 4, b'n', b'a', b'm', b'e', 1, 1];
        let features = [0, 5, 2, b't', b'f', 9, 9];
        // The same length, spelled in two bytes.
        let long = [0, 0x87, 0, 4, b'n', b'a', b'm', b'e', 1, 1];
        let all = [&head[..], &code, &name, &features, &long].concat();
        assert_eq!(without(&all), [&head[..], &code, &features].concat());
        for cut in 0..all.len() {
            assert!(without(&all[..cut]).len() <= cut);
        }
        assert_eq!(without(b"no wasm"), b"no wasm");
        let broken = [&head[..], &[10, 200, 1]].concat();
        assert_eq!(without(&broken), broken);
    }
}
