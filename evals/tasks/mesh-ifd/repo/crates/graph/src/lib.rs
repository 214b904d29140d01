//! Links with a length, and the shortest way along them.

use smallvec::SmallVec;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// Places by name; most have few neighbours.
#[derive(Default)]
pub struct Graph {
    names: Vec<String>,
    known: BTreeMap<String, usize>,
    links: Vec<SmallVec<[(usize, u64); 4]>>,
}

/// A way and how long it is.
#[derive(Debug, PartialEq)]
pub struct Way {
    pub places: Vec<String>,
    pub length: u64,
}

impl Graph {
    /// Reads `FROM TO LENGTH`, a link in both directions, or `FROM > TO LENGTH`, one in one direction.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut graph = Graph::default();
        for (number, line) in text.lines().enumerate() {
            let words: Vec<&str> = line.split_whitespace().collect();
            let bad = |what: &str| format!("line {}: {what}", number + 1);
            let (from, to, length, both) = match words.as_slice() {
                [] => continue,
                [from, ">", to, length] => (from, to, length, false),
                [from, to, length] => (from, to, length, true),
                _ => return Err(bad("expected FROM TO LENGTH")),
            };
            let length = length.parse().map_err(|_| bad(&format!("{length} is no length")))?;
            let (from, to) = (graph.place(from), graph.place(to));
            graph.links[from].push((to, length));
            if both {
                graph.links[to].push((from, length));
            }
        }
        Ok(graph)
    }

    fn place(&mut self, name: &str) -> usize {
        if let Some(&at) = self.known.get(name) {
            return at;
        }
        self.known.insert(name.to_string(), self.names.len());
        self.names.push(name.to_string());
        self.links.push(SmallVec::new());
        self.names.len() - 1
    }

    /// The shortest way; of several equally long ones that which was linked first.
    pub fn way(&self, from: &str, to: &str) -> Result<Option<Way>, String> {
        let find = |name: &str| self.known.get(name).copied().ok_or(format!("{name} is not linked to anything"));
        let (start, end) = (find(from)?, find(to)?);
        let mut best: Vec<Option<(u64, usize)>> = vec![None; self.names.len()];
        let mut waiting = BinaryHeap::from([Reverse((0, start, start))]);
        while let Some(Reverse((length, at, before))) = waiting.pop() {
            if best[at].is_some() {
                continue;
            }
            best[at] = Some((length, before));
            for &(next, more) in &self.links[at] {
                if best[next].is_none() {
                    waiting.push(Reverse((length + more, next, at)));
                }
            }
        }
        let Some((length, _)) = best[end] else {
            return Ok(None);
        };
        let mut places = vec![self.names[end].clone()];
        let mut at = end;
        while at != start {
            at = best[at].map_or(start, |(_, before)| before);
            places.push(self.names[at].clone());
        }
        places.reverse();
        Ok(Some(Way { places, length }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_shorter_way_round() {
        let graph = Graph::parse("a b 5\nb c 5\na c 11\n").unwrap();
        let way = graph.way("a", "c").unwrap().unwrap();
        assert_eq!((way.places.join(" "), way.length), ("a b c".to_string(), 10));
    }

    #[test]
    fn one_direction_is_one_direction() {
        let graph = Graph::parse("a > b 1\n").unwrap();
        assert!(graph.way("a", "b").unwrap().is_some());
        assert_eq!(graph.way("b", "a"), Ok(None));
    }
}
