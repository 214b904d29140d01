import { drawBrokenFlake } from "./broken-flakes.ts";
import { binaryCrate, drawNames, drawReadme, manifest, own } from "./crate-layouts.ts";
import { closure, drawUses, lockFile } from "./crates.ts";
import { drawProgram, mainFile, type ProgramSample, testModule } from "./programs.ts";
import { type Draw, drawFrom } from "./random.ts";

/** Rust repositories of the nine shapes that `rules` must solve unseen; names, versions, layouts and file names are drawn from a seed. */

export const SHAPES = [
  "plain binary",
  "registry dependencies",
  "library with a test",
  "workspace with two binaries",
  "native library",
  "half-finished flake",
  "untracked file",
  "no Cargo.lock",
  "included text file",
] as const;
export type Shape = (typeof SHAPES)[number];

export interface GeneratedRepository {
  readonly shape: Shape;
  readonly seed: string;
  /** What is committed. */
  readonly files: Readonly<Record<string, string>>;
  /** What lies in the checkout besides. */
  readonly uncommitted: Readonly<Record<string, string>>;
  readonly task: string;
  /** Each program with the crate that has it, and a run whose output is known. */
  readonly programs: readonly { readonly crate: string; readonly program: string; readonly sample: ProgramSample }[];
  /** For messages: what was drawn. */
  readonly about: string;
}

const TASKS = [
  "nixify this Rust project",
  "Add a Nix flake to this project so that everybody builds it the same way",
  "We want to build this with Nix: package, dev shell and checks please",
] as const;

type Made = Omit<GeneratedRepository, "shape" | "seed" | "task">;

const lockVersion = (draw: Draw): 3 | 4 => draw.pick([3, 4]);

function plainBinary(draw: Draw): Made {
  const names = drawNames(draw);
  const crate = binaryCrate(draw, names);
  return {
    files: {
      ...crate.files,
      "Cargo.lock": lockFile([own(names)], [], lockVersion(draw)),
      ".gitignore": "/target\n",
      ...drawReadme(draw, names.crate, crate.about.about),
    },
    uncommitted: {},
    programs: [{ crate: names.crate, program: crate.program, sample: crate.about.sample }],
    about: `${names.crate} ${names.version}`,
  };
}

function withDependencies(draw: Draw): Made {
  const names = drawNames(draw);
  const uses = drawUses(draw);
  const direct = closure(uses.map((use) => use.crate));
  const crate = binaryCrate(draw, names, { dependencies: direct, before: uses.map((use) => use.before).join("") });
  const lock = lockFile(
    [
      own(
        names,
        direct.map((dependency) => dependency.name),
      ),
    ],
    direct,
    lockVersion(draw),
  );
  return {
    files: { ...crate.files, "Cargo.lock": lock, ...drawReadme(draw, names.crate, crate.about.about) },
    uncommitted: {},
    programs: [{ crate: names.crate, program: crate.program, sample: crate.about.sample }],
    about: `${names.crate} with ${direct.map((dependency) => dependency.name).join(", ")}`,
  };
}

function library(draw: Draw): Made {
  const names = drawNames(draw);
  const program = drawProgram(draw);
  const apart = draw.chance(50);
  const code = names.crate.replaceAll("-", "_");
  const files = apart
    ? {
        "src/lib.rs": program.code,
        [`tests/${draw.pick(["behaviour", "api", "cases"])}.rs`]: `use ${code}::*;\n\n${program.tests}`,
      }
    : { "src/lib.rs": program.code + testModule(program.tests) };
  return {
    files: {
      "Cargo.toml": manifest({ names, about: program.about }),
      "Cargo.lock": lockFile([own(names)], [], lockVersion(draw)),
      ...files,
      ...drawReadme(draw, names.crate, program.about),
    },
    uncommitted: {},
    programs: [],
    about: `library ${names.crate}`,
  };
}

function workspace(draw: Draw): Made {
  const shared = drawNames(draw);
  const first = drawNames(draw, [shared.crate]);
  const second = drawNames(draw, [shared.crate, first.crate]);
  const folder = draw.pick(["crates", "packages", "members"]);
  const inherits = draw.chance(50);
  const version = inherits ? shared.version : undefined;
  const library = drawProgram(draw);
  const members = [first, second].map((names) => ({
    names: { ...names, version: version ?? names.version },
    program: drawProgram(draw),
  }));
  const place = (crate: string): string => `${folder}/${crate}`;
  const inherit = (text: string): string => (inherits ? text.replace(/^version = .*$/m, "version.workspace = true") : text);
  const depends = `\n[dependencies]\n${shared.crate} = { path = "../${shared.crate}" }\n`;
  const listed = draw.chance(50) ? `"${folder}/*"` : [shared, first, second].map((names) => `"${place(names.crate)}"`).join(", ");
  const files: Record<string, string> = {
    "Cargo.toml": `[workspace]\nresolver = "2"\nmembers = [${listed}]\n${inherits ? `\n[workspace.package]\nversion = "${shared.version}"\n` : ""}`,
    "Cargo.lock": lockFile([own(shared), ...members.map((member) => own(member.names, [shared.crate]))], [], lockVersion(draw)),
    [`${place(shared.crate)}/Cargo.toml`]: inherit(manifest({ names: shared, about: library.about })),
    [`${place(shared.crate)}/src/lib.rs`]: `${library.code}${testModule(library.tests)}`,
    ...drawReadme(draw, shared.crate, "Two programs and what they share"),
  };
  for (const { names, program } of members) {
    files[`${place(names.crate)}/Cargo.toml`] = inherit(manifest({ names, about: program.about })) + depends;
    files[`${place(names.crate)}/src/main.rs`] =
      `${mainFile({ bring: `use ${shared.crate.replaceAll("-", "_")} as shared;`, version: draw.chance(50), before: "    let _ = shared::run;\n" })}\n${program.code}${testModule(program.tests)}`;
  }
  return {
    files,
    uncommitted: {},
    programs: members.map(({ names, program }) => ({ crate: names.crate, program: names.crate, sample: program.sample })),
    about: `workspace of ${members.map((member) => member.names.crate).join(" and ")}`,
  };
}

/** A build script that asks pkg-config itself, in one of several spellings, and a call into the library it found. */
function nativeLibrary(draw: Draw): Made {
  const names = drawNames(draw);
  const before = '    assert!(linked::version() >= 0x3000_0000, "OpenSSL 3 is linked");\n';
  const useBinding = draw.chance(40);
  const crates = useBinding ? closure(["openssl-sys"]) : [];
  const direct = crates.filter((crate) => crate.name === "openssl-sys");
  const linked = useBinding
    ? "mod linked {\n    pub fn version() -> u64 {\n        unsafe { openssl_sys::OpenSSL_version_num() as u64 }\n    }\n}\n\n"
    : 'mod linked {\n    unsafe extern "C" {\n        fn OpenSSL_version_num() -> std::ffi::c_ulong;\n    }\n\n    pub fn version() -> u64 {\n        unsafe { OpenSSL_version_num() as u64 }\n    }\n}\n\n';
  const crate = binaryCrate(draw, names, { before, dependencies: direct });
  const main = Object.keys(crate.files).find((path) => crate.files[path]?.includes("fn main()")) ?? "src/main.rs";
  const script = `//! Links the library that pkg-config finds.
fn main() {
    let found = std::process::Command::new("pkg-config")
        .args(["--libs", "${draw.pick(["openssl", "libcrypto"])}"])
        .output()
        .expect("pkg-config runs");
    assert!(found.status.success(), "pkg-config does not find the library: {}", String::from_utf8_lossy(&found.stderr));
    for flag in String::from_utf8_lossy(&found.stdout).split_whitespace() {
        if let Some(path) = flag.strip_prefix("-L") {
            println!("cargo:rustc-link-search=native={path}");
        } else if let Some(name) = flag.strip_prefix("-l") {
            println!("cargo:rustc-link-lib={name}");
        }
    }
}
`;
  const lock = lockFile(
    [
      own(
        names,
        direct.map((dependency) => dependency.name),
      ),
    ],
    crates,
    lockVersion(draw),
  );
  return {
    files: {
      ...crate.files,
      [main]: `${crate.files[main]}\n${linked}`,
      ...(useBinding ? {} : { "build.rs": script }),
      "Cargo.lock": lock,
      ...drawReadme(draw, names.crate, crate.about.about),
    },
    uncommitted: {},
    programs: [{ crate: names.crate, program: crate.program, sample: crate.about.sample }],
    about: `${names.crate} with ${useBinding ? "openssl-sys" : "a build script of its own"}`,
  };
}

function halfFinishedFlake(draw: Draw): Made {
  const names = drawNames(draw);
  const crate = binaryCrate(draw, names);
  const flake = drawBrokenFlake(draw, { name: names.crate, version: names.version, about: crate.about.about });
  return {
    files: {
      ...crate.files,
      "Cargo.lock": lockFile([own(names)], [], lockVersion(draw)),
      "flake.nix": flake.text,
      ...drawReadme(draw, names.crate, crate.about.about),
    },
    uncommitted: {},
    programs: [{ crate: names.crate, program: crate.program, sample: crate.about.sample }],
    about: `${names.crate} whose flake has ${flake.fault}`,
  };
}

function untrackedFile(draw: Draw): Made {
  const made = plainBinary(draw);
  const path = draw.pick(["notes.txt", "src/scratch.rs", "data/sample input.csv", "TODO"]);
  const changed = draw.chance(50) && made.files[".gitignore"] !== undefined ? { ".gitignore": "/target\n/notes\n" } : {};
  return { ...made, uncommitted: { [path]: "not for others yet\n", ...changed }, about: `${made.about} and ${path} untracked` };
}

function noLockFile(draw: Draw): Made {
  const made = plainBinary(draw);
  const { "Cargo.lock": lock, ...files } = made.files;
  const rule = draw.pick(["", "Cargo.lock\n", "*.lock\n", "/Cargo.lock\n"]);
  // An ignored lock lies in the checkout of whoever built last; it is not part of HEAD.
  const lying = rule !== "" && draw.chance(50) && lock !== undefined ? { "Cargo.lock": lock } : {};
  return {
    ...made,
    files: { ...files, ".gitignore": `/target\n${rule}` },
    uncommitted: lying,
    about: `${made.about} with ${rule === "" ? "no lock file" : `the rule ${rule.trim()}`}`,
  };
}

function includedText(draw: Draw): Made {
  const names = drawNames(draw);
  const crate = binaryCrate(draw, names);
  const folder = draw.pick(["assets", "text", "src/data"]);
  const name = draw.pick(["notice.txt", "motto.md", "words.list"]);
  const main = Object.keys(crate.files).find((path) => crate.files[path]?.includes("fn main()")) ?? "src/main.rs";
  const up = "../".repeat(main.split("/").length - 1);
  const macro = draw.pick([
    `include_str!("${up}${folder}/${name}")`,
    `std::str::from_utf8(include_bytes!("${up}${folder}/${name}")).unwrap()`,
    `include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/${folder}/${name}"))`,
  ]);
  const notice = `    if arguments.first().is_some_and(|argument| argument == "--notice") {\n        print!("{}", ${macro});\n        return;\n    }\n`;
  const text = (crate.files[main] ?? "").replace(
    "    let mut input = String::new();",
    `${notice}    let mut input = String::new();`,
  );
  return {
    files: {
      ...crate.files,
      [main]: text,
      [`${folder}/${name}`]: "Made with care.\n",
      "Cargo.lock": lockFile([own(names)], [], lockVersion(draw)),
      ...drawReadme(draw, names.crate, crate.about.about),
    },
    uncommitted: {},
    programs: [
      { crate: names.crate, program: crate.program, sample: { stdin: "", arguments: ["--notice"], stdout: "Made with care.\n" } },
    ],
    about: `${names.crate} with ${folder}/${name}`,
  };
}

const MAKERS: Readonly<Record<Shape, (draw: Draw) => Made>> = {
  "plain binary": plainBinary,
  "registry dependencies": withDependencies,
  "library with a test": library,
  "workspace with two binaries": workspace,
  "native library": nativeLibrary,
  "half-finished flake": halfFinishedFlake,
  "untracked file": untrackedFile,
  "no Cargo.lock": noLockFile,
  "included text file": includedText,
};

/** The repository of a shape and a seed: the same everywhere. */
export function generateRepository(shape: Shape, seed: string): GeneratedRepository {
  const draw = drawFrom(`${shape}\0${seed}`);
  const made = MAKERS[shape](draw);
  const task =
    shape === "half-finished flake" && draw.chance(50)
      ? draw.pick(["fix our flake", "The flake was never finished; repair it"])
      : draw.pick(TASKS);
  return { ...made, shape, seed, task };
}
