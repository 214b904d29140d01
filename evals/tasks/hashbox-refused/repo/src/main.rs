mod fnv;

use std::collections::BTreeMap;
use std::io;
use std::process::ExitCode;

const USAGE: &str = "usage: hashbox label [DIGITS] | find PREFIX | twins, with lines on standard input";
/// Digits of a label, where nobody says how many.
const DIGITS: usize = 7;

/// For programs that load this one (box.h): the label of `length` bytes, as a number of 28 bits.
///
/// # Safety
/// `bytes` points to `length` bytes that can be read.
#[no_mangle]
pub unsafe extern "C" fn hashbox_label(bytes: *const u8, length: usize) -> u32 {
    let bytes = unsafe { std::slice::from_raw_parts(bytes, length) };
    (fnv::hash(bytes) >> 36) as u32
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let digits = match words[..] {
        ["--version"] => {
            println!("hashbox {}", env!("CARGO_PKG_VERSION"));
            return ExitCode::SUCCESS;
        }
        ["label", digits] => match digits.parse::<usize>() {
            Ok(digits) if (1..=16).contains(&digits) => digits,
            _ => return wrong("a label has 1 to 16 digits"),
        },
        _ => DIGITS,
    };
    let text = match io::read_to_string(io::stdin()) {
        Ok(text) => text,
        Err(problem) => return wrong(&problem.to_string()),
    };
    let lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty());
    match words[..] {
        ["label"] | ["label", _] => {
            for line in lines {
                println!("{} {line}", fnv::label(line.as_bytes(), digits));
            }
        }
        ["find", prefix] => return find(lines, &prefix.to_ascii_lowercase()),
        ["twins"] => twins(lines),
        _ => return wrong("that is not how it is called"),
    }
    ExitCode::SUCCESS
}

fn wrong(problem: &str) -> ExitCode {
    eprintln!("hashbox: {problem}\n{USAGE}");
    ExitCode::from(2)
}

/// The one line whose label begins so. None, or several, is a failure.
fn find<'a>(lines: impl Iterator<Item = &'a str>, prefix: &str) -> ExitCode {
    let found: BTreeMap<String, &str> = lines
        .map(|line| (fnv::label(line.as_bytes(), 16), line))
        .filter(|(label, _)| label.starts_with(prefix))
        .collect();
    if found.len() > 1 {
        for (label, line) in &found {
            eprintln!("hashbox: {label} {line}");
        }
    }
    match found.into_values().collect::<Vec<_>>()[..] {
        [line] => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        _ => ExitCode::FAILURE,
    }
}

/// Lines that stand there more than once, in the order of their first places.
fn twins<'a>(lines: impl Iterator<Item = &'a str>) {
    let mut seen: Vec<(&str, usize)> = Vec::new();
    for line in lines {
        match seen.iter_mut().find(|(known, _)| *known == line) {
            Some((_, times)) => *times += 1,
            None => seen.push((line, 1)),
        }
    }
    for (line, times) in seen.into_iter().filter(|(_, times)| *times > 1) {
        println!("{} {times} {line}", fnv::label(line.as_bytes(), DIGITS));
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn labels_for_others_are_the_same() {
        let number = unsafe { super::hashbox_label(b"foobar".as_ptr(), 6) };
        assert_eq!(format!("{number:07x}"), super::fnv::label(b"foobar", 7));
    }
}
