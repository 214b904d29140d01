//! The same functions without OpenSSL.

pub const TAG: usize = 32;
pub const KEY: usize = 32;
pub const NONCE: usize = 16;

pub fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |sum, &byte| sum.rotate_left(5) ^ u32::from(byte))
}

pub fn tag(key: &[u8], text: &[u8]) -> [u8; TAG] {
    let mut out = [0u8; TAG];
    for (at, byte) in key.iter().chain(text).enumerate() {
        out[at % TAG] = out[at % TAG].rotate_left(3) ^ byte;
    }
    out
}

pub fn derive(password: &str, name: &str) -> ([u8; KEY], [u8; NONCE]) {
    let both = tag(password.as_bytes(), name.as_bytes());
    (both, both[..NONCE].try_into().expect("its length is known"))
}

pub fn stream(key: &[u8; KEY], nonce: &[u8; NONCE], text: &[u8]) -> Vec<u8> {
    let pad = key.iter().chain(nonce).cycle();
    text.iter().zip(pad).map(|(byte, pad)| byte ^ pad).collect()
}

pub fn same(one: &[u8], other: &[u8]) -> bool {
    one == other
}
