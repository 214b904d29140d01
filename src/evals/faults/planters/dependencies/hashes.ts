import type { Draw } from "../../../draw.ts";
import { builderCall, withArgument } from "../../edit/flake-text.ts";
import { atStartOfMain, crateNamed, newCrate, underTable, withDependency, withLocked } from "../../edit/manifests.ts";
import { drawName } from "../../edit/words.ts";
import type { Files, GoodRepository, Planter, Supply } from "../../fault.ts";

/** Rows 4, 5, 7, 19, 25 and 28: what is fetched, and by which hash. */

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** A well-formed hash that belongs to nothing. */
const drawHash = (draw: Draw): string =>
  `sha256-${Array.from({ length: 42 }, () => LETTERS[draw.number(LETTERS.length)]).join("")}A=`;

export interface GitCrate {
  readonly name: string;
  readonly version: string;
}

/** Crates of the world's Git repository, each with its own trouble. */
export const GIT_CRATES = {
  plain: { name: "tidewater", version: "0.4.2" },
  readsOutside: { name: "tidewater-guide", version: "0.4.2" },
  writes: { name: "tidewater-tables", version: "0.4.2" },
} as const satisfies Readonly<Record<string, GitCrate>>;

/** Cargo.toml and Cargo.lock with a crate of the Git repository. */
export function withGitDependency(
  { files, programs: [first] }: GoodRepository,
  supply: Supply,
  dependency: GitCrate,
  url = supply.git?.url,
): Files | undefined {
  const crate = first && crateNamed(files, first.crate);
  const lock = files["Cargo.lock"];
  if (!crate || !supply.git || lock === undefined) return undefined;
  const block = `[[package]]\nname = "${dependency.name}"\nversion = "${dependency.version}"\nsource = "git+${url}#${supply.git.revision}"`;
  const manifest = underTable(files[crate.manifest] ?? "", "dependencies", `${dependency.name} = { git = "${url}" }\n`);
  return {
    [crate.manifest]: manifest,
    "Cargo.lock": withLocked(lock, crate.name, dependency.name, [block]),
    [crate.main]: atStartOfMain(files[crate.main] ?? "", `    ${dependency.name.replaceAll("-", "_")}::check();\n`),
  };
}

const LOCK_ARGUMENT = /cargoLock\.lockFile = ([^;]+);|cargoLock = \{\s*lockFile = ([^;]+);\s*\};/u;

/** `cargoLock` with more in it, however it is written. */
function inCargoLock(files: Files, more: readonly string[]): Files | undefined {
  const call = builderCall(files);
  const text = call && files[call.file];
  if (!call || text === undefined || !LOCK_ARGUMENT.test(text)) return undefined;
  return {
    [call.file]: text.replace(LOCK_ARGUMENT, (_all, flat?: string, nested?: string) =>
      [`cargoLock = {`, `  lockFile = ${flat ?? nested};`, ...more.map((line) => `  ${line}`), "};"].join(`\n${call.indent}`),
    ),
  };
}

export const hashes: readonly Planter[] = [
  {
    name: "wrong-cargo-hash",
    row: 4,
    label: "hash-mismatch",
    mechanical: true,
    plant({ files }, draw) {
      const call = builderCall(files);
      const text = call && files[call.file];
      if (!call || !text?.includes("cargoHash = ")) return undefined;
      const hash = drawHash(draw);
      return {
        edits: { [call.file]: text.replace(/cargoHash = "[^"]*"/u, `cargoHash = "${hash}"`) },
        checkout: {},
        what: "cargoHash belongs to nothing",
      };
    },
  },
  {
    name: "stale-cargo-hash",
    row: 4,
    label: "stale-hash",
    mechanical: true,
    plant(repository, draw, supply) {
      const { files } = repository;
      const [first] = repository.programs;
      const crate = first && crateNamed(files, first.crate);
      const call = builderCall(files);
      const closure = newCrate(files, supply, draw.some(["itoa", "hex", "ryu", "fastrand"], 4));
      if (!crate || !closure || !call || !files[call.file]?.includes("cargoHash = ")) return undefined;
      const edits = withDependency(files, crate, closure);
      return edits && { edits, checkout: {}, what: `Cargo.lock has ${closure[0]?.name} now, and cargoHash is of before` };
    },
  },
  {
    name: "git-dependency-without-hash",
    row: 5,
    label: "git-dependency-hash",
    mechanical: true,
    plant(repository, _draw, supply) {
      const edits = withGitDependency(repository, supply, GIT_CRATES.plain);
      if (!edits || !inCargoLock(repository.files, [])) return undefined;
      return { edits, checkout: {}, what: `${GIT_CRATES.plain.name} comes from Git, and outputHashes does not have it` };
    },
  },
  {
    name: "stale-output-hash",
    row: 5,
    label: "git-dependency-hash",
    mechanical: true,
    plant({ files }, draw) {
      const name = `${drawName(draw)}-${draw.number(3)}.${draw.number(9)}.${draw.number(9)}`;
      const edits = inCargoLock(files, ["outputHashes = {", `  "${name}" = "${drawHash(draw)}";`, "};"]);
      return edits && { edits, checkout: {}, what: `outputHashes still has ${name}` };
    },
  },
  {
    name: "wrong-output-hash",
    row: 4,
    label: "hash-mismatch",
    mechanical: true,
    plant(repository, draw, supply) {
      const { name, version } = GIT_CRATES.plain;
      const added = withGitDependency(repository, supply, GIT_CRATES.plain);
      const edits = inCargoLock(repository.files, ["outputHashes = {", `  "${name}-${version}" = "${drawHash(draw)}";`, "};"]);
      if (!added || !edits) return undefined;
      return { edits: { ...added, ...edits }, checkout: {}, what: `the hash of ${name} in outputHashes belongs to nothing` };
    },
  },
  {
    name: "pinned-asset",
    row: 4,
    label: "hash-mismatch",
    mechanical: false,
    why: "a pinned source that is another one now is for a person to judge",
    plant({ files }, draw, { refusedDownloads, crate }) {
      const call = builderCall(files);
      const asset = crate("itoa")?.[0];
      if (!call || !asset || refusedDownloads === undefined) return undefined;
      const set = call.file === "flake.nix" ? "pkgs.fetchurl" : undefined;
      if (set === undefined || !/\bpkgs\b/u.test(files["flake.nix"] ?? "")) return undefined;
      return {
        edits: withArgument(files, call, [
          `NUMBERS = ${set} {`,
          `  url = "https://assets.example.org/crates/${asset.name}/${asset.name}-${asset.version}.crate";`,
          `  hash = "${drawHash(draw)}";`,
          "};",
        ]),
        checkout: {},
        what: "an asset that the flake pins has another hash than it was pinned with",
      };
    },
  },
  {
    name: "registry-refuses",
    row: 7,
    label: "registry-refused",
    mechanical: true,
    plant(repository, draw, supply) {
      const { files } = repository;
      const [first] = repository.programs;
      const crate = first && crateNamed(files, first.crate);
      const call = builderCall(files);
      const closure = newCrate(files, supply, draw.some(["lexopt", "pico-args", "smallvec", "either"], 4));
      if (!crate || !closure || !call || supply.refusedDownloads === undefined) return undefined;
      const added = withDependency(files, crate, closure);
      if (!added) return undefined;
      const old = supply.refusedDownloads;
      const source = "https://github.com/rust-lang/crates.io-index";
      const flake =
        call.builder === "naersk"
          ? withArgument(files, call, [`cratesDownloadUrl = "${old}/api/v1/crates";`])
          : inCargoLock(files, [`extraRegistries."${source}" = "${old}/api/v1/crates";`]);
      return flake && { edits: { ...added, ...flake }, checkout: {}, what: `crates are asked for at ${old}, which refuses` };
    },
  },
  {
    name: "git-crate-reads-outside",
    row: 19,
    label: "vendored-git-files",
    mechanical: false,
    why: "the crate itself reads what vendoring leaves out",
    plant(repository, _draw, supply) {
      // naersk keeps a Git repository whole.
      const free = inCargoLock(repository.files, ["allowBuiltinFetchGit = true;"]);
      const added = free && withGitDependency(repository, supply, GIT_CRATES.readsOutside);
      if (!added) return undefined;
      return { edits: { ...added, ...free }, checkout: {}, what: "a crate from Git includes the guide of its repository's root" };
    },
  },
  {
    name: "git-crate-writes",
    row: 25,
    label: "vendor-write",
    mechanical: false,
    why: "the build script of the dependency must change",
    plant(repository, _draw, supply) {
      // buildRustPackage works on a copy of the vendored crates that can be written.
      if (builderCall(repository.files)?.builder === "buildRustPackage") return undefined;
      const edits = withGitDependency(repository, supply, GIT_CRATES.writes);
      return edits && { edits, checkout: {}, what: "the build script of a crate from Git writes beside its sources" };
    },
  },
  {
    name: "private-registry",
    row: 28,
    label: "private-source",
    mechanical: false,
    why: "the registry needs credentials that a person has",
    plant({ files, programs: [first] }, draw) {
      const crate = first && crateNamed(files, first.crate);
      const lock = files["Cargo.lock"];
      if (!crate || lock === undefined) return undefined;
      const name = drawName(draw);
      const company = draw.pick(["kiln", "harbour", "foundry"]);
      const index = `https://cargo.${company}.example/index`;
      const block = `[[package]]\nname = "${name}"\nversion = "1.0.${draw.number(9)}"\nsource = "registry+${index}"\nchecksum = "${"0123456789abcdef".repeat(4)}"`;
      return {
        edits: {
          [crate.manifest]: underTable(
            files[crate.manifest] ?? "",
            "dependencies",
            `${name} = { version = "1", registry = "${company}" }\n`,
          ),
          "Cargo.lock": withLocked(lock, crate.name, name, [block]),
          ".cargo/config.toml": `[registries.${company}]\nindex = "${index}"\n`,
        },
        checkout: {},
        what: `${name} comes from the registry of ${company}`,
      };
    },
  },
  {
    name: "private-git",
    row: 28,
    label: "private-source",
    mechanical: false,
    why: "the repository needs credentials that a person has",
    plant(repository, draw, supply) {
      const dependency = { name: drawName(draw), version: "0.2.0" };
      const url = `https://git.${draw.pick(["kiln", "harbour", "foundry"])}.example/team/${dependency.name}`;
      const added = withGitDependency(repository, supply, dependency, url);
      if (!added) return undefined;
      const call = builderCall(repository.files);
      const free = inCargoLock(repository.files, ["allowBuiltinFetchGit = true;"]) ?? {};
      if (call?.builder === "buildRustPackage" && Object.keys(free).length === 0) return undefined;
      return { edits: { ...added, ...free }, checkout: {}, what: `${dependency.name} comes from ${url}` };
    },
  },
];
