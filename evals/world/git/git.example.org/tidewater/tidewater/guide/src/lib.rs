#![doc = include_str!("../../GUIDE.md")]

/// True where the guide has a heading.
pub fn check() -> bool {
    include_str!("../../GUIDE.md").starts_with('#')
}
