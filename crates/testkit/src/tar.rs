//! Tars as their writers make them, for tests.

/// A tar of regular files: ustar, a prefix where the name is long, GNU's long name beyond that.
#[must_use]
pub fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, content) in members {
        if name.len() > 100 {
            entry(&mut bytes, "././@LongLink", b'L', format!("{name}\0").as_bytes());
        }
        let short: String = name.chars().take(90).collect();
        entry(&mut bytes, &short, b'0', content);
    }
    bytes.extend([0; 1024]);
    bytes
}

/// A tar with a pax header before each member.
#[must_use]
pub fn pax(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (at, (name, content)) in members.iter().enumerate() {
        let mut record = format!(" path={name}\n");
        // The length counts its own digits.
        let mut len = record.len() + 1;
        while len != record.len() + len.to_string().len() {
            len = record.len() + len.to_string().len();
        }
        record.insert_str(0, &len.to_string());
        entry(&mut bytes, "PaxHeaders/x", b'x', record.as_bytes());
        entry(&mut bytes, &format!("short{at}"), b'0', content);
    }
    bytes.extend([0; 1024]);
    bytes
}

/// Appends one entry of a kind.
pub fn entry(bytes: &mut Vec<u8>, name: &str, kind: u8, content: &[u8]) {
    let mut header = [0_u8; 512];
    let mut put = |at: usize, text: &[u8]| {
        if let Some(field) = header.get_mut(at..at + text.len()) {
            field.copy_from_slice(text);
        }
    };
    put(0, name.as_bytes());
    put(100, b"0000644\0");
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    put(124, format!("{:011o}\0", content.len()).as_bytes());
    put(136, b"00000000000\0");
    put(148, b"        ");
    put(156, &[kind]);
    put(257, b"ustar\x0000");
    let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
    if let Some(field) = header.get_mut(148..156) {
        field.copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    }
    bytes.extend(header);
    bytes.extend(content);
    bytes.resize(bytes.len().next_multiple_of(512), 0);
}
