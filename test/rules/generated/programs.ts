import type { Draw } from "./random.ts";

/** Small Rust programs that do something: a function with tests, and what a run of the program must print. */

export interface ProgramSample {
  readonly stdin: string;
  readonly arguments: readonly string[];
  readonly stdout: string;
}

export interface Program {
  readonly about: string;
  /** Rust: `pub fn run(input: &str, arguments: &[String]) -> Result<String, String>` and what it needs. */
  readonly code: string;
  /** Rust: a `#[cfg(test)]` module without the attribute line. */
  readonly tests: string;
  readonly sample: ProgramSample;
}

const statistics = (draw: Draw): Program => {
  const [lines, words] = draw.pick([
    ["lines", "words"],
    ["rows", "tokens"],
    ["records", "terms"],
  ]);
  return {
    about: draw.pick(["Counts lines and words", "Text statistics for the command line", "Says how long a text is"]),
    code: `pub fn run(input: &str, _arguments: &[String]) -> Result<String, String> {
    let ${lines} = input.lines().count();
    let ${words} = input.split_whitespace().count();
    Ok(format!("${lines} {${lines}} ${words} {${words}}\\n"))
}
`,
    tests: `#[test]
fn counts() {
    assert_eq!(run("a b\\nc\\n", &[]).unwrap(), "${lines} 2 ${words} 3\\n");
}
`,
    sample: { stdin: "one two three\nfour\n", arguments: [], stdout: `${lines} 2 ${words} 4\n` },
  };
};

const ledger = (draw: Draw): Program => {
  const currency = draw.pick(["EUR", "CHF", "points"]);
  return {
    about: draw.pick(["Sums a ledger by account", "Adds up what everybody spent", "Totals of a plain text ledger"]),
    code: `use std::collections::BTreeMap;

pub fn run(input: &str, _arguments: &[String]) -> Result<String, String> {
    let mut totals: BTreeMap<&str, i64> = BTreeMap::new();
    for (number, line) in input.lines().enumerate() {
        let Some((account, amount)) = line.rsplit_once(' ') else {
            return Err(format!("line {}: no amount", number + 1));
        };
        let amount: i64 = amount.parse().map_err(|_| format!("line {}: {amount} is no number", number + 1))?;
        *totals.entry(account.trim()).or_default() += amount;
    }
    Ok(totals.iter().map(|(account, total)| format!("{account}: {total} ${currency}\\n")).collect())
}
`,
    tests: `#[test]
fn sums_by_account() {
    assert_eq!(run("b 2\\na 3\\nb -5\\n", &[]).unwrap(), "a: 3 ${currency}\\nb: -3 ${currency}\\n");
}

#[test]
fn names_the_line_that_is_wrong() {
    assert!(run("a x", &[]).unwrap_err().contains("line 1"));
}
`,
    sample: { stdin: "tea 3\nbread 4\ntea 2\n", arguments: [], stdout: `bread: 4 ${currency}\ntea: 5 ${currency}\n` },
  };
};

const contents = (draw: Draw): Program => {
  const bullet = draw.pick(["-", "*", "+"]);
  return {
    about: draw.pick(["Table of contents of a Markdown text", "Lists the headings of a document"]),
    code: `pub fn run(input: &str, _arguments: &[String]) -> Result<String, String> {
    let mut out = String::new();
    for line in input.lines() {
        let level = line.chars().take_while(|c| *c == '#').count();
        if level > 0 && line[level..].starts_with(' ') {
            out.push_str(&"  ".repeat(level - 1));
            out.push_str("${bullet} ");
            out.push_str(line[level..].trim());
            out.push('\\n');
        }
    }
    Ok(out)
}
`,
    tests: `#[test]
fn indents_by_level() {
    assert_eq!(run("# a\\ntext\\n## b\\n", &[]).unwrap(), "${bullet} a\\n  ${bullet} b\\n");
}
`,
    sample: { stdin: "# One\n## Two\nText\n", arguments: [], stdout: `${bullet} One\n  ${bullet} Two\n` },
  };
};

const conversion = (draw: Draw): Program => {
  const [from, to, factor, example] = draw.pick([
    ["km", "mi", "0.621371", "6.21"],
    ["kg", "lb", "2.204623", "22.05"],
    ["l", "gal", "0.264172", "2.64"],
  ]);
  return {
    about: draw.pick(["Converts units", `Turns ${from} into ${to}`]),
    code: `pub fn run(_input: &str, arguments: &[String]) -> Result<String, String> {
    let [value, unit] = arguments else {
        return Err("give a value and its unit".to_string());
    };
    let value: f64 = value.parse().map_err(|_| format!("{value} is no number"))?;
    match unit.as_str() {
        "${from}" => Ok(format!("{:.2} ${to}\\n", value * ${factor})),
        "${to}" => Ok(format!("{:.2} ${from}\\n", value / ${factor})),
        other => Err(format!("unknown unit {other}")),
    }
}
`,
    tests: `#[test]
fn converts_there_and_refuses_the_unknown() {
    assert_eq!(run("", &["10".into(), "${from}".into()]).unwrap(), "${example} ${to}\\n");
    assert!(run("", &["10".into(), "parsec".into()]).is_err());
}
`,
    sample: { stdin: "", arguments: ["10", from], stdout: `${example} ${to}\n` },
  };
};

const MAKERS = [statistics, ledger, contents, conversion] as const;

export const drawProgram = (draw: Draw): Program => draw.pick(MAKERS)(draw);

export interface MainOptions {
  /** How the main file gets at `run`. */
  readonly bring: string;
  /** Whether `--version` is answered. */
  readonly version: boolean;
  /** Statements before the work is done. */
  readonly before?: string;
  /** Rust expression of the text to print, in which `output` stands for what `run` gave. */
  readonly printed?: string;
}

/** A main file around \`run\`. */
export function mainFile({ bring, version, before = "", printed = "output" }: MainOptions): string {
  const versionBranch = version
    ? `    if arguments.first().is_some_and(|argument| argument == "--version") {
        println!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
        return;
    }
`
    : "";
  return `${bring}
use std::io::Read;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
${versionBranch}${before}    let mut input = String::new();
    if arguments.is_empty() {
        std::io::stdin().read_to_string(&mut input).expect("standard input is text");
    }
    match run(&input, &arguments) {
        Ok(output) => print!("{}", ${printed}),
        Err(problem) => {
            eprintln!("{problem}");
            std::process::exit(1);
        }
    }
}
`;
}

export const testModule = (tests: string): string =>
  `\n#[cfg(test)]\nmod tests {\n    use super::*;\n\n${tests
    .trimEnd()
    .split("\n")
    .map((line) => (line === "" ? "" : `    ${line}`))
    .join("\n")}\n}\n`;
