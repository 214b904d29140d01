//! The messages of the protocol, read from the descriptor that protoc made while this program was built.

use crate::wire::{self, Value};
use anyhow::{Context, Result};

static DESCRIPTOR: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/protocol.bin"));

pub struct Message {
    pub name: String,
    pub fields: Vec<Field>,
}

pub struct Field {
    pub number: u64,
    pub name: String,
    pub repeated: bool,
    pub kind: Kind,
}

pub enum Kind {
    Scalar(&'static str),
    /// An enumeration or another message, by its last name.
    Named(String),
}

impl Kind {
    pub fn word(&self) -> &str {
        match self {
            Kind::Scalar(word) => word,
            Kind::Named(name) => name,
        }
    }
}

/// Sorted by name.
pub fn messages() -> Result<Vec<Message>> {
    let mut found = Vec::new();
    for file in parts(DESCRIPTOR, 1)? {
        for message in parts(file, 4)? {
            found.push(Message {
                name: text(message, 1)?,
                fields: parts(message, 2)?
                    .into_iter()
                    .map(field)
                    .collect::<Result<_>>()?,
            });
        }
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(found)
}

fn field(bytes: &[u8]) -> Result<Field> {
    let kind = match number(bytes, 5)? {
        1 => Kind::Scalar("double"),
        3 => Kind::Scalar("int64"),
        4 => Kind::Scalar("uint64"),
        5 => Kind::Scalar("int32"),
        8 => Kind::Scalar("bool"),
        9 => Kind::Scalar("string"),
        13 => Kind::Scalar("uint32"),
        17 => Kind::Scalar("sint32"),
        _ => {
            let path = text(bytes, 6)?;
            Kind::Named(path.rsplit('.').next().unwrap_or(&path).to_owned())
        }
    };
    Ok(Field {
        number: number(bytes, 3)?,
        name: text(bytes, 1)?,
        repeated: number(bytes, 4)? == 3,
        kind,
    })
}

fn parts(bytes: &[u8], wanted: u64) -> Result<Vec<&[u8]>> {
    Ok(wire::fields(bytes)?
        .into_iter()
        .filter_map(|(number, value)| match value {
            Value::Bytes(part) if number == wanted => Some(part),
            _ => None,
        })
        .collect())
}

fn text(bytes: &[u8], wanted: u64) -> Result<String> {
    let part = parts(bytes, wanted)?;
    let first = part.first().context("a name is missing")?;
    Ok(String::from_utf8(first.to_vec())?)
}

fn number(bytes: &[u8], wanted: u64) -> Result<u64> {
    wire::fields(bytes)?
        .into_iter()
        .find_map(|(number, value)| match value {
            Value::Number(value) if number == wanted => Some(value),
            _ => None,
        })
        .context("a number is missing")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_messages_by_name() {
        let names: Vec<_> = messages()
            .unwrap()
            .into_iter()
            .map(|one| one.name)
            .collect();
        assert!(names.is_sorted());
        assert!(names.contains(&"Crate".to_owned()) && names.contains(&"Stop".to_owned()));
    }

    #[test]
    fn tells_repeated_fields_from_single_ones() {
        let all = messages().unwrap();
        let pallet = all.iter().find(|one| one.name == "Pallet").unwrap();
        let repeated: Vec<_> = pallet.fields.iter().map(|one| one.repeated).collect();
        assert_eq!(repeated, [false, true, false]);
        assert_eq!(pallet.fields[1].kind.word(), "Crate");
    }
}
