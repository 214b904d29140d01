import { builderCall, withArgument } from "../../edit/flake-text.ts";
import { atStartOfMain, type Crate, withDependency } from "../../edit/manifests.ts";
import { firstCrate } from "../../edit/programs.ts";
import { drawWord } from "../../edit/words.ts";
import type { Files, GoodRepository, Planter, Supply } from "../../fault.ts";

/** Rows 2 and 12 to 14: programs and libraries that a build needs and the flake does not give. */

const buildScript = (crate: Crate, text: string): Files => ({ [`${crate.folder}build.rs`]: text });

/** A build script of its own over a crate that can be had. */
function scriptOver(
  repository: GoodRepository,
  supply: Supply,
  dependency: { readonly name: string; readonly features?: readonly string[] },
  script: string,
): Files | undefined {
  const crate = firstCrate(repository);
  const closure = supply.crate(dependency.name);
  if (!crate || !closure) return undefined;
  const added = withDependency(repository.files, crate, closure, {
    build: true,
    ...(dependency.features && { features: dependency.features }),
  });
  return added && { ...added, ...buildScript(crate, script) };
}

interface Library {
  readonly module: string;
  readonly about: string;
}

const LIBRARIES: readonly [Library, ...Library[]] = [
  { module: "zlib", about: "zlib" },
  { module: "sqlite3", about: "SQLite" },
  { module: "libsodium", about: "libsodium" },
  { module: "libzstd", about: "Zstandard" },
];

interface Linked {
  readonly library: string;
  readonly symbol: string;
}

const LINKED: readonly [Linked, ...Linked[]] = [
  { library: "sqlite3", symbol: "sqlite3_libversion_number" },
  { library: "z", symbol: "zlibCompileFlags" },
  { library: "sodium", symbol: "sodium_init" },
];

export const native: readonly Planter[] = [
  {
    name: "openssl-sys",
    row: 2,
    label: "native-library",
    mechanical: true,
    plant(repository, _draw, supply) {
      const crate = firstCrate(repository);
      const closure = supply.crate("openssl-sys");
      // naersk knows this crate by itself.
      if (!crate || !closure || builderCall(repository.files)?.builder === "naersk") return undefined;
      const edits = withDependency(repository.files, crate, closure);
      return edits && { edits, checkout: {}, what: "openssl-sys is a dependency now, and the flake does not know" };
    },
  },
  {
    name: "pkg-config-library",
    row: 2,
    label: "native-library",
    mechanical: true,
    plant(repository, draw, supply) {
      const { module, about } = draw.pick(LIBRARIES);
      const probe = draw.pick([
        `pkg_config::probe_library("${module}").unwrap();`,
        `pkg_config::Config::new().cargo_metadata(true).probe("${module}").expect("${about} is installed");`,
        `if let Err(problem) = pkg_config::probe_library("${module}") {\n        eprintln!("{problem}");\n        std::process::exit(1);\n    }`,
      ]);
      const edits = scriptOver(repository, supply, { name: "pkg-config" }, `fn main() {\n    ${probe}\n}\n`);
      return edits && { edits, checkout: {}, what: `a build script asks pkg-config for ${about}` };
    },
  },
  {
    name: "linked-library",
    row: 2,
    label: "native-library",
    mechanical: true,
    plant(repository, draw) {
      const crate = firstCrate(repository);
      const source = crate && repository.files[crate.main];
      if (!crate || source === undefined) return undefined;
      const { library, symbol } = draw.pick(LINKED);
      const module = drawWord(draw);
      const declared = `mod ${module} {\n    #[link(name = "${library}")]\n    unsafe extern "C" {\n        pub fn ${symbol}() -> std::ffi::c_int;\n    }\n}\n`;
      const used = `    assert!(unsafe { ${module}::${symbol}() } != -1, "${library} is linked");\n`;
      return {
        edits: { [crate.main]: `${atStartOfMain(source, used)}\n${declared}` },
        checkout: {},
        what: `the program links -l${library}, which no input of the build has`,
      };
    },
  },
  {
    name: "pkg-config-in-color",
    row: 30,
    label: "native-library",
    mechanical: true,
    plant(repository, draw, supply) {
      const { module } = draw.pick(LIBRARIES);
      const script = `fn main() {\n    pkg_config::probe_library("${module}").unwrap();\n}\n`;
      const edits = scriptOver(repository, supply, { name: "pkg-config" }, script);
      if (!edits) return undefined;
      const all = { ...repository.files, ...edits };
      const call = builderCall(all);
      if (!call) return undefined;
      const noisy = withArgument(all, call, [
        'CARGO_TERM_COLOR = "always";',
        'CARGO_TERM_PROGRESS_WHEN = "always";',
        'CARGO_TERM_PROGRESS_WIDTH = "72";',
      ]);
      return {
        edits: { ...edits, ...noisy },
        checkout: {},
        what: `as before with ${module}, and cargo paints its log and draws bars`,
      };
    },
  },
  {
    name: "libclang",
    row: 12,
    label: "libclang",
    mechanical: true,
    plant(repository, draw, supply) {
      const load = draw.pick(['clang_sys::load().expect("libclang loads")', "clang_sys::load().unwrap()"]);
      const edits = scriptOver(
        repository,
        supply,
        { name: "clang-sys", features: ["runtime"] },
        `fn main() {\n    ${load};\n}\n`,
      );
      return edits && { edits, checkout: {}, what: "a build script loads libclang, as bindgen does" };
    },
  },
  {
    name: "protoc",
    row: 13,
    label: "generator-missing",
    mechanical: true,
    plant(repository, draw) {
      const crate = firstCrate(repository);
      if (!crate) return undefined;
      const word = drawWord(draw);
      const folder = draw.pick(["proto", "schema"]);
      const run = draw.pick([
        '.status()\n        .expect("failed to spawn protoc");',
        '.status()\n        .unwrap_or_else(|problem| panic!("Could not find `protoc`: {problem}. Install protobuf-compiler or set PROTOC"));',
      ]);
      const script = `use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=${folder}/${word}.proto");
    let out = std::env::var("OUT_DIR").unwrap();
    let protoc = std::env::var("PROTOC").unwrap_or_else(|_| "protoc".into());
    let status = Command::new(protoc)
        .arg(format!("--descriptor_set_out={out}/${word}.bin"))
        .arg("${folder}/${word}.proto")
        ${run}
    assert!(status.success());
}
`;
      const proto = `syntax = "proto3";\n\nmessage ${word.replaceAll("_", "")} {\n  string name = 1;\n}\n`;
      return {
        edits: { ...buildScript(crate, script), [`${crate.folder}${folder}/${word}.proto`]: proto },
        checkout: {},
        what: `a build script runs protoc on ${folder}/${word}.proto`,
      };
    },
  },
  {
    name: "cmake",
    row: 14,
    label: "build-tool-missing",
    mechanical: true,
    plant(repository, draw, supply) {
      const crate = firstCrate(repository);
      if (!crate) return undefined;
      const word = drawWord(draw);
      const edits = scriptOver(
        repository,
        supply,
        { name: "cmake" },
        `fn main() {\n    cmake::Config::new("native").build();\n}\n`,
      );
      return (
        edits && {
          edits: {
            ...edits,
            [`${crate.folder}native/CMakeLists.txt`]: `cmake_minimum_required(VERSION 3.10)\nproject(${word} C)\nadd_library(${word} STATIC ${word}.c)\ninstall(TARGETS ${word} DESTINATION lib)\n`,
            [`${crate.folder}native/${word}.c`]: `int ${word}(void) { return 1; }\n`,
          },
          checkout: {},
          what: `a build script builds native/${word}.c with cmake`,
        }
      );
    },
  },
  {
    name: "perl",
    row: 14,
    label: "build-tool-missing",
    mechanical: true,
    plant(repository, draw) {
      const crate = firstCrate(repository);
      if (!crate) return undefined;
      const word = drawWord(draw);
      const run = draw.pick([
        '.expect("failed to spawn perl")',
        '.unwrap_or_else(|problem| panic!("could not run `perl`: {problem}"))',
        '.map_err(|problem| format!("perl: {problem}")).unwrap()',
      ]);
      const script = `fn main() {\n    let out = std::env::var("OUT_DIR").unwrap();\n    let made = std::process::Command::new("perl").arg("tools/${word}.pl").output()${run};\n    std::fs::write(format!("{out}/${word}.rs"), made.stdout).unwrap();\n}\n`;
      return {
        edits: {
          ...buildScript(crate, script),
          [`${crate.folder}tools/${word}.pl`]: `print "pub const ${word.toUpperCase()}: u32 = 1;\\n";\n`,
        },
        checkout: {},
        what: `a build script runs perl on tools/${word}.pl`,
      };
    },
  },
  {
    name: "nasm",
    row: 14,
    label: "build-tool-missing",
    mechanical: true,
    plant(repository, draw, supply) {
      const crate = firstCrate(repository);
      if (!crate) return undefined;
      const word = drawWord(draw);
      const edits = scriptOver(
        repository,
        supply,
        { name: "nasm-rs" },
        `fn main() {\n    nasm_rs::compile_library("${word}.a", &["native/${word}.asm"]).unwrap();\n}\n`,
      );
      return (
        edits && {
          edits: { ...edits, [`${crate.folder}native/${word}.asm`]: "section .text\nglobal start_here\nstart_here:\n  ret\n" },
          checkout: {},
          what: `a build script assembles native/${word}.asm with nasm`,
        }
      );
    },
  },
];
