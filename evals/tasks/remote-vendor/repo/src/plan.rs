use crate::ships::Ship;

/// Least water below a keel, in centimetres.
const LEAST: u32 = 30;

/// One line a ship, shallow ones first, then how many enter and how many wait.
pub fn plan(ships: &[Ship], depth: u32, clearance: u32) -> String {
    let mut sorted: Vec<&Ship> = ships.iter().collect();
    sorted.sort_by(|a, b| (a.draught, &a.name).cmp(&(b.draught, &b.name)));
    let mut text = String::new();
    let mut entering = 0;
    for ship in &sorted {
        let wanted = needed(ship.draught, clearance);
        if wanted <= depth {
            entering += 1;
            text.push_str(&format!("{}: enters, {} cm to spare\n", ship.name, depth - wanted));
        } else {
            text.push_str(&format!("{}: waits for {} cm\n", ship.name, wanted - depth));
        }
    }
    text.push_str(&format!("{} enter, {} wait\n", entering, sorted.len() - entering));
    text
}

fn needed(draught: u32, clearance: u32) -> u32 {
    draught + (draught * clearance / 100).max(LEAST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_ships_keep_the_least_clearance() {
        assert_eq!(needed(100, 10), 130);
        assert_eq!(needed(900, 10), 990);
    }

    #[test]
    fn shallow_ships_come_first() {
        let ships = [("Deep", 900), ("Flat", 100)].map(|(name, draught)| Ship {
            name: name.to_string(),
            draught,
        });
        let text = plan(&ships, 500, 10);
        assert_eq!(text, "Flat: enters, 370 cm to spare\nDeep: waits for 490 cm\n1 enter, 1 wait\n");
    }
}
