use std::ffi::{c_char, c_int, CString};

extern "C" {
    fn container_digit(number: *const c_char) -> c_int;
}

/// What a written number is.
#[derive(Debug, PartialEq)]
pub enum Judged {
    Right(String),
    WrongDigit { number: String, wanted: u8 },
    NoNumber,
}

/// Judges `CSQU 305438-3`, `csqu3054383` and the like; blanks and `-` mean nothing.
pub fn judge(text: &str) -> Judged {
    let number: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| c.to_ascii_uppercase())
        .collect();
    if number.len() != 11 || !number.is_ascii() {
        return Judged::NoNumber;
    }
    let Some(wanted) = digit(&number[..10]) else {
        return Judged::NoNumber;
    };
    match number[10..].parse::<u8>() {
        Ok(written) if written == wanted => Judged::Right(number),
        Ok(_) => Judged::WrongDigit { number, wanted },
        Err(_) => Judged::NoNumber,
    }
}

fn digit(ten: &str) -> Option<u8> {
    let ten = CString::new(ten).ok()?;
    // SAFETY: ten characters and a terminator; the function reads ten.
    let digit = unsafe { container_digit(ten.as_ptr()) };
    u8::try_from(digit).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_right_number_is_right_however_it_is_written() {
        assert_eq!(judge("csqu 305438-3"), Judged::Right("CSQU3054383".to_string()));
    }

    #[test]
    fn a_wrong_digit_is_told() {
        let judged = judge("CSQU3054384");
        assert_eq!(judged, Judged::WrongDigit { number: "CSQU3054384".to_string(), wanted: 3 });
    }

    #[test]
    fn letters_stand_in_front_only() {
        assert_eq!(judge("CS1U3054383"), Judged::NoNumber);
    }
}
