//! The table of the frames is in src/table.rs.
fn main() {}
