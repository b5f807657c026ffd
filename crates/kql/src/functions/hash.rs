//! `hash(value, [modulus])`.
use super::{Call, Function, Kind, Parameter, Value};

pub(super) const FUNCTION: Function = Function {
    name: "hash",
    aliases: &["hash_xxhash64"],
    about: "A hash of the value (xxHash64), or its remainder.",
    parameters: &[Parameter::Any, Parameter::Whole],
    optional: 1,
    returns: |_| Ok(Kind::Long),
    call,
    examples: &[(r#"hash("World")"#, "1846988464401551951"), (r#"hash("World", 100)"#, "51"), (r#"hash(datetime("2015-01-01"))"#, "1380966698541616202")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let hashed = match (call.kind_of(0), call.value(0)) {
        (_, Value::Null) => return Value::Null,
        (_, Value::Bool(truth)) => xxh64(&[u8::from(truth)]),
        #[expect(clippy::cast_possible_truncation, reason = "an int is kept as a long")]
        (Kind::Int, Value::Long(long)) => xxh64(&(long as i32).to_le_bytes()),
        (_, Value::Long(long)) => xxh64(&long.to_le_bytes()),
        (_, Value::Real(real)) => xxh64(&real.to_le_bytes()),
        _ => xxh64(call.shown(0).text().as_bytes()),
    }
    .cast_signed();
    match (call.has(1), call.long(1)) {
        (false, _) => Value::Long(hashed),
        (true, Some(modulus)) if modulus > 0 => Value::Long(hashed.rem_euclid(modulus)),
        (true, _) => Value::Null,
    }
}

const PRIMES: [u64; 5] = [
    0x9e37_79b1_85eb_ca87,
    0xc2b2_ae3d_27d4_eb4f,
    0x1656_67b1_9e37_79f9,
    0x85eb_ca77_c2b2_ae63,
    0x27d4_eb2f_1656_67c5,
];

fn round(lane: u64, input: u64) -> u64 {
    lane.wrapping_add(input.wrapping_mul(PRIMES[1])).rotate_left(31).wrapping_mul(PRIMES[0])
}

/// xxHash, 64 bits, seed 0.
pub(crate) fn xxh64(bytes: &[u8]) -> u64 {
    let (stripes, rest) = bytes.as_chunks::<32>();
    let mut hash = PRIMES[4];
    if !stripes.is_empty() {
        let mut lanes = [PRIMES[0].wrapping_add(PRIMES[1]), PRIMES[1], 0, PRIMES[0].wrapping_neg()];
        for stripe in stripes {
            let (words, _) = stripe.as_chunks::<8>();
            for (lane, word) in lanes.iter_mut().zip(words) {
                *lane = round(*lane, u64::from_le_bytes(*word));
            }
        }
        let [a, b, c, d] = lanes;
        hash = a.rotate_left(1).wrapping_add(b.rotate_left(7)).wrapping_add(c.rotate_left(12)).wrapping_add(d.rotate_left(18));
        for lane in lanes {
            hash = (hash ^ round(0, lane)).wrapping_mul(PRIMES[0]).wrapping_add(PRIMES[3]);
        }
    }
    hash = hash.wrapping_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
    let (words, rest) = rest.as_chunks::<8>();
    for word in words {
        hash = (hash ^ round(0, u64::from_le_bytes(*word))).rotate_left(27).wrapping_mul(PRIMES[0]).wrapping_add(PRIMES[3]);
    }
    let (words, rest) = rest.as_chunks::<4>();
    for word in words {
        hash = (hash ^ u64::from(u32::from_le_bytes(*word)).wrapping_mul(PRIMES[0])).rotate_left(23).wrapping_mul(PRIMES[1]).wrapping_add(PRIMES[2]);
    }
    for byte in rest {
        hash = (hash ^ u64::from(*byte).wrapping_mul(PRIMES[4])).rotate_left(11).wrapping_mul(PRIMES[0]);
    }
    hash = (hash ^ hash >> 33).wrapping_mul(PRIMES[1]);
    hash = (hash ^ hash >> 29).wrapping_mul(PRIMES[2]);
    hash ^ hash >> 32
}
