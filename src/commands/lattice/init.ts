import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { parse, TomlError } from "smol-toml";
import { splitOf } from "../../jobs/lattice/split-crate.ts";
import type { NodeFiles } from "../../nix/lattice/generate.ts";
import { type Lattice, latticeProblems } from "../../nix/lattice/plan.ts";
import { CommandError, type Verb } from "../wiring/context.ts";
import { type LatticeOptions, latticeFolder, openLattice, requireNix } from "./open.ts";
import { writeLattice } from "./write.ts";

interface InitOptions extends LatticeOptions {
  readonly config?: string;
  readonly crate?: string;
}

/** `crq-agent lattice init DIR`: a plan, the seed's config flake, the items of a crate as nodes, and a root flake that takes them all. */
export const init: Verb<[string, InitOptions]> = async (context, ui, folder, options) => {
  const opened = await openLattice(context, ui, options, folder);
  try {
    requireNix(opened);
    const { place, config, root } = opened;
    const seed = options.config === undefined ? undefined : await readConfigFile(resolve(context.cwd, options.config));
    const split =
      options.crate === undefined
        ? undefined
        : await splitOf(place.workspace.directory, await latticeFolder(root, context.cwd, options.crate));
    if (split && !split.ok) throw new CommandError("not-split", `${split.problem}. ${split.next}`);
    const crate = split?.ok ? split : undefined;
    const lattice: Lattice = {
      nixpkgs: config.nix.nixpkgs,
      systems: config.nix.systems,
      nodes: [{ name: "config", kind: "config", depends: [] }, ...(crate?.nodes ?? [])],
      leftOut: crate?.leftOut ?? [],
    };
    const files = new Map<string, NodeFiles>([
      ["config", { "config.toml": seed ?? starterConfig(basename(root)) }],
      ...(crate?.files ?? []),
    ]);
    const problems = latticeProblems(lattice);
    if (problems.length > 0) throw new CommandError("bad-lattice", `${problems.join("; ")}; nothing was written`);
    const written = await writeLattice(opened, { lattice, files }, true);
    const nodes = lattice.nodes.length;
    const left = lattice.leftOut.map(({ item, file, line, reason }) => `  left out: ${item} (${file}:${line}): ${reason}`);
    const dir = place.folder;
    ui.result({
      text: [
        `Written: ${dir === "." ? "" : `${dir}/`}lattice.toml with ${nodes} ${nodes === 1 ? "node" : "nodes"}, their flakes, and the root flake (${written.length} files).`,
        ...left,
        `Next: git add ${dir}, since a flake sees tracked files only; then crq-agent lattice check${dir === "lattice" ? "" : ` --dir ${dir}`}.`,
      ].join("\n"),
      json: {
        schema: "crq-agent/lattice-init/1",
        ok: true,
        exit: 0,
        data: { folder: dir, nodes: lattice.nodes, leftOut: lattice.leftOut, written, nixRuns: opened.open.nix.processes },
        diagnostics: [],
      },
    });
    return 0;
  } finally {
    await opened.close();
  }
};

const starterConfig = (name: string): string =>
  `# The seed of the lattice: each node can take it as the input "config", and the root flake hands it on.\nname = ${JSON.stringify(name)}\n`;

/** A file that is no TOML would only fail at the first node that reads it. */
async function readConfigFile(file: string): Promise<string> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw new CommandError(
      "unreadable-file",
      `${file}: cannot be read (${error instanceof Error ? error.message : String(error)}); name a TOML file`,
    );
  });
  try {
    parse(text);
    return text;
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw new CommandError(
      "bad-lattice",
      `${file}:${error.line}:${error.column}: ${error.message.split("\n")[0]}; correct it first`,
    );
  }
}
