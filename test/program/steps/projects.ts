import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "../../../src/world/content/listing.ts";
import { HOST_PATH } from "../host-tools.ts";
import { type Files, type Place, writeFiles } from "../place.ts";
import { PACKAGE_ROOT } from "../world.ts";

/** Projects whose builds are recorded, and the machine's own tools that build them. */

/** A program that is run while it is built: it writes a table that the library includes. */
export const C_PROGRAM: Files = {
  ".gitignore": "*.o\n*.a\n/app\n/gen\n/table.h\n/steps\n",
  Makefile: [
    "CFLAGS = -O1 -Iinclude -DVERSION='\"1 2\"'",
    "app: main.o libtable.a\n\t$(CC) -o $@ main.o -L. -ltable",
    "libtable.a: look.o twice.o\n\t$(AR) rcs $@ $^",
    "look.o: look.c table.h include/table-lib.h\n\t$(CC) $(CFLAGS) -c -o $@ look.c",
    "table.h: gen\n\t./gen 16 > $@",
    "gen: gen.c\n\t$(CC) $(CFLAGS) -o $@ gen.c",
    "",
  ].join("\n"),
  "gen.c": [
    "#include <stdio.h>",
    "#include <stdlib.h>",
    'int main(int c, char **v) { printf("static const int table[] = {");',
    'for (int i = 0; i < atoi(v[1]); i++) printf("%d,", i * i); puts("};"); return c == 2 ? 0 : 1; }',
    "",
  ].join("\n"),
  "include/table-lib.h": "int look(int i);\nint twice(int i);\n",
  "look.c": '#include "table-lib.h"\n#include "table.h"\nint look(int i) { return table[i]; }\n',
  "twice.c": '#include "table-lib.h"\nint twice(int i) { return 2 * i; }\n',
  "main.c":
    '#include <stdio.h>\n#include "table-lib.h"\nint main(void) { printf("%d %s\\n", twice(look(3)), VERSION); return 0; }\n',
};

/** A program with a crate from elsewhere and a build script. */
export const RUST_PROGRAM: Files = {
  ".gitignore": "/target\n/steps\n",
  "Cargo.toml": '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\nitoa = "1"\n',
  "Cargo.lock": [
    "version = 4\n",
    '[[package]]\nname = "app"\nversion = "0.1.0"\ndependencies = [\n "itoa",\n]\n',
    `[[package]]\nname = "itoa"\nversion = "1.0.18"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\nchecksum = "${crateHash("itoa-1.0.18")}"\n`,
  ].join("\n"),
  "words.txt": "hi\n",
  "build.rs": [
    "fn main() {",
    '    println!("cargo:rerun-if-changed=words.txt");',
    '    println!("cargo:rustc-env=GREETING=hello there");',
    '    let out = std::env::var("OUT_DIR").unwrap();',
    '    let word = std::fs::read_to_string("words.txt").unwrap();',
    '    std::fs::write(format!("{out}/word.rs"), format!("pub const WORD: &str = {:?};\\n", word.trim())).unwrap();',
    "}",
    "",
  ].join("\n"),
  "src/main.rs": [
    'include!(concat!(env!("OUT_DIR"), "/word.rs"));',
    'fn main() { println!("{WORD} {} {}", env!("GREETING"), itoa::Buffer::new().format(3)); }',
    "",
  ].join("\n"),
};

function crateFile(name: string): string {
  return join(PACKAGE_ROOT, "evals", "world", "crates", `${name}.crate`);
}

function crateHash(name: string): string {
  return sha256(readFileSync(crateFile(name)));
}

/** Gives a person's cargo the crates of the offline world, in a folder outside of every project. */
export async function withCrates(at: Place, ...names: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const vendor = join(at.folder, "crates of cargo");
  await mkdir(vendor, { recursive: true });
  for (const name of names) {
    execFileSync("tar", ["xzf", crateFile(name), "-C", vendor]);
    await writeFile(join(vendor, name, ".cargo-checksum.json"), JSON.stringify({ files: {}, package: crateHash(name) }));
  }
  const cargoHome = join(at.home, ".cargo");
  await writeFiles(cargoHome, {
    "config.toml": `[source.crates-io]\nreplace-with = "vendored"\n[source.vendored]\ndirectory = ${JSON.stringify(vendor)}\n`,
  });
  return { PATH: HOST_PATH, CARGO_HOME: cargoHome };
}
