//! Maps of square tiles: one character a tile, one line a row.

use smallvec::SmallVec;
use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tile {
    Grass,
    Sand,
    Water,
    Rock,
}

impl Tile {
    pub const ALL: [Tile; 4] = [Tile::Grass, Tile::Sand, Tile::Water, Tile::Rock];

    pub fn read(letter: char) -> Option<Tile> {
        Tile::ALL.into_iter().find(|tile| tile.letter() == letter)
    }

    pub fn letter(self) -> char {
        match self {
            Tile::Grass => '.',
            Tile::Sand => ':',
            Tile::Water => '~',
            Tile::Rock => '#',
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Tile::Grass => "grass",
            Tile::Sand => "sand",
            Tile::Water => "water",
            Tile::Rock => "rock",
        }
    }

    /// What a step onto it costs; rock cannot be entered.
    pub fn cost(self) -> Option<u32> {
        match self {
            Tile::Grass => Some(1),
            Tile::Sand => Some(2),
            Tile::Water => Some(5),
            Tile::Rock => None,
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    pub width: usize,
    rows: Vec<Vec<Tile>>,
}

#[derive(Debug, PartialEq)]
pub enum Fault {
    Empty,
    Letter {
        line: usize,
        letter: char,
    },
    Width {
        line: usize,
        wanted: usize,
        found: usize,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Empty => write!(to, "the map has no tile"),
            Fault::Letter { line, letter } => write!(to, "line {line}: '{letter}' is no tile"),
            Fault::Width {
                line,
                wanted,
                found,
            } => write!(to, "line {line}: {found} tiles instead of {wanted}"),
        }
    }
}

impl Grid {
    pub fn parse(text: &str) -> Result<Grid, Fault> {
        let mut rows: Vec<Vec<Tile>> = Vec::new();
        for (at, line) in text
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.is_empty())
        {
            let row = line
                .chars()
                .map(|letter| {
                    Tile::read(letter).ok_or(Fault::Letter {
                        line: at + 1,
                        letter,
                    })
                })
                .collect::<Result<Vec<_>, _>>()?;
            if let Some(first) = rows.first().filter(|first| first.len() != row.len()) {
                return Err(Fault::Width {
                    line: at + 1,
                    wanted: first.len(),
                    found: row.len(),
                });
            }
            rows.push(row);
        }
        match rows.first() {
            Some(first) => Ok(Grid {
                width: first.len(),
                rows,
            }),
            None => Err(Fault::Empty),
        }
    }

    pub fn height(&self) -> usize {
        self.rows.len()
    }

    pub fn at(&self, x: usize, y: usize) -> Option<Tile> {
        self.rows.get(y)?.get(x).copied()
    }

    /// The neighbours on the map: right, down, left, up.
    pub fn around(&self, x: usize, y: usize) -> SmallVec<[(usize, usize); 4]> {
        let steps = [(1i64, 0i64), (0, 1), (-1, 0), (0, -1)];
        steps
            .into_iter()
            .filter_map(|(right, down)| {
                let x = usize::try_from(x as i64 + right).ok()?;
                let y = usize::try_from(y as i64 + down).ok()?;
                self.at(x, y).map(|_| (x, y))
            })
            .collect()
    }

    /// A quarter turn to the right.
    pub fn turned(&self) -> Grid {
        let rows = (0..self.width)
            .map(|x| (0..self.height()).rev().map(|y| self.rows[y][x]).collect())
            .collect();
        Grid {
            width: self.height(),
            rows,
        }
    }

    /// The part of a map that lies in a rectangle; None if nothing does.
    pub fn cut(&self, left: usize, top: usize, width: usize, height: usize) -> Option<Grid> {
        let rows: Vec<Vec<Tile>> = self
            .rows
            .iter()
            .skip(top)
            .take(height)
            .map(|row| row.iter().skip(left).take(width).copied().collect())
            .collect();
        let width = rows.first().map_or(0, Vec::len);
        (width > 0).then_some(Grid { width, rows })
    }

    pub fn count(&self, tile: Tile) -> usize {
        self.rows
            .iter()
            .flatten()
            .filter(|&&one| one == tile)
            .count()
    }
}

impl fmt::Display for Grid {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        for row in &self.rows {
            writeln!(
                to,
                "{}",
                row.iter().map(|tile| tile.letter()).collect::<String>()
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, Grid, Tile};

    #[test]
    fn turns_to_the_right() {
        let grid = Grid::parse(".:~\n###\n").unwrap();
        assert_eq!(grid.turned().to_string(), "#.\n#:\n#~\n");
        assert_eq!(grid.turned().turned().turned().turned(), grid);
    }

    #[test]
    fn faults_name_their_line() {
        assert_eq!(
            Grid::parse("..\n.\n"),
            Err(Fault::Width {
                line: 2,
                wanted: 2,
                found: 1
            })
        );
        assert_eq!(
            Grid::parse(".x"),
            Err(Fault::Letter {
                line: 1,
                letter: 'x'
            })
        );
        assert_eq!(Grid::parse("\n"), Err(Fault::Empty));
    }

    #[test]
    fn cuts_what_lies_inside() {
        let grid = Grid::parse("..:\n.~:\n").unwrap();
        assert_eq!(grid.cut(1, 1, 9, 9).unwrap().to_string(), "~:\n");
        assert_eq!(grid.cut(3, 0, 1, 1), None);
        assert_eq!(grid.count(Tile::Sand), 2);
        assert_eq!(grid.around(0, 0).as_slice(), [(1, 0), (0, 1)]);
    }
}
