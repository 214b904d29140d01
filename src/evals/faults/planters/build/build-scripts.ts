import { withBuildScript } from "../../edit/programs.ts";
import { drawName } from "../../edit/words.ts";
import type { Planter } from "../../fault.ts";

/** Rows 15 and 30: build scripts that ask the network or a person. */
export const buildScripts: readonly Planter[] = [
  {
    name: "build-script-downloads",
    row: 15,
    label: "network-at-build",
    mechanical: false,
    why: "what is downloaded must be pinned by a person",
    plant(repository, draw) {
      const host = `${draw.pick(["models", "downloads", "cdn"])}.${drawName(draw)}.example.org`;
      const body = draw.pick([
        `    let url = "https://${host}/data.tar.gz";\n    println!("downloading {url}");\n    std::net::TcpStream::connect("${host}:443").unwrap_or_else(|problem| panic!("cannot download {url}: {problem}"));\n`,
        `    use std::net::ToSocketAddrs;\n    let found = "${host}:443".to_socket_addrs().expect("https://${host}/v1/tables.bin can be fetched");\n    println!("cargo:warning={}", found.count());\n`,
        `    let stream = std::net::TcpStream::connect("${host}:80");\n    if let Err(problem) = stream {\n        eprintln!("failed to fetch http://${host}/dictionary: {problem}");\n        std::process::exit(1);\n    }\n`,
      ]);
      return withBuildScript(repository, `fn main() {\n${body}}\n`, `a build script downloads from ${host}`);
    },
  },
  {
    name: "asks-on-terminal",
    row: 30,
    label: "interactive",
    mechanical: false,
    why: "what a build asks for must be answered by a person, and put into its arguments",
    plant(repository, draw) {
      const ask = draw.pick([
        'std::fs::File::open("/dev/tty").unwrap_or_else(|problem| panic!("cannot open /dev/tty: {problem}"));',
        'use std::io::IsTerminal;\n    assert!(std::io::stdin().is_terminal(), "stdin is not a terminal: cannot ask for the licence");',
      ]);
      return withBuildScript(repository, `fn main() {\n    ${ask}\n}\n`, "a build script asks a question on the terminal");
    },
  },
];
