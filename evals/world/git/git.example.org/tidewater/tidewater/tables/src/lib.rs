//! Tables of the tide.

mod tables;

/// True where the highest tide is known.
pub fn check() -> bool {
    tables::HIGH > 0
}
