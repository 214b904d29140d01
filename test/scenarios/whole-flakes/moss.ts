import type { Files } from "../../program/place.ts";
import { closure, lockFile } from "../../rules/generated/crates.ts";

/**
 * A workspace whose guide wants it built crate by crate. The guide builds checks as if they were packages, as such guides do.
 * @param rust release of this machine: the only one that the shipped world can build with
 */
export function moss(rust: string): Files {
  const [major, minor] = rust.split(".");
  const manifest = (name: string, more = ""): string =>
    `[package]\nname = "${name}"\nversion = "1.2.0"\nedition = "2021"\nrust-version = "${major}.${minor}"\n${more}`;
  const version = (name: string): string =>
    `    if std::env::args().nth(1).as_deref() == Some("--version") {\n        println!("${name} {}", env!("CARGO_PKG_VERSION"));\n        return;\n    }\n`;
  const own = (name: string, ...dependencies: string[]) => ({ name, version: "1.2.0", dependencies });
  return {
    "Cargo.toml": '[workspace]\nmembers = ["agent", "cli", "core"]\nresolver = "2"\n',
    "Cargo.lock": lockFile(
      [own("moss-agent", "moss-core", "openssl-sys"), own("moss-cli", "moss-core"), own("moss-core")],
      closure(["openssl-sys"]),
      4,
    ),
    "core/Cargo.toml": manifest("moss-core"),
    "core/src/lib.rs":
      "pub fn grown(days: u32) -> u32 {\n    days / 7\n}\n\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn a_week() {\n        assert_eq!(super::grown(7), 1);\n    }\n}\n",
    "cli/Cargo.toml": manifest("moss-cli", '\n[dependencies]\nmoss-core = { path = "../core" }\n'),
    "cli/src/main.rs": `fn main() {\n${version("moss-cli")}    println!("{}", moss_core::grown(21));\n}\n`,
    "agent/Cargo.toml": manifest("moss-agent", '\n[dependencies]\nmoss-core = { path = "../core" }\nopenssl-sys = "0.9"\n'),
    "agent/src/main.rs": `fn main() {\n${version("moss-agent")}    println!("{:x} {}", unsafe { openssl_sys::OpenSSL_version_num() }, moss_core::grown(7));\n}\n`,
    "README.md": "# moss\n\nGrows slowly.\n",
    ".gitignore": "/target\n",
    "docs/crates.md": `# Moss, one crate at a time

The crates are built with crate2nix, each as a derivation of its own; \`Cargo.nix\` is committed.

## Programs

\`\`\`sh
nix build .#moss-cli
nix build .#moss-agent      # needs OpenSSL, which only its own crate gets
nix run .#regenerate-cargo-nix
\`\`\`

## Checks

\`\`\`sh
nix build .#moss-core-tests
nix build .#moss-cli-tests
\`\`\`

### \`checks.oldest\`

- MSRV: the oldest Rust we promise still compiles everything

## Shells

- \`devShells.msrv\` has that Rust and no other
`,
  };
}
