//! The cheapest way between two tiles (Dijkstra). Of equal ways the one that was found first stays.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use tilegrid::Grid;

pub type Place = (usize, usize);

pub struct Way {
    pub cost: u32,
    pub places: Vec<Place>,
}

/// None where a way does not exist. The tile that one stands on costs nothing.
pub fn cheapest(grid: &Grid, from: Place, to: Place) -> Option<Way> {
    grid.at(from.0, from.1)?.cost()?;
    let mut best: HashMap<Place, (u32, Option<Place>)> = HashMap::from([(from, (0, None))]);
    let mut open = BinaryHeap::from([Reverse((0u32, from))]);
    while let Some(Reverse((cost, here))) = open.pop() {
        if here == to {
            return Some(Way {
                cost,
                places: trace(&best, to),
            });
        }
        if best.get(&here).is_some_and(|known| known.0 < cost) {
            continue;
        }
        for next in grid.around(here.0, here.1) {
            let Some(step) = grid.at(next.0, next.1).and_then(|tile| tile.cost()) else {
                continue;
            };
            let total = cost + step;
            if best.get(&next).is_none_or(|known| total < known.0) {
                best.insert(next, (total, Some(here)));
                open.push(Reverse((total, next)));
            }
        }
    }
    None
}

fn trace(best: &HashMap<Place, (u32, Option<Place>)>, to: Place) -> Vec<Place> {
    let mut places = vec![to];
    while let Some((_, Some(before))) = places.last().and_then(|place| best.get(place)) {
        places.push(*before);
    }
    places.reverse();
    places
}

#[cfg(test)]
mod tests {
    use super::cheapest;
    use tilegrid::Grid;

    #[test]
    fn goes_around_water() {
        let grid = Grid::parse(".~.\n...\n").unwrap();
        let way = cheapest(&grid, (0, 0), (2, 0)).unwrap();
        assert_eq!(way.cost, 4);
        assert_eq!(way.places, [(0, 0), (0, 1), (1, 1), (2, 1), (2, 0)]);
    }

    #[test]
    fn rock_is_in_the_way() {
        let grid = Grid::parse(".#.").unwrap();
        assert!(cheapest(&grid, (0, 0), (2, 0)).is_none());
    }
}
