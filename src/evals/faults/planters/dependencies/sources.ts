import type { Draw } from "../../../draw.ts";
import { type BuilderCall, builderCall, inScope, setArgument } from "../../edit/flake-text.ts";
import {
  atStartOfMain,
  type Crate,
  crateNamed,
  isWorkspace,
  newCrate,
  underTable,
  withDependency,
  withLocked,
} from "../../edit/manifests.ts";
import { drawName, drawWord } from "../../edit/words.ts";
import type { Files, GoodRepository, Planted, Planter } from "../../fault.ts";

/** Rows 8, 9, 18 and 26: what of the tree reaches the builder. */

interface Place {
  readonly crate: Crate;
  readonly call: BuilderCall;
  readonly source: string;
}

function place({ files, programs: [first] }: GoodRepository): Place | undefined {
  const crate = first && crateNamed(files, first.crate);
  const call = builderCall(files);
  const source = crate && files[crate.main];
  return crate && call && source !== undefined ? { crate, call, source } : undefined;
}

/** Everything at the top of the tree that cargo itself needs. */
function cargoPaths(files: Files): readonly string[] {
  const top = new Set(Object.keys(files).map((path) => path.split("/")[0] ?? ""));
  const wanted = ["Cargo.toml", "Cargo.lock", "src", "app", "tests", "build.rs", "crates", "packages", "members", ".cargo"];
  return wanted.filter((name) => top.has(name) || name.startsWith("Cargo."));
}

/** A source that is made of a list of paths, or of the files with some endings. */
function filtered(
  files: Files,
  call: BuilderCall,
  draw: Draw,
  paths: readonly string[],
  ways: readonly [string, ...string[]] = ["fileset", "endings"],
): Files {
  const up = call.file.includes("/") ? "../".repeat(call.file.split("/").length - 1).replace(/\/$/u, "") : ".";
  const root = `${up}/.`;
  const libScope = inScope(files, call, "lib");
  const lib = libScope.name;
  const way = draw.pick(ways);
  const now = { ...files, ...libScope.files };
  const call2 = builderCall(now) ?? call;
  const value =
    way === "fileset"
      ? `${lib}.fileset.toSource { root = ${root}; fileset = ${lib}.fileset.unions [ ${paths.map((path) => `${up}/${path}`).join(" ")} ]; }`
      : `${lib}.cleanSourceWith { src = ${root}; filter = path: type: type == "directory" || builtins.match ".*\\\\.(rs|toml|lock)" path != null; }`;
  return { ...libScope.files, ...setSource(now, call2, value) };
}

/** `src = …;` holds no semicolon that is not in braces, so it is replaced to the first one at its own depth. */
function setSource(files: Files, call: BuilderCall, value: string): Files {
  const text = files[call.file] ?? "";
  const from = text.slice(call.at);
  const start = /^( *)src = /mu.exec(from);
  if (!start) return setArgument(files, call, "src", value);
  let depth = 0;
  let end = start.index + start[0].length;
  while (end < from.length && !(from[end] === ";" && depth === 0)) {
    if ("{[(".includes(from[end] ?? "")) depth += 1;
    if ("}])".includes(from[end] ?? "")) depth -= 1;
    end += 1;
  }
  return {
    [call.file]: `${text.slice(0, call.at)}${from.slice(0, start.index)}${start[1]}src = ${value}${from.slice(end)}`,
  };
}

const above = (crate: Crate): string => "../".repeat(crate.main.slice(crate.folder.length).split("/").length - 1);

function included(repository: GoodRepository, draw: Draw, path: string, text: string): Planted | undefined {
  const at = place(repository);
  if (!at) return undefined;
  const { crate, call, source } = at;
  const macro = draw.pick([`include_str!("${above(crate)}${path}")`, `include_bytes!("${above(crate)}${path}")`]);
  const used = `    let _ = ${macro}.len();\n`;
  const with_ = { ...repository.files, [crate.main]: atStartOfMain(source, used), [`${crate.folder}${path}`]: text };
  // A crate's own folder is named as a whole in a workspace, so only the endings leave the file out there.
  const ways: readonly [string, ...string[]] = isWorkspace(repository.files) ? ["endings"] : ["fileset", "endings"];
  const flake = filtered(with_, call, draw, cargoPaths(repository.files), ways);
  return {
    edits: { [crate.main]: with_[crate.main] ?? "", [`${crate.folder}${path}`]: text, ...flake },
    checkout: {},
    what: `${crate.main} includes ${path}, which the source filter leaves out`,
  };
}

export const sources: readonly Planter[] = [
  {
    name: "filtered-text",
    row: 8,
    label: "source-filter",
    mechanical: true,
    plant: (repository, draw) =>
      included(
        repository,
        draw,
        `${draw.pick(["assets", "templates", "text"])}/${drawName(draw)}.${draw.pick(["txt", "html", "tera"])}`,
        "Words.\n",
      ),
  },
  {
    name: "filtered-queries",
    row: 8,
    label: "source-filter",
    mechanical: true,
    plant: (repository, draw) =>
      included(
        repository,
        draw,
        `${draw.pick([".sqlx", "migrations", "queries"])}/${drawName(draw)}.${draw.pick(["json", "sql"])}`,
        "{}\n",
      ),
  },
  {
    name: "member-left-out",
    row: 9,
    label: "workspace",
    mechanical: false,
    why: "which members belong to the source is the project's decision",
    plant(repository, draw) {
      const at = place(repository);
      if (!at || at.crate.folder === "") return undefined;
      const members = Object.keys(repository.files).filter((path) => path.endsWith("/Cargo.toml"));
      const others = members.map((path) => path.slice(0, -"/Cargo.toml".length)).filter((path) => `${path}/` !== at.crate.folder);
      const [first, ...rest] = others;
      if (first === undefined) return undefined;
      const dropped = draw.pick([first, ...rest]);
      const kept = members.map((path) => path.slice(0, -"/Cargo.toml".length)).filter((path) => path !== dropped);
      return {
        edits: filtered(repository.files, at.call, draw, ["Cargo.toml", "Cargo.lock", ...kept], ["fileset"]),
        checkout: {},
        what: `the source has every member but ${dropped}`,
      };
    },
  },
  {
    name: "member-of-nothing",
    row: 9,
    label: "workspace",
    mechanical: false,
    why: "whether the member is to come or its name to go is for a person to say",
    plant({ files }, draw) {
      const text = files["Cargo.toml"] ?? "";
      const name = `crates/${drawName(draw)}`;
      const changed = /^members = \[/mu.test(text)
        ? text.replace(/^members = \[/mu, (open) => `${open}"${name}", `)
        : `${text.trimEnd()}\n\n[workspace]\nmembers = ["${name}"]\n`;
      return { edits: { "Cargo.toml": changed }, checkout: {}, what: `${name} is a member and not there` };
    },
  },
  {
    name: "nothing-to-inherit",
    row: 9,
    label: "workspace",
    mechanical: false,
    why: "the value that was to be inherited is nowhere",
    plant({ files, programs: [first] }, draw) {
      const crate = first && crateNamed(files, first.crate);
      if (!crate) return undefined;
      const key = draw.pick(["license", "authors", "repository", "homepage"]);
      const manifest = underTable(files[crate.manifest] ?? "", "package", `${key}.workspace = true\n`);
      const root = crate.folder === "" ? `${manifest.trimEnd()}\n\n[workspace]\n` : manifest;
      return {
        edits: { [crate.manifest]: root },
        checkout: {},
        what: `${crate.name} inherits ${key}, which the workspace has not`,
      };
    },
  },
  {
    name: "linker-script",
    row: 18,
    label: "dummy-source",
    mechanical: true,
    plant(repository, draw, supply) {
      const at = place(repository);
      const closure = newCrate(repository.files, supply, draw.some(["itoa", "hex", "ryu", "smallvec"], 4));
      if (!at || !closure || at.call.builder === "buildRustPackage") return undefined;
      const added = withDependency(repository.files, at.crate, closure);
      const script = `link/${drawWord(draw)}.map`;
      return (
        added && {
          edits: {
            ...added,
            ".cargo/config.toml": `[build]\nrustflags = ["-C", "link-arg=-Wl,--version-script=${script}"]\n`,
            [script]: "{ local: _planted_none; };\n",
          },
          checkout: {},
          what: `every link needs ${script}, which the dummy source has not`,
        }
      );
    },
  },
  {
    name: "path-outside",
    row: 26,
    label: "path-outside-source",
    mechanical: false,
    why: "what lies outside the repository is not there",
    plant(repository, draw) {
      const at = place(repository);
      const lock = repository.files["Cargo.lock"];
      if (!at || lock === undefined) return undefined;
      const name = drawName(draw);
      const up = "../".repeat(at.crate.folder.split("/").length - 1);
      const path = `${up}../${draw.pick(["shared", "libs", "common"])}/${name}`;
      return {
        edits: {
          [at.crate.manifest]: underTable(
            repository.files[at.crate.manifest] ?? "",
            "dependencies",
            `${name} = { path = "${path}" }\n`,
          ),
          "Cargo.lock": withLocked(lock, at.crate.name, name, [`[[package]]\nname = "${name}"\nversion = "0.1.0"`]),
        },
        checkout: {},
        what: `${name} lies at ${path}, outside the repository`,
      };
    },
  },
  {
    name: "absolute-patch",
    row: 26,
    label: "path-outside-source",
    mechanical: false,
    why: "the patched sources are on somebody's machine",
    plant({ files, programs: [first] }, draw, supply) {
      const crate = first && crateNamed(files, first.crate);
      const closure = newCrate(files, supply, draw.some(["hex", "itoa", "ryu", "smallvec"], 4));
      const added = crate && closure && withDependency(files, crate, closure);
      const name = closure?.[0]?.name;
      if (!added || name === undefined) return undefined;
      const root = added["Cargo.toml"] ?? files["Cargo.toml"] ?? "";
      const folder = `/home/${draw.pick(["ana", "ben", "cleo"])}/src/${name}`;
      return {
        edits: { ...added, "Cargo.toml": `${root.trimEnd()}\n\n[patch.crates-io]\n${name} = { path = "${folder}" }\n` },
        checkout: {},
        what: `${name} is patched with ${folder}`,
      };
    },
  },
];
