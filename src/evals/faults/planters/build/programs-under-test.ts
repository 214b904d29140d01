import type { Draw } from "../../../draw.ts";
import { builderCall, withArgument } from "../../edit/flake-text.ts";
import { atStartOfMain, withDependency } from "../../edit/manifests.ts";
import { firstCrate, withFurtherTest } from "../../edit/programs.ts";
import { drawName, drawWord } from "../../edit/words.ts";
import type { GoodRepository, Planted, Planter, Supply } from "../../fault.ts";

/** Rows 11 and 22, and programs that are wrong themselves: what shows when a program is compiled, tested or run. */
export const programsUnderTest: readonly Planter[] = [
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
      return withFurtherTest(repository, draw, way, `writes below HOME`);
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
      return withFurtherTest(repository, draw, body, `asks ${host}`);
    },
  },
  {
    name: "test-wants-program",
    row: 11,
    label: "sandboxed-test",
    mechanical: true,
    plant(repository, draw) {
      const program = draw.pick(["git", "curl", "sqlite3"]);
      return withFurtherTest(
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
      return withFurtherTest(
        repository,
        draw,
        `        assert_eq!(${number} * 2, ${number * 2 + 1});\n`,
        `expects ${number * 2 + 1}`,
      );
    },
  },
  {
    name: "does-not-compile",
    row: 0,
    label: "compile-error",
    mechanical: false,
    why: "the program itself is wrong",
    plant(repository, draw) {
      const crate = firstCrate(repository);
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
    name: "library-at-run-time",
    row: 22,
    label: "runtime-library",
    mechanical: true,
    plant: (repository, draw, supply) => opened(repository, draw, supply, draw.pick(["libsqlite3.so.0", "libsodium.so.23"])),
  },
  {
    name: "library-of-no-package",
    row: 22,
    label: "runtime-library",
    mechanical: false,
    why: "the world has no package with that library",
    plant: (repository, draw, supply) =>
      opened(repository, draw, supply, draw.pick(["libwayland-client.so.0", "libvulkan.so.1"])),
  },
];

/** The first program opens a library before it does anything else, and the build runs it when it is installed, on its own sample. */
function opened(repository: GoodRepository, draw: Draw, supply: Supply, library: string): Planted | undefined {
  const crate = firstCrate(repository);
  const closure = supply.crate("libloading");
  const call = builderCall(repository.files);
  const [first] = repository.programs;
  if (!crate || !closure || !call || !first) return undefined;
  const added = withDependency(repository.files, crate, closure);
  if (!added) return undefined;
  const use = draw.pick([
    `unsafe { libloading::Library::new("${library}") }.expect("${library} opens")`,
    `unsafe { libloading::Library::new("${library}") }.unwrap()`,
  ]);
  const run = [`$out/bin/${first.program}`, ...first.arguments].join(" ");
  return {
    edits: {
      ...added,
      ...withArgument(repository.files, call, [
        "doInstallCheck = true;",
        "installCheckPhase = ''",
        // A step that compiles the dependencies alone has the same arguments and no program.
        `  if [ -e $out/bin/${first.program} ]; then printf ${JSON.stringify(first.stdin)} | ${run}; fi`,
        "'';",
      ]),
      [crate.main]: atStartOfMain(repository.files[crate.main] ?? "", `    let _library = ${use};\n`),
    },
    checkout: {},
    what: `the program opens ${library} when it runs`,
  };
}
