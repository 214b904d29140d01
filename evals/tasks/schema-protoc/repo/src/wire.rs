//! The wire format of protocol buffers, as far as a descriptor needs it.

use anyhow::{bail, Context, Result};

pub enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

/// The fields of one message, in the order in which they were written.
pub fn fields(mut bytes: &[u8]) -> Result<Vec<(u64, Value<'_>)>> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let key = varint(&mut bytes)?;
        let value = match key & 7 {
            0 => Value::Number(varint(&mut bytes)?),
            2 => {
                let length = usize::try_from(varint(&mut bytes)?)?;
                if length > bytes.len() {
                    bail!("a field is cut off");
                }
                let (value, rest) = bytes.split_at(length);
                bytes = rest;
                Value::Bytes(value)
            }
            other => bail!("wire type {other} is not expected here"),
        };
        found.push((key >> 3, value));
    }
    Ok(found)
}

fn varint(bytes: &mut &[u8]) -> Result<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first().context("a number is cut off")?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    bail!("a number is too long")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_numbers_of_several_bytes() {
        let read = fields(&[0x08, 0x96, 0x01]).unwrap();
        assert!(matches!(read[..], [(1, Value::Number(150))]));
    }

    #[test]
    fn notices_what_is_cut_off() {
        assert!(fields(&[0x12, 0x05, b'a']).is_err());
        assert!(fields(&[0x80]).is_err());
    }
}
