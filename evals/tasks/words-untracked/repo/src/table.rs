//! How rows are laid out.

/// Lines of a table: the numbers are flush right.
pub fn table(rows: &[(&str, usize)]) -> String {
    let width = rows
        .iter()
        .map(|(_, times)| times.to_string().len())
        .max()
        .unwrap_or(0);
    rows.iter()
        .map(|(word, times)| format!("{times:>width$} {word}\n"))
        .collect()
}
