import { checkLattice } from "../../jobs/lattice/check.ts";
import { staleFlakes } from "../../jobs/lattice/tree.ts";
import { CommandError, type Verb } from "../wiring/context.ts";
import { diagnosticOf, findingText, type LatticeOptions, openLattice, planOf, requireNix, shortList } from "./open.ts";
import { writeLattice } from "./write.ts";

interface CheckOptions extends LatticeOptions {
  readonly dir: string;
  readonly fix?: boolean;
}

/** `crq-agent lattice check`: the plan, its files, and each node evaluated by itself; with --fix the flakes and locks are written again first. */
export const check: Verb<[CheckOptions]> = async (context, ui, options) => {
  const opened = await openLattice(context, ui, options, options.dir);
  try {
    requireNix(opened);
    const { place, policy, untracked } = opened;
    const read = await planOf(place);
    let written: readonly string[] = [];
    if (options.fix) {
      const [own] = (await staleFlakes(place, read)).filter((flake) => flake.own);
      if (own)
        throw new CommandError(
          "foreign-file",
          `${own.path}: was not made from lattice.toml and is not written over; move it away. Nothing was written.`,
        );
      written = await writeLattice(opened, { ...read, plan: read.plan }, false);
    }
    const { findings, derivations, unavailable } = await checkLattice(place, read, policy);
    const errors = findings.filter(({ severity }) => severity === "error");
    const exit = context.signal.aborted ? 130 : errors.length > 0 ? 1 : unavailable !== undefined ? 4 : 0;
    const nodes = read.lattice.nodes.map(({ name, kind, depends }) => ({
      name,
      kind,
      depends,
      derivation: derivations.get(name) ?? null,
    }));
    const alone = `${derivations.size} of ${nodes.length} ${nodes.length === 1 ? "node evaluates" : "nodes evaluate"} alone`;
    ui.result({
      text: [
        ...findings.map(findingText),
        ...(written.length > 0 ? [`Written: ${shortList(written)}.`] : []),
        ...(unavailable === undefined ? [] : [`Not checked: ${unavailable}`]),
        ...(untracked.length > 0
          ? [
              `${untracked.length} files below ${place.folder} are not tracked by git: Nix does not see them in your checkout (git add ${place.folder}).`,
            ]
          : []),
        `${alone}; ${errors.length === 0 ? (unavailable === undefined ? "the lattice is as planned." : "nothing wrong was found so far.") : `${errors.length} ${errors.length === 1 ? "problem" : "problems"}.`}`,
      ].join("\n"),
      json: {
        schema: "crq-agent/lattice-check/1",
        ok: exit === 0,
        exit,
        data: {
          folder: place.folder,
          nodes,
          written,
          untracked,
          unavailable: unavailable ?? null,
          nixRuns: opened.open.nix.processes,
        },
        diagnostics: findings.map(diagnosticOf),
      },
    });
    return exit;
  } finally {
    await opened.close();
  }
};
