//! FNV-1a of 64 bits.

const START: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

pub fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(START, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME))
}

/// The first digits of it.
pub fn label(bytes: &[u8], digits: usize) -> String {
    let mut label = hex::encode(hash(bytes).to_be_bytes());
    label.truncate(digits.min(label.len()));
    label
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_as_its_authors_do() {
        assert_eq!(hash(b""), START);
        assert_eq!(hash(b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(hash(b"foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn labels_are_short() {
        assert_eq!(label(b"foobar", 6), "859441");
        assert_eq!(label(b"foobar", 99), "85944171f73967e8");
    }
}
