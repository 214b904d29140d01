//! What OpenSSL does for us, behind safe functions. The library is loaded when it is first needed, so that `vault --version` and its help work
//! without it.

use libloading::{Library, Symbol};
use std::ffi::{c_char, c_int, c_uint, c_void};
use std::ptr;
use std::sync::OnceLock;

// TABLE, made by build.rs.
include!("crc.rs");

const LIBRARY: &str = "libcrypto.so.3";

pub const TAG: usize = 32;
pub const KEY: usize = 32;
pub const NONCE: usize = 16;

/// Rounds of the derivation: enough to be felt, few enough for a test.
const ROUNDS: c_int = 1_200;

type Digest = unsafe extern "C" fn() -> *const c_void;
type Hmac = unsafe extern "C" fn(
    *const c_void,
    *const c_void,
    c_int,
    *const u8,
    usize,
    *mut u8,
    *mut c_uint,
) -> *mut u8;
type Pbkdf2 = unsafe extern "C" fn(
    *const c_char,
    c_int,
    *const u8,
    c_int,
    c_int,
    *const c_void,
    c_int,
    *mut u8,
) -> c_int;
type NewContext = unsafe extern "C" fn() -> *mut c_void;
type FreeContext = unsafe extern "C" fn(*mut c_void);
type Init =
    unsafe extern "C" fn(*mut c_void, *const c_void, *mut c_void, *const u8, *const u8) -> c_int;
type Update = unsafe extern "C" fn(*mut c_void, *mut u8, *mut c_int, *const u8, c_int) -> c_int;
type Compare = unsafe extern "C" fn(*const c_void, *const c_void, usize) -> c_int;

fn library() -> &'static Library {
    static LOADED: OnceLock<Library> = OnceLock::new();
    LOADED.get_or_init(|| {
        unsafe { Library::new(LIBRARY) }
            .unwrap_or_else(|problem| panic!("cannot load {LIBRARY}: {problem}"))
    })
}

/// A function of the library, by its name.
///
/// # Safety
/// `T` is its type.
unsafe fn function<T>(name: &str) -> Symbol<'static, T> {
    unsafe { library().get(name.as_bytes()) }
        .unwrap_or_else(|problem| panic!("{LIBRARY} has no {name}: {problem}"))
}

/// CRC-32, a byte at a time.
pub fn checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |sum, &byte| {
        sum >> 8 ^ TABLE[((sum ^ u32::from(byte)) & 0xff) as usize]
    })
}

/// HMAC-SHA256.
pub fn tag(key: &[u8], text: &[u8]) -> [u8; TAG] {
    let mut out = [0u8; TAG];
    let mut length: c_uint = 0;
    let done = unsafe {
        let sha256 = function::<Digest>("EVP_sha256")();
        function::<Hmac>("HMAC")(
            sha256,
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
        let sha256 = function::<Digest>("EVP_sha256")();
        function::<Pbkdf2>("PKCS5_PBKDF2_HMAC")(
            password.as_ptr().cast(),
            password.len() as c_int,
            salt.as_ptr(),
            salt.len() as c_int,
            ROUNDS,
            sha256,
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
        let context = function::<NewContext>("EVP_CIPHER_CTX_new")();
        assert!(!context.is_null(), "no memory for a cipher");
        let cipher = function::<Digest>("EVP_aes_256_ctr")();
        let ready = function::<Init>("EVP_EncryptInit_ex")(
            context,
            cipher,
            ptr::null_mut(),
            key.as_ptr(),
            nonce.as_ptr(),
        );
        let done = function::<Update>("EVP_EncryptUpdate")(
            context,
            out.as_mut_ptr(),
            &mut length,
            text.as_ptr(),
            text.len() as c_int,
        );
        function::<FreeContext>("EVP_CIPHER_CTX_free")(context);
        assert!(ready == 1 && done == 1, "the cipher failed");
    }
    assert_eq!(length as usize, out.len());
    out
}

/// Compares without telling by its time where the difference is.
pub fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len()
        && unsafe {
            function::<Compare>("CRYPTO_memcmp")(
                one.as_ptr().cast(),
                other.as_ptr().cast(),
                one.len(),
            ) == 0
        }
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
