import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, it } from "vitest";
import { renderFlake } from "../../../src/nix/recipes/flake-file.ts";
import type { FlakePlan, SupportedBuilder } from "../../../src/nix/recipes/plan.ts";
import { survey } from "../../../src/repo/survey.ts";
import { withoutMissing, withoutOptionalCheck } from "../../../src/rules/apply/fall-back.ts";
import { planFlake } from "../../../src/rules/plan/flake-plan.ts";
import { NO_REQUIREMENTS } from "../../../src/rules/plan/requirements.ts";
import { NO_WISHES } from "../../../src/rules/plan/wishes.ts";
import { git } from "../../../src/system/git.ts";
import { type OpenWorld, openWorldForTests } from "../../program/open-world.ts";
import { lockFile, registryCrate } from "../../rules/generated/crates.ts";
import { generateRepository, type Shape } from "../../rules/generated/repositories.ts";

/**
 * The whole `nix flake check` of every builder and shape, from the plan alone: no repair, no criteria. CRQ_AGENT_TEST_WORLD names another world,
 * for instance one with the real builders over our package set; CRQ_AGENT_SEED sets the names.
 */
const seed = process.env.CRQ_AGENT_SEED ?? randomBytes(4).toString("hex");
console.log(`whole flakes: CRQ_AGENT_SEED=${seed}`);

const BUILDERS: readonly SupportedBuilder[] = ["crane", "naersk", "buildRustPackage"];
const WELL_FORMED: readonly Shape[] = [
  "plain binary",
  "registry dependencies",
  "library with a test",
  "workspace with two binaries",
  "native library",
  "included text file",
];

let world: OpenWorld;

beforeAll(async () => {
  world = await openWorldForTests(process.env.CRQ_AGENT_TEST_WORLD);
});
afterAll(() => world?.close());

async function repositoryOf(files: Readonly<Record<string, string>>): Promise<string> {
  const repo = await mkdtemp(join(world.base, "repo-"));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(repo, path, ".."), { recursive: true });
    await writeFile(join(repo, path), text);
  }
  await git(["init", "--quiet", "--initial-branch=main"], { cwd: repo });
  await git(["add", "--all"], { cwd: repo });
  await git(["-c", "user.name=A", "-c", "user.email=a@localhost", "commit", "--quiet", "-m", "first"], { cwd: repo });
  return repo;
}

async function planOf(repo: string, builder: SupportedBuilder, eachSystem: FlakePlan["eachSystem"]): Promise<FlakePlan> {
  const planned = planFlake({
    survey: await survey(repo, { ref: "HEAD" }),
    policy: undefined,
    nixpkgs: "github:NixOS/nixpkgs/nixos-26.05",
    stated: new Map(),
    existing: new Map(),
    locked: false,
    builder: { builder, reasons: ["the test asks for it"] },
    systems: ["x86_64-linux", "aarch64-linux"],
    eachSystem,
    requirements: NO_REQUIREMENTS,
    wishes: NO_WISHES,
    cargoHash: false,
    deniesWarnings: false,
    furtherInputs: [],
  });
  if (!planned.ok) throw new Error(planned.detail);
  // The shipped package set has no formatter for Nix, and generated sources are not formatted.
  const plan = withoutMissing(planned.plan, "nixfmt") ?? planned.plan;
  return withoutOptionalCheck(plan, "checks.x86_64-linux.fmt", "generated") ?? plan;
}

/** Writes the flake, locks it and checks all of it; throws Nix's words with the flake. */
async function checkFlake(repo: string, plan: FlakePlan): Promise<void> {
  const text = renderFlake(plan);
  await writeFile(join(repo, "flake.nix"), text);
  await git(["add", "--intent-to-add", "flake.nix"], { cwd: repo });
  const locked = await world.open.nix.lock(repo);
  if (!locked.ok) throw new Error(`${locked.log}\n${text}`);
  await git(["add", "--intent-to-add", "flake.lock"], { cwd: repo });
  const checked = await world.open.nix.flakeCheck(repo);
  if (!checked.ok) throw new Error(`${checked.log.slice(-6000)}\n${text}`);
}

const lock = (...names: readonly string[]): string =>
  `version = 4\n${names.map((name) => `\n[[package]]\nname = "${name}"\nversion = "1.0.0"\n`).join("")}`;
const manifest = (name: string, more = "", edition = "2024"): string =>
  `[package]\nname = "${name}"\nversion = "1.0.0"\nedition = "${edition}"\n${more}`;
const HEX = registryCrate("hex");

/** Layouts that the generator does not draw. */
const LAYOUTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "several binaries, default-run and the host's own toolchain file": {
    "Cargo.toml": manifest("many", 'default-run = "second"\nlicense = "MIT OR Apache-2.0"\nrust-version = "1.85"\n'),
    "Cargo.lock": lock("many"),
    "rust-toolchain.toml": '[toolchain]\nchannel = "stable"\n',
    "src/bin/first.rs": "fn main() {}\n",
    "src/bin/second.rs": "fn main() {}\n",
  },
  "a Cargo project below the root that reads above itself": {
    "app/Cargo.toml": manifest("nested"),
    "app/Cargo.lock": lock("nested"),
    "app/src/main.rs": 'fn main() {\n    print!("{}", include_str!("../../texts/word.txt"));\n}\n',
    "texts/word.txt": "word\n",
  },
  "a Cargo project below the root that keeps to itself": {
    "app/Cargo.toml": manifest("inner"),
    "app/Cargo.lock": lock("inner"),
    "app/src/main.rs": "fn main() {}\n",
    "README.md": "# outer\n",
  },
  "a build script and tests that read files of the package": {
    "Cargo.toml": manifest("reads"),
    "Cargo.lock": lock("reads"),
    "build.rs":
      'fn main() {\n    println!("cargo::rerun-if-changed=data/names.txt");\n    assert!(std::fs::read_to_string("data/names.txt").is_ok());\n}\n',
    "data/names.txt": "ada\n",
    "src/main.rs": "fn main() {}\n",
    "tests/sample.rs":
      '#[test]\nfn reads() {\n    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/in.csv");\n    assert_eq!(std::fs::read_to_string(path).unwrap(), "1\\n");\n}\n',
    "tests/data/in.csv": "1\n",
  },
  "a path dependency outside of the workspace's members": {
    "Cargo.toml": manifest(
      "outer",
      '\n[dependencies]\nshared = { path = "libs/shared" }\n\n[workspace]\nexclude = ["libs/shared"]\n',
    ),
    "Cargo.lock": lock("outer", "shared").replace(
      'name = "outer"\nversion = "1.0.0"\n',
      'name = "outer"\nversion = "1.0.0"\ndependencies = [\n "shared",\n]\n',
    ),
    "src/main.rs": "fn main() {\n    shared::say();\n}\n",
    "libs/shared/Cargo.toml": manifest("shared"),
    "libs/shared/src/lib.rs": 'pub fn say() {\n    print!("{}", include_str!("word.txt"));\n}\n',
    "libs/shared/src/word.txt": "word\n",
  },
  "crates that the repository holds": {
    "Cargo.toml": manifest("holds", `\n[dependencies]\nhex = { version = "${HEX.version}", default-features = false }\n`),
    "Cargo.lock": lockFile([{ name: "holds", version: "1.0.0", dependencies: ["hex"] }], [HEX], 4),
    ".cargo/config.toml":
      '[source.crates-io]\nreplace-with = "vendored-sources"\n\n[source.vendored-sources]\ndirectory = "vendor"\n',
    "vendor/hex/Cargo.toml": `[package]\nname = "hex"\nversion = "${HEX.version}"\nedition = "2018"\n\n[features]\nalloc = []\ndefault = ["std"]\nstd = ["alloc"]\n`,
    "vendor/hex/src/lib.rs": 'pub fn own() -> &\'static str {\n    include_str!("note.txt")\n}\n',
    "vendor/hex/src/note.txt": "from the repository\n",
    "vendor/hex/.cargo-checksum.json": `{"files":{},"package":"${HEX.checksum}"}`,
    "src/main.rs": 'fn main() {\n    print!("{}", hex::own());\n}\n',
  },
};

describe.each(BUILDERS)(`%s, seed ${seed}`, (builder) => {
  it.each(WELL_FORMED)("%s: nix flake check is green", async (shape) => {
    const generated = generateRepository(shape, seed);
    const repo = await repositoryOf(generated.files);
    await checkFlake(repo, await planOf(repo, builder, shape === "plain binary" ? "flake-utils" : "genAttrs"));
  });

  it.each(Object.keys(LAYOUTS))("%s", async (name) => {
    const repo = await repositoryOf(LAYOUTS[name] ?? {});
    await checkFlake(repo, await planOf(repo, builder, "genAttrs"));
  });
});
