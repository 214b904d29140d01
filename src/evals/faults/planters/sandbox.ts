import type { Draw } from "../../draw.ts";
import { builderCall, inScope, setArgument, withArgument } from "../edit/flake-text.ts";
import { atStartOfMain, type Crate, crateNamed, withDependency, withTest } from "../edit/manifests.ts";
import { drawName, drawWord } from "../edit/words.ts";
import type { Files, GoodRepository, Planted, Planter } from "../fault.ts";

/** Rows 10, 11, 15, 22 and 29: what a sandbox has not, and what a machine runs out of. */

function target({ files, programs: [first] }: GoodRepository): Crate | undefined {
  const crate = first && crateNamed(files, first.crate);
  return crate && files[`${crate.folder}build.rs`] === undefined ? crate : undefined;
}

function script(repository: GoodRepository, text: string, what: string, more: Partial<Planted> = {}): Planted | undefined {
  const crate = target(repository);
  return crate && { edits: { [`${crate.folder}build.rs`]: text }, checkout: {}, what, ...more };
}

/** A test more; tests run where the builder does not run them by itself. */
function tested(
  repository: GoodRepository,
  draw: Draw,
  body: string,
  what: string,
  more: Partial<Planted> = {},
): Planted | undefined {
  const crate = target(repository);
  const call = builderCall(repository.files);
  if (!crate || !call) return undefined;
  const checks = call.builder === "buildRustPackage" ? {} : setArgument(repository.files, call, "doCheck", "true");
  const name = drawWord(draw);
  const source = withTest(repository.files[crate.main] ?? "", name, body);
  return { edits: { ...checks, [crate.main]: source }, checkout: {}, what: `the test ${name} ${what}`, ...more };
}

export const sandbox: readonly Planter[] = [
  {
    name: "revision-variable",
    row: 10,
    label: "git-metadata",
    mechanical: true,
    plant(repository, draw) {
      const crate = target(repository);
      if (!crate) return undefined;
      const variable = draw.pick(["VERGEN_GIT_SHA", "VERGEN_GIT_DESCRIBE", "GIT_HASH", "GIT_COMMIT", "BUILD_GIT_SHA"]);
      const used = `    if arguments_ask_for_revision() {\n        println!("{}", env!("${variable}"));\n        return;\n    }\n`;
      const asked = `\nfn arguments_ask_for_revision() -> bool {\n    std::env::args().nth(1).as_deref() == Some("--revision")\n}\n`;
      return {
        edits: { [crate.main]: `${atStartOfMain(repository.files[crate.main] ?? "", used)}${asked}` },
        checkout: {},
        what: `the program wants ${variable} while it is compiled`,
      };
    },
  },
  {
    name: "git-in-build-script",
    row: 10,
    label: "git-metadata",
    mechanical: false,
    why: "the build script asks git itself, and no source has .git",
    plant(repository, draw) {
      const asked = draw.pick([
        '"rev-parse", "--short", "HEAD"',
        '"describe", "--always", "--dirty"',
        '"log", "-1", "--format=%h"',
      ]);
      const fail = draw.pick([
        '.expect("git tells the revision")',
        '.unwrap_or_else(|problem| panic!("failed to run git: {problem}"))',
      ]);
      return script(
        repository,
        `fn main() {\n    let told = std::process::Command::new("git").args([${asked}]).output()${fail};\n    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));\n    println!("cargo:rustc-env=REVISION={}", String::from_utf8_lossy(&told.stdout).trim());\n}\n`,
        "a build script asks git for the revision",
      );
    },
  },
  {
    name: "no-git-repository",
    row: 10,
    label: "git-metadata",
    mechanical: false,
    why: "the build script wants the repository itself, and no source has .git",
    plant(repository, draw) {
      const crate = target(repository);
      const call = builderCall(repository.files);
      if (!crate || !call) return undefined;
      const scoped = inScope(repository.files, call, "git");
      const now = { ...repository.files, ...scoped.files };
      const place = builderCall(now) ?? call;
      const asked = draw.pick(['"rev-parse", "HEAD"', '"describe", "--tags", "--always"']);
      return {
        edits: {
          ...scoped.files,
          ...setArgument(now, place, "nativeBuildInputs", `[ ${scoped.name} ]`),
          [`${crate.folder}build.rs`]: `fn main() {\n    let told = std::process::Command::new("git").args([${asked}]).output().expect("git runs");\n    assert!(told.status.success(), "git failed: {}", String::from_utf8_lossy(&told.stderr));\n}\n`,
        },
        checkout: {},
        what: "a build script asks git, which is there, for the revision of a source that is no repository",
      };
    },
  },
  {
    name: "revision-of-dirty-tree",
    row: 10,
    label: "git-metadata",
    mechanical: true,
    plant(repository, draw) {
      const call = builderCall(repository.files);
      const flake = repository.files["flake.nix"] ?? "";
      if (call?.file !== "flake.nix" || !/\bself\b/u.test(flake)) return undefined;
      const attribute = draw.pick(["rev", "shortRev"]);
      return {
        edits: withArgument(repository.files, call, [`REVISION = self.${attribute};`]),
        checkout: { "Cargo.toml": `${repository.files["Cargo.toml"] ?? ""}\n# edited since\n` },
        dirtyOnly: true,
        what: `the flake reads self.${attribute}, which a tree with changes has not`,
      };
    },
  },
  {
    name: "test-writes-home",
    row: 11,
    label: "sandboxed-test",
    mechanical: true,
    plant(repository, draw) {
      const folder = draw.pick([".config", ".cache", ".local/share"]);
      const name = drawName(draw);
      const way = draw.pick([
        `        let path = format!("{}/.${name}.toml", std::env::var("HOME").unwrap());\n        std::fs::write(&path, "").unwrap_or_else(|problem| panic!("cannot write {path}: {problem}"));\n`,
        `        let home = std::path::PathBuf::from(std::env::var_os("HOME").expect("a home"));\n        assert!(home.is_dir(), "{} is no folder", home.display());\n        std::fs::create_dir_all(home.join("${folder}/${name}")).unwrap();\n`,
      ]);
      return tested(repository, draw, way, `writes below HOME`);
    },
  },
  {
    name: "test-asks-network",
    row: 11,
    label: "sandboxed-test",
    mechanical: false,
    why: "to skip a test is a person's decision",
    plant(repository, draw) {
      const host = `${draw.pick(["api", "www", "data"])}.${drawName(draw)}.example.org`;
      const body = draw.pick([
        `        std::net::TcpStream::connect("${host}:443").expect("the service answers");\n`,
        `        use std::net::ToSocketAddrs;\n        let found = "${host}:80".to_socket_addrs().unwrap().next();\n        assert!(found.is_some());\n`,
      ]);
      return tested(repository, draw, body, `asks ${host}`);
    },
  },
  {
    name: "test-wants-program",
    row: 11,
    label: "sandboxed-test",
    mechanical: false,
    why: "which package brings the program is not said",
    plant(repository, draw) {
      const program = draw.pick(["git", "curl", "sqlite3"]);
      return tested(
        repository,
        draw,
        `        let told = std::process::Command::new("${program}").arg("--version").output().expect("${program} runs");\n        assert!(told.status.success());\n`,
        `runs ${program}`,
      );
    },
  },
  {
    name: "test-is-wrong",
    row: 0,
    label: "test-failure",
    mechanical: false,
    why: "the tests judge the program",
    plant(repository, draw) {
      const number = 2 + draw.number(40);
      return tested(repository, draw, `        assert_eq!(${number} * 2, ${number * 2 + 1});\n`, `expects ${number * 2 + 1}`);
    },
  },
  {
    name: "does-not-compile",
    row: 0,
    label: "compile-error",
    mechanical: false,
    why: "the program itself is wrong",
    plant(repository, draw) {
      const crate = target(repository);
      if (!crate) return undefined;
      const word = drawWord(draw);
      const wrong = draw.pick([
        `pub fn ${word}() -> u32 {\n    "${word}"\n}\n`,
        `pub fn ${word}() -> u32 {\n    ${word}_of_nothing()\n}\n`,
        `pub fn ${word}(text: String) -> String {\n    drop(text);\n    text\n}\n`,
      ]);
      return {
        edits: { [crate.main]: `${repository.files[crate.main] ?? ""}\n${wrong}` },
        checkout: {},
        what: `${crate.main} has a function ${word} that does not compile`,
      };
    },
  },
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
      return script(repository, `fn main() {\n${body}}\n`, `a build script downloads from ${host}`);
    },
  },
  {
    name: "library-at-run-time",
    row: 22,
    label: "runtime-library",
    mechanical: false,
    why: "which libraries a program opens at run time no lock file tells",
    plant(repository, draw, supply) {
      const crate = target(repository);
      const closure = supply.crate("libloading");
      const call = builderCall(repository.files);
      if (!crate || !closure || !call) return undefined;
      const added = withDependency(repository.files, crate, closure);
      if (!added) return undefined;
      const library = draw.pick(["libsqlite3.so.0", "libsodium.so.23", "libwayland-client.so.0", "libvulkan.so.1"]);
      const use = draw.pick([
        `unsafe { libloading::Library::new("${library}") }.expect("${library} opens")`,
        `unsafe { libloading::Library::new("${library}") }.unwrap()`,
      ]);
      const [first] = repository.programs;
      return {
        edits: {
          ...added,
          ...withArgument(repository.files, call, [
            "doInstallCheck = true;",
            "installCheckPhase = ''",
            // A step that compiles the dependencies alone has the same arguments and no program.
            `  if [ -e $out/bin/${first?.program ?? crate.name} ]; then echo | $out/bin/${first?.program ?? crate.name}; fi`,
            "'';",
          ]),
          [crate.main]: atStartOfMain(repository.files[crate.main] ?? "", `    let _library = ${use};\n`),
        },
        checkout: {},
        what: `the program opens ${library} when it runs`,
      };
    },
  },
  {
    name: "out-of-time",
    row: 29,
    label: "resources",
    mechanical: false,
    why: "a limit is no fault of the code",
    plant: (repository, draw) =>
      tested(
        repository,
        draw,
        `        std::thread::sleep(std::time::Duration::from_secs(${300 + draw.number(300)}));\n`,
        "sleeps for minutes",
        {
          options: draw.chance(50) ? ["--timeout", "25"] : ["--max-silent-time", "12"],
        },
      ),
  },
  {
    // The kernel's out-of-memory killer cannot be called without harming the neighbours; what it does to the process is this signal.
    name: "out-of-memory",
    row: 29,
    label: "resources",
    mechanical: false,
    why: "a limit is no fault of the code",
    plant: (repository) =>
      script(
        repository,
        'fn main() {\n    let me = std::process::id().to_string();\n    let _ = std::process::Command::new("/bin/sh").args(["-c", "kill -9 $0", &me]).status();\n}\n',
        "the build script is killed by signal 9, as the kernel does it when memory ends",
      ),
  },
  {
    name: "out-of-disk",
    row: 29,
    label: "resources",
    mechanical: false,
    why: "a limit is no fault of the code",
    plant(repository, draw) {
      const write = draw.pick([
        'std::fs::write("/dev/full", [0u8; 4096]).expect("the table is written")',
        'std::fs::write("/dev/full", [0u8; 4096]).unwrap()',
      ]);
      return script(repository, `fn main() {\n    ${write};\n}\n`, "the disk is full where the build script writes");
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
      return script(repository, `fn main() {\n    ${ask}\n}\n`, "a build script asks a question on the terminal");
    },
  },
  {
    name: "no-chroot",
    row: 0,
    label: "refused-setting",
    mechanical: false,
    why: "whether the build can do without is for a person to say",
    plant({ files }) {
      const call = builderCall(files);
      if (!call) return undefined;
      const edits: Files = withArgument(files, call, ["__noChroot = true;"]);
      return { edits, checkout: {}, what: "the package wants to be built outside the sandbox" };
    },
  },
  {
    name: "unpinned-download",
    row: 0,
    label: "refused-setting",
    mechanical: false,
    why: "what is downloaded must be pinned by a person",
    plant({ files }, draw) {
      const call = builderCall(files);
      if (!call) return undefined;
      const value = draw.pick([
        `builtins.readFile (builtins.fetchurl "https://data.example.org/${drawName(draw)}.txt")`,
        `builtins.readFile (builtins.fetchTarball "https://data.example.org/${drawName(draw)}.tar.gz" + "/list")`,
        `(import <nixpkgs> { }).hello`,
      ]);
      return { edits: withArgument(files, call, [`NOTE = ${value};`]), checkout: {}, what: `NOTE = ${value}` };
    },
  },
];
