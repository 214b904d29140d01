/// A ship as the list names it; its draught is in centimetres.
#[derive(Debug, PartialEq)]
pub struct Ship {
    pub name: String,
    pub draught: u32,
}

/// Reads `NAME DRAUGHT` lines; `#` begins a comment, `m` after a number means metres.
pub fn parse(text: &str) -> Result<Vec<Ship>, String> {
    let mut ships = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.split('#').next().unwrap_or("").trim();
        if line.is_empty() {
            continue;
        }
        let (name, draught) = line
            .rsplit_once(char::is_whitespace)
            .ok_or(format!("line {}: expected NAME DRAUGHT", number + 1))?;
        ships.push(Ship {
            name: name.trim().to_string(),
            draught: centimetres(draught).ok_or(format!("line {}: {draught} is no draught", number + 1))?,
        });
    }
    Ok(ships)
}

fn centimetres(text: &str) -> Option<u32> {
    match text.strip_suffix('m') {
        Some(metres) => metres.parse::<u32>().ok()?.checked_mul(100),
        None => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_may_hold_blanks_and_metres_are_known() {
        let ships = parse("# north quay\nBlack Swan 4m\nTern 320 # small\n").unwrap();
        assert_eq!(ships[0].name, "Black Swan");
        assert_eq!(ships[0].draught, 400);
        assert_eq!(ships[1].draught, 320);
    }

    #[test]
    fn a_bad_draught_is_named_with_its_line() {
        assert_eq!(parse("Tern 320\nGull deep\n"), Err("line 2: deep is no draught".to_string()));
    }
}
