import { didYouMean } from "../../agent/text/nearest.ts";
import { buildLattice } from "../../jobs/lattice/build.ts";
import { staleFlakes } from "../../jobs/lattice/tree.ts";
import { CommandError, type Verb } from "../wiring/context.ts";
import { endedByNix, type LatticeOptions, openLattice, planOf, requireNix, shortList } from "./open.ts";

interface BuildOptions extends LatticeOptions {
  readonly dir: string;
}

/** `crq-agent lattice build [NODE…]`: by way of the root flake, with what Nix built and what it had already. */
export const build: Verb<[readonly string[], BuildOptions]> = async (context, ui, names, options) => {
  const opened = await openLattice(context, ui, options, options.dir);
  try {
    requireNix(opened);
    const { place, open, config } = opened;
    const read = await planOf(place);
    const { nodes } = read.lattice;
    if (nodes.length === 0)
      throw new CommandError(
        "no-node",
        `${place.folder}: the plan has no node, so nothing would be built; add one with \`crq-agent lattice add NAME\``,
      );
    const unknown = names.find((name) => !nodes.some((node) => node.name === name));
    if (unknown !== undefined)
      throw new CommandError(
        "unknown-node",
        `"${unknown}" is no node of this lattice; there are ${nodes.map(({ name }) => name).join(", ")}${didYouMean(
          unknown,
          nodes.map(({ name }) => name),
        )}`,
      );
    const [stale] = await staleFlakes(place, read);
    if (stale)
      throw new CommandError(
        "lattice-stale",
        `${stale.path}: differs from what lattice.toml gives; run \`crq-agent lattice check\``,
      );
    const run = { ...place.run, timeoutMs: config.nix["build-timeout"] * 1000 };
    const result = await buildLattice({ ...place, run }, read, names, open.environment);
    if (!result.ok)
      throw endedByNix(`the lattice does not build (${result.started.length} derivations were started)`, result.failure);
    const built = result.nodes.filter((node) => node.built);
    const reused = result.nodes.filter((node) => !node.built);
    const empty = result.nodes.filter((node) => node.empty);
    const exit = empty.length > 0 ? 1 : 0;
    ui.result({
      text: [
        ...(built.length > 0 ? [`built:  ${shortList(built.map(({ name }) => name))}`] : []),
        ...(reused.length > 0 ? [`reused: ${shortList(reused.map(({ name }) => name))}`] : []),
        ...empty.map(({ name }) => `✗  ${name} builds, but its outputs hold no file with anything in it`),
        ...(result.root === undefined ? [] : [`root:   ${result.root}`]),
        `${built.length} of ${result.nodes.length} nodes built, ${reused.length} reused, as Nix reports it; ${result.others} other derivations built.`,
      ].join("\n"),
      json: {
        schema: "crq-agent/lattice-build/1",
        ok: exit === 0,
        exit,
        data: {
          folder: place.folder,
          built: built.map(({ name }) => name),
          reused: reused.map(({ name }) => name),
          others: result.others,
          nodes: result.nodes,
          root: result.root ?? null,
          nixRuns: result.processes,
        },
        diagnostics: empty.map(({ name }) => ({
          severity: "error",
          rule: "lattice/empty-output",
          message: `${name} builds, but its outputs hold no file with anything in it. Let it make something.`,
          file: "",
          line: 1,
          column: 1,
        })),
      },
    });
    return exit;
  } finally {
    await opened.close();
  }
};
