//! The frames of `include/frames.h`, as build.rs found them.

use anyhow::{ensure, Context, Result};

pub struct Frame {
    pub name: &'static str,
    pub size: usize,
    pub fields: &'static [Field],
}

pub struct Field {
    pub name: &'static str,
    pub offset: usize,
    /// Bytes of one value.
    pub width: usize,
    pub count: usize,
    pub kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    Bool,
    Text,
    Signed,
    Unsigned,
}

include!("table.rs");

pub fn named(name: &str) -> Result<&'static Frame> {
    FRAMES
        .iter()
        .find(|one| one.name == name)
        .with_context(|| format!("there is no frame {name}"))
}

impl Field {
    /// Its type, as `show` prints it.
    pub fn word(&self) -> String {
        let one = match self.kind {
            Kind::Bool => "bool".to_owned(),
            Kind::Text => "text".to_owned(),
            Kind::Signed => format!("i{}", self.width * 8),
            Kind::Unsigned => format!("u{}", self.width * 8),
        };
        if self.count == 1 {
            one
        } else {
            format!("{one}[{}]", self.count)
        }
    }

    /// Its value in the bytes of a frame.
    pub fn read(&self, frame: &[u8]) -> Result<String> {
        let bytes = &frame[self.offset..self.offset + self.width * self.count];
        if self.kind == Kind::Text {
            return Ok(letters(bytes));
        }
        let values: Result<Vec<String>> = bytes.chunks(self.width).map(|one| self.value(one)).collect();
        Ok(values?.join(" "))
    }

    fn value(&self, bytes: &[u8]) -> Result<String> {
        let number = bytes.iter().rev().fold(0u64, |number, &byte| number << 8 | u64::from(byte));
        Ok(match self.kind {
            Kind::Signed => {
                let unused = 64 - 8 * self.width as u32;
                ((number << unused) as i64 >> unused).to_string()
            }
            Kind::Bool => {
                ensure!(number < 2, "{} is no bool: {number}", self.name);
                (number == 1).to_string()
            }
            Kind::Text | Kind::Unsigned => number.to_string(),
        })
    }
}

/// To the first zero; what is no printable letter is a question mark.
fn letters(bytes: &[u8]) -> String {
    bytes
        .iter()
        .take_while(|&&byte| byte != 0)
        .map(|&byte| if byte.is_ascii_graphic() { char::from(byte) } else { '?' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_how_the_compiler_lays_them_out() {
        let alarm = named("alarm").unwrap();
        let offsets: Vec<_> = alarm.fields.iter().map(|one| one.offset).collect();
        assert_eq!((alarm.size, offsets), (12, vec![0, 2, 4, 8]));
    }

    #[test]
    fn reads_signs_and_letters() {
        let signed = Field { name: "x", offset: 0, width: 2, count: 2, kind: Kind::Signed };
        assert_eq!(signed.read(&[0xff, 0xff, 0x00, 0x01]).unwrap(), "-1 256");
        assert_eq!(letters(b"A B\0C"), "A?B");
    }
}
