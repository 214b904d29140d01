//! A box: its name, the sealed text in lines of hexadecimal, the checksum of what is inside, and a tag over all of it.

use crate::{crypto, hex};

const WIDTH: usize = 48;

pub fn seal(password: &str, name: &str, text: &[u8]) -> String {
    let (key, nonce) = crypto::derive(password, name);
    let hidden = hex::encode(&crypto::stream(&key, &nonce, text));
    let mut lines = vec![format!("box {name} {}", text.len())];
    for start in (0..hidden.len()).step_by(WIDTH) {
        let end = hidden.len().min(start + WIDTH);
        lines.push(format!("  {}", &hidden[start..end]));
    }
    lines.push(format!("sum {:08x}", crypto::checksum(text)));
    let body = lines.join("\n");
    let tag = crypto::tag(&key, body.as_bytes());
    format!("{body}\nend {}\n", hex::encode(&tag[..12]))
}

pub fn open(password: &str, sealed: &str) -> Result<Vec<u8>, String> {
    let sealed = sealed.trim_end_matches('\n');
    let (body, last) = sealed.rsplit_once('\n').ok_or("this is no box")?;
    let mut lines = body.lines();
    let header = lines.next().ok_or("this is no box")?;
    let name = match header.split(' ').collect::<Vec<_>>()[..] {
        ["box", name, _] => name,
        _ => return Err("this is no box".into()),
    };
    let (key, nonce) = crypto::derive(password, name);
    let tag = last
        .strip_prefix("end ")
        .and_then(hex::decode)
        .ok_or("the box has no end")?;
    if !crypto::same(&tag, &crypto::tag(&key, body.as_bytes())[..12]) {
        return Err(format!(
            "box {name} does not open: wrong password, or it was changed"
        ));
    }
    let digits: String = lines.filter_map(|line| line.strip_prefix("  ")).collect();
    let hidden = hex::decode(&digits).ok_or("the box holds no hexadecimal")?;
    Ok(crypto::stream(&key, &nonce, &hidden))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_what_it_sealed() {
        let sealed = seal("swordfish", "attic", b"one lamp\ntwo chairs\n");
        assert!(sealed.starts_with("box attic 20\n"));
        assert_eq!(
            open("swordfish", &sealed).unwrap(),
            b"one lamp\ntwo chairs\n"
        );
    }

    #[test]
    fn notices_a_change() {
        let sealed = seal("swordfish", "attic", b"one lamp");
        assert!(open("sawfish", &sealed).is_err());
        assert!(open("swordfish", &sealed.replace("box attic", "box cellar")).is_err());
        assert!(open("swordfish", "nothing").is_err());
    }
}
