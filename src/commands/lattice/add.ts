import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { inRepository } from "../../jobs/lattice/tree.ts";
import type { NodeFiles } from "../../nix/lattice/generate.ts";
import { folderOf, LATTICE_FILE, type LatticeNode, latticeProblems, parseLattice } from "../../nix/lattice/plan.ts";
import { nodeTable } from "../../nix/lattice/plan-text.ts";
import { CommandError, type Verb } from "../wiring/context.ts";
import { type LatticeOptions, openLattice, planOf, requireNix, shortList } from "./open.ts";
import { writeLattice } from "./write.ts";

interface AddOptions extends LatticeOptions {
  readonly dir: string;
  readonly depends?: string;
  readonly expression?: string;
  readonly config?: string;
}

/** `crq-agent lattice add NAME`: one more node in the plan, its flake, and the flakes and locks that it changes. */
export const add: Verb<[string, AddOptions]> = async (context, ui, name, options) => {
  const opened = await openLattice(context, ui, options, options.dir);
  try {
    requireNix(opened);
    const { place } = opened;
    const { lattice, plan, files } = await planOf(place);
    const depends = (options.depends ?? "")
      .split(",")
      .map((each) => each.trim())
      .filter((each) => each !== "");
    const node: LatticeNode = { name, kind: options.config === undefined ? "nix" : "config", depends };
    const more = { ...lattice, nodes: [...lattice.nodes, node] };
    // The person's plan stays as it is, comments and all; a table at its end is TOML wherever it stands.
    const text = `${plan.replace(/\n*$/, "\n")}\n${nodeTable(node)}\n`;
    const path = inRepository(place.folder, LATTICE_FILE);
    const problems = latticeProblems(more);
    const parsed = parseLattice(path, text);
    if (problems.length > 0 || !parsed.ok) {
      const why = problems.length > 0 ? problems : parsed.ok ? [] : parsed.problems.map(({ message }) => message);
      throw new CommandError(
        "bad-lattice",
        `${why.join("; ")}; nothing was written. The nodes there are: ${lattice.nodes.map((each) => each.name).join(", ") || "none"}.`,
      );
    }
    const carried = await carriedFiles(context.cwd, node, options);
    const wanted = { lattice: more, files: new Map<string, NodeFiles>([...files, [name, carried]]), plan: text };
    const written = await writeLattice(opened, wanted, false);
    const folder = inRepository(place.folder, folderOf(node));
    const write = options.config === undefined && options.expression === undefined;
    ui.result({
      text: [
        `Added ${name}${depends.length > 0 ? `, which takes ${depends.join(", ")}` : ""}: ${shortList(written)}.`,
        `Next: ${write ? `write ${folder}/node.nix (until then it only throws), then ` : ""}git add ${place.folder} and crq-agent lattice check.`,
      ].join("\n"),
      json: {
        schema: "crq-agent/lattice-add/1",
        ok: true,
        exit: 0,
        data: { folder: place.folder, node, written, nixRuns: opened.open.nix.processes },
        diagnostics: [],
      },
    });
    return 0;
  } finally {
    await opened.close();
  }
};

async function carriedFiles(cwd: string, node: LatticeNode, { expression, config }: AddOptions): Promise<NodeFiles> {
  if (config !== undefined && expression !== undefined)
    throw new CommandError("option-conflict", "--config and --expression make two kinds of nodes; give one of them");
  if (config !== undefined) return { "config.toml": await read(resolve(cwd, config)) };
  return { "node.nix": expression === undefined ? startingExpression(node) : await read(resolve(cwd, expression)) };
}

async function read(file: string): Promise<string> {
  return readFile(file, "utf8").catch((error: unknown) => {
    throw new CommandError(
      "unreadable-file",
      `${file}: cannot be read (${error instanceof Error ? error.message : String(error)})`,
    );
  });
}

/** It throws: a node that builds before anybody wrote it would prove nothing. */
const startingExpression = ({
  name,
  depends,
}: LatticeNode): string => `# The derivation of this node. \`nodes\` holds the packages of those it takes${depends.length > 0 ? `: ${depends.join(", ")}` : " (none yet)"}.
{
  pkgs,
  lib,
  system,
  nodes,
}:
throw "the node ${name} is not written yet: give node.nix a derivation"
`;
