import { builderCall, inScope, setArgument, withArgument } from "../../edit/flake-text.ts";
import { atStartOfMain } from "../../edit/manifests.ts";
import { firstCrate, withBuildScript } from "../../edit/programs.ts";
import type { Planter } from "../../fault.ts";

/** Row 10: what a build asks of git, where no source has .git. */
export const gitMetadata: readonly Planter[] = [
  {
    name: "revision-variable",
    row: 10,
    label: "git-metadata",
    mechanical: true,
    plant(repository, draw) {
      const crate = firstCrate(repository);
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
      return withBuildScript(
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
      const crate = firstCrate(repository);
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
];
