use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Where notes are kept: `$MEMO_FILE`, else `.memo` in the home folder.
pub fn place() -> Option<PathBuf> {
    if let Some(file) = std::env::var_os("MEMO_FILE") {
        return Some(PathBuf::from(file));
    }
    std::env::var_os("HOME").map(|home| Path::new(&home).join(".memo"))
}

pub fn add(file: &Path, text: &str) -> io::Result<()> {
    let mut notes = fs::OpenOptions::new().create(true).append(true).open(file)?;
    writeln!(notes, "{}", text.replace('\n', " "))
}

pub fn all(file: &Path) -> Vec<String> {
    fs::read_to_string(file)
        .map(|text| text.lines().map(String::from).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_notes() {
        let file = std::env::temp_dir().join(format!("memo-{}", fastrand::u64(..)));
        let mark = format!("note {}", fastrand::u64(..));
        add(&file, &mark).expect("a temporary folder");
        assert!(all(&file).contains(&mark));
    }

    #[test]
    fn a_missing_file_holds_no_notes() {
        assert!(all(Path::new("/nowhere/at/all")).is_empty());
    }
}
