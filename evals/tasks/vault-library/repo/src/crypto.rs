//! What OpenSSL and zlib do for us, behind safe functions.

use openssl_sys as ffi;
use std::ffi::{c_int, c_uint, c_ulong, c_void};
use std::ptr;

extern "C" {
    /// OpenSSL's, which `openssl-sys` leaves out.
    #[link_name = "HMAC"]
    fn openssl_hmac(
        digest: *const ffi::EVP_MD,
        key: *const c_void,
        key_length: c_int,
        text: *const u8,
        length: usize,
        out: *mut u8,
        out_length: *mut c_uint,
    ) -> *mut u8;
    /// zlib's CRC-32; `build.rs` finds the library.
    #[link_name = "crc32"]
    fn zlib_crc32(before: c_ulong, bytes: *const u8, length: c_uint) -> c_ulong;
}

pub const TAG: usize = 32;
pub const KEY: usize = 32;
pub const NONCE: usize = 16;

/// Rounds of the derivation: enough to be felt, few enough for a test.
const ROUNDS: c_int = 1_200;

pub fn checksum(bytes: &[u8]) -> u32 {
    let value = unsafe { zlib_crc32(0, bytes.as_ptr(), bytes.len() as c_uint) };
    value as u32
}

/// HMAC-SHA256.
pub fn tag(key: &[u8], text: &[u8]) -> [u8; TAG] {
    let mut out = [0u8; TAG];
    let mut length: c_uint = 0;
    let done = unsafe {
        openssl_hmac(
            ffi::EVP_sha256(),
            key.as_ptr().cast(),
            key.len() as c_int,
            text.as_ptr(),
            text.len(),
            out.as_mut_ptr(),
            &mut length,
        )
    };
    assert!(!done.is_null() && length as usize == TAG, "HMAC failed");
    out
}

/// Key and nonce of a box, from its password and its name.
pub fn derive(password: &str, name: &str) -> ([u8; KEY], [u8; NONCE]) {
    let salt = format!("vault/{name}");
    let mut both = [0u8; KEY + NONCE];
    let done = unsafe {
        ffi::PKCS5_PBKDF2_HMAC(
            password.as_ptr().cast(),
            password.len() as c_int,
            salt.as_ptr(),
            salt.len() as c_int,
            ROUNDS,
            ffi::EVP_sha256(),
            both.len() as c_int,
            both.as_mut_ptr(),
        )
    };
    assert_eq!(done, 1, "the derivation failed");
    let (key, nonce) = both.split_at(KEY);
    (
        key.try_into().expect("its length is known"),
        nonce.try_into().expect("its length is known"),
    )
}

/// AES-256 in counter mode: sealing and opening are the same step.
pub fn stream(key: &[u8; KEY], nonce: &[u8; NONCE], text: &[u8]) -> Vec<u8> {
    let mut out = vec![0u8; text.len()];
    let mut length: c_int = 0;
    unsafe {
        let context = ffi::EVP_CIPHER_CTX_new();
        assert!(!context.is_null(), "no memory for a cipher");
        let ready = ffi::EVP_EncryptInit_ex(
            context,
            ffi::EVP_aes_256_ctr(),
            ptr::null_mut(),
            key.as_ptr(),
            nonce.as_ptr(),
        );
        let done = ffi::EVP_EncryptUpdate(
            context,
            out.as_mut_ptr(),
            &mut length,
            text.as_ptr(),
            text.len() as c_int,
        );
        ffi::EVP_CIPHER_CTX_free(context);
        assert!(ready == 1 && done == 1, "the cipher failed");
    }
    assert_eq!(length as usize, out.len());
    out
}

/// Compares without telling by its time where the difference is.
pub fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len()
        && unsafe { ffi::CRYPTO_memcmp(one.as_ptr().cast(), other.as_ptr().cast(), one.len()) == 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hex;

    #[test]
    fn tags_as_rfc_4231_says() {
        let found = tag(b"Jefe", b"what do ya want for nothing?");
        assert_eq!(
            hex::encode(&found),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn sums_as_everybody_does() {
        assert_eq!(checksum(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn a_stream_undoes_itself() {
        let (key, nonce) = derive("open sesame", "cave");
        let hidden = stream(&key, &nonce, b"forty jars");
        assert_ne!(hidden, b"forty jars");
        assert_eq!(stream(&key, &nonce, &hidden), b"forty jars");
    }

    #[test]
    fn compares_all_of_it() {
        assert!(same(b"abc", b"abc"));
        assert!(!same(b"abc", b"abd"));
        assert!(!same(b"abc", b"ab"));
    }
}
