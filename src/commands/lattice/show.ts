import { readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { inRepository } from "../../jobs/lattice/tree.ts";
import { LATTICE_FILE, parseLattice } from "../../nix/lattice/plan.ts";
import { latticeSvg } from "../../nix/lattice/show/svg.ts";
import { latticeDot, latticeText } from "../../nix/lattice/show/text.ts";
import { insideJail } from "../../repo/workspace/jail.ts";
import { locate } from "../../repo/workspace/workspace.ts";
import { errorCode } from "../../system/error.ts";
import { CommandError, type OutputOptions, type Verb } from "../wiring/context.ts";
import { latticeFolder } from "./open.ts";

interface ShowOptions extends OutputOptions {
  readonly repo: string;
  readonly dir: string;
  readonly format: "text" | "dot" | "svg";
}

/** `crq-agent lattice show`: the graph of the plan; needs no Nix. */
export const show: Verb<[ShowOptions]> = async (context, ui, options) => {
  const repo = resolve(context.cwd, options.repo);
  const { root } = await locate(repo);
  const folder = await latticeFolder(root, repo, options.dir);
  const path = inRepository(folder, LATTICE_FILE);
  const plan = await readFile(await insideJail(root, path), "utf8").catch((error: unknown) => {
    if (errorCode(error) !== "ENOENT") throw error;
    throw new CommandError(
      "no-lattice",
      `${path}: there is no lattice.toml; make one with \`crq-agent lattice init ${folder}\`, or name its folder with --dir`,
    );
  });
  const parsed = parseLattice(path, plan);
  if (!parsed.ok) {
    const diagnostics = parsed.problems.map((problem) => ({ severity: "error", rule: "lattice/plan", column: 1, ...problem }));
    throw new CommandError(
      "bad-lattice",
      parsed.problems.map(({ file, line, message, next }) => `${file}:${line}: ${message}. ${next}`).join("\n"),
      diagnostics,
    );
  }
  const { lattice } = parsed;
  const texts = {
    text: () => latticeText(lattice),
    dot: () => latticeDot(lattice.nodes),
    svg: () => latticeSvg(lattice.nodes, `Flake lattice of ${folder === "." ? basename(root) : join(basename(root), folder)}`),
  };
  ui.result({
    text: texts[options.format]().replace(/\n$/, ""),
    json: {
      schema: "crq-agent/lattice-show/1",
      ok: true,
      exit: 0,
      data: { folder, ...lattice },
      diagnostics: [],
    },
  });
  return 0;
};
