//! Encrypted members of a zip: the first PC's cipher, and AES as WinZip has it.
//!
//! **Invariant:** the password is tried on the first bytes; a wrong one gives [`WRONG_PASSWORD`] and nothing else.

use super::{CHUNK, Codec, Decoded};
use crate::place::{Crypt, Password};
use aes::cipher::{BlockCipherEncrypt as _, KeyInit as _};
use aes::{Aes128, Aes192, Aes256};
use hmac::{Hmac, Mac as _};
use sha1::Sha1;

/// The password is none, or another one.
pub(crate) const WRONG_PASSWORD: &str = "encrypted, and the password given is not the one";
/// No password was given.
pub(crate) const NO_PASSWORD: &str = "encrypted: give its password to read it";

/// Bytes of the older cipher's header.
const OLD_HEADER: usize = 12;
/// Rounds by which AES' key is made.
const ROUNDS: u32 = 1_000;
/// Bytes of the code behind AES' data.
const CODE: usize = 10;
const BLOCK: usize = 16;

/// The codec for a member of `packed` bytes.
pub(crate) fn decrypting(crypt: Crypt, packed: Option<u64>, password: &Password) -> Box<dyn Codec> {
    match crypt {
        Crypt::Old { check } => {
            Box::new(Old { keys: Keys::new(password.bytes()), check, header: OLD_HEADER })
        }
        Crypt::Aes { strength } => {
            Box::new(WinZip { strength, packed, password: password.clone(), state: None })
        }
    }
}

/// The first PC's cipher.
struct Old {
    keys: Keys,
    /// What the last byte of the header must be.
    check: u8,
    /// Bytes of the header still to come.
    header: usize,
}

struct Keys([u32; 3]);

impl Keys {
    fn new(password: &[u8]) -> Self {
        let mut keys = Self([0x1234_5678, 0x2345_6789, 0x3456_7890]);
        password.iter().for_each(|&byte| keys.update(byte));
        keys
    }

    fn update(&mut self, byte: u8) {
        let [first, second, third] = &mut self.0;
        *first = crc_step(*first, byte);
        *second = second.wrapping_add(*first & 0xFF).wrapping_mul(134_775_813).wrapping_add(1);
        *third = crc_step(*third, second.to_be_bytes()[0]);
    }

    fn decrypt(&mut self, byte: u8) -> u8 {
        let word = self.0[2] | 2;
        let [_, mask, ..] = word.wrapping_mul(word ^ 1).to_le_bytes();
        let plain = byte ^ mask;
        self.update(plain);
        plain
    }
}

/// One step of CRC-32.
fn crc_step(crc: u32, byte: u8) -> u32 {
    let [low, ..] = crc.to_le_bytes();
    crc >> 8 ^ STEPS.get(usize::from(low ^ byte)).copied().unwrap_or(0)
}

/// What eight steps of a bit make of each byte.
const STEPS: [u32; 256] = {
    let mut steps = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut crc = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 0 { crc >> 1 } else { crc >> 1 ^ 0xEDB8_8320 };
            bit += 1;
        }
        steps[byte] = crc;
        byte += 1;
    }
    steps
};

impl std::fmt::Debug for Old {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Old")
    }
}

impl Codec for Old {
    fn decode(&mut self, input: &[u8], out: &mut Vec<u8>) -> Result<Decoded, String> {
        let mut used = 0_usize;
        for &byte in input.iter().take(CHUNK) {
            used = used.saturating_add(1);
            let plain = self.keys.decrypt(byte);
            if self.header == 0 {
                out.push(plain);
                continue;
            }
            self.header = self.header.saturating_sub(1);
            if self.header == 0 && plain != self.check {
                return Err(WRONG_PASSWORD.to_owned());
            }
        }
        Ok(Decoded { used, is_end: false })
    }

    fn ends_with_input(&self) -> bool {
        true
    }
}

/// AES in counter mode with a code behind the data.
struct WinZip {
    strength: u8,
    packed: Option<u64>,
    password: Password,
    state: Option<Box<Counting>>,
}

struct Counting {
    cipher: Cipher,
    code: Hmac<Sha1>,
    counter: u128,
    mask: [u8; BLOCK],
    /// Bytes of the mask that are used.
    used: usize,
    /// Bytes of data still to come.
    left: u64,
}

enum Cipher {
    Aes128(Aes128),
    Aes192(Aes192),
    Aes256(Aes256),
}

impl Cipher {
    fn new(key: &[u8]) -> Option<Self> {
        Some(match key.len() {
            16 => Self::Aes128(Aes128::new_from_slice(key).ok()?),
            24 => Self::Aes192(Aes192::new_from_slice(key).ok()?),
            _ => Self::Aes256(Aes256::new_from_slice(key).ok()?),
        })
    }

    fn mask(&self, counter: u128) -> [u8; BLOCK] {
        let mut block = counter.to_le_bytes().into();
        match self {
            Self::Aes128(aes) => aes.encrypt_block(&mut block),
            Self::Aes192(aes) => aes.encrypt_block(&mut block),
            Self::Aes256(aes) => aes.encrypt_block(&mut block),
        }
        block.into()
    }
}

impl WinZip {
    /// The keys, once salt and the check of the password are there.
    fn begin(&mut self, input: &[u8]) -> Result<Option<usize>, String> {
        let key_len = match self.strength {
            1 => 16_usize,
            2 => 24,
            3 => 32,
            _ => return Err("its AES is of a strength that there is not".to_owned()),
        };
        let salt_len = key_len / 2;
        let front = salt_len.saturating_add(2);
        let (Some(salt), Some(check)) = (input.get(..salt_len), input.get(salt_len..front)) else {
            return Ok(None);
        };
        let mut keys = [0_u8; 66];
        let len = key_len.saturating_mul(2).saturating_add(2);
        let made = keys.get_mut(..len).unwrap_or_default();
        pbkdf2::pbkdf2_hmac::<Sha1>(self.password.bytes(), salt, ROUNDS, made);
        let (cipher_key, rest) = made.split_at(key_len.min(made.len()));
        let (code_key, verifier) = rest.split_at(key_len.min(rest.len()));
        if verifier != check {
            return Err(WRONG_PASSWORD.to_owned());
        }
        let around = front.saturating_add(CODE) as u64;
        let left = self.packed.and_then(|packed| packed.checked_sub(around));
        let (Some(left), Some(cipher)) = (left, Cipher::new(cipher_key)) else {
            return Err("its length is not known".to_owned());
        };
        let code = Hmac::<Sha1>::new_from_slice(code_key).map_err(|error| error.to_string())?;
        let state = Counting { cipher, code, counter: 0, mask: [0; BLOCK], used: BLOCK, left };
        self.state = Some(Box::new(state));
        Ok(Some(front))
    }
}

impl std::fmt::Debug for WinZip {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "WinZip({})", self.strength)
    }
}

impl Codec for WinZip {
    fn decode(&mut self, input: &[u8], out: &mut Vec<u8>) -> Result<Decoded, String> {
        let Some(state) = &mut self.state else {
            let used = self.begin(input)?.unwrap_or(0);
            return Ok(Decoded { used, is_end: false });
        };
        if state.left == 0 {
            let Some(said) = input.get(..CODE) else { return Ok(Decoded { used: 0, is_end: false }) };
            let found = state.code.clone().finalize().into_bytes();
            if found.get(..CODE) != Some(said) {
                return Err("its authentication code does not match: its content was changed".to_owned());
            }
            return Ok(Decoded { used: CODE, is_end: true });
        }
        let len = usize::try_from(state.left).unwrap_or(usize::MAX).min(input.len()).min(CHUNK);
        let data = input.get(..len).unwrap_or_default();
        state.code.update(data);
        for &byte in data {
            if state.used >= BLOCK {
                state.counter = state.counter.wrapping_add(1);
                state.mask = state.cipher.mask(state.counter);
                state.used = 0;
            }
            out.push(byte ^ state.mask.get(state.used).copied().unwrap_or(0));
            state.used = state.used.saturating_add(1);
        }
        state.left = state.left.saturating_sub(len as u64);
        Ok(Decoded { used: len, is_end: false })
    }
}
