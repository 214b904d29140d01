import { z } from "zod";
import { formatAttributePath, parseAttributePath } from "../../nix/attribute-path.ts";
import type { Nix, RunNixOptions } from "../../nix/nix.ts";

/** Which outputs of a flake a person means who names one as `nix build` takes it, or none. */

/** Outputs by name that a flake offers on this system. */
const SETS = ["packages", "checks", "devShells"] as const;
type OutputSet = (typeof SETS)[number];

/** Names; undefined: they cannot be told, since the set does not evaluate so far. */
export type OfferedOutputs = Readonly<Record<OutputSet, readonly string[] | undefined>>;

export interface Target {
  /** Full path: of one output, or of a set of them (`checks.x86_64-linux`) whose names cannot be told. */
  readonly attribute: string;
  /** What has to stand. Nobody installs a development shell: that it evaluates is what `nix flake check` asks of it, too. */
  readonly proof: "builds" | "evaluates";
}

const OUTPUTS = ["packages", "checks", "devShells", "legacyPackages", "apps", "formatter"];
const SYSTEM = /^[a-z0-9_]+-(?:linux|darwin|freebsd)$/u;

const names = z.array(z.string());
const offeredSchema = z.object({ packages: names, checks: names, devShells: names });

/** Names only: what one of them evaluates to does not matter here. */
export async function offeredOutputs(nix: Nix, flakeDirectory: string, options: RunNixOptions): Promise<OfferedOutputs> {
  const namesOf = (set: OutputSet): string => `builtins.attrNames (outs.${set}.${JSON.stringify(nix.system)} or { })`;
  const whole = `outs: { ${SETS.map((set) => `${set} = ${namesOf(set)};`).join(" ")} }`;
  const asked = await nix.evaluate(flakeDirectory, "", { ...options, apply: whole });
  const all = asked.ok ? offeredSchema.safeParse(asked.value).data : undefined;
  if (all) return all;
  // One set that is broken must not hide the others.
  const each = async (set: OutputSet): Promise<readonly string[] | undefined> => {
    const alone = await nix.evaluate(flakeDirectory, "", { ...options, apply: `outs: ${namesOf(set)}` });
    return alone.ok ? names.safeParse(alone.value).data : undefined;
  };
  return { packages: await each("packages"), checks: await each("checks"), devShells: await each("devShells") };
}

/** Whether every name is known: what is asked of the flake as a whole can be said. */
export const isKnown = (offered: OfferedOutputs): boolean => SETS.every((set) => offered[set] !== undefined);

/**
 * What a flake as a whole has to stand for: that its packages and checks build and that its development shells evaluate, on this system. The
 * default package comes first.
 */
export function wholeFlake(offered: OfferedOutputs, system: string): readonly Target[] {
  const ofSet = (set: OutputSet): readonly Target[] => {
    const proof = set === "devShells" ? "evaluates" : "builds";
    const known = offered[set];
    if (known === undefined) return [{ attribute: formatAttributePath([set, system]), proof: "evaluates" }];
    const ordered = [...known].sort((one, other) => Number(other === "default") - Number(one === "default"));
    return ordered.map((name) => ({ attribute: formatAttributePath([set, system, name]), proof }));
  };
  const fallback: Target = { attribute: formatAttributePath(["packages", system, "default"]), proof: "builds" };
  if (SETS.every((set) => offered[set] === undefined)) return [fallback];
  const all = SETS.flatMap(ofSet);
  return all.length > 0 ? all : [fallback];
}

export type Targets =
  | { readonly ok: true; readonly targets: readonly Target[] }
  | { readonly ok: false; readonly problem: string };

/** The default package, else every package. */
export function packagesOf({ packages = [] }: OfferedOutputs, system: string): readonly string[] {
  const wanted = packages.length === 0 || packages.includes("default") ? ["default"] : packages;
  return wanted.map((name) => formatAttributePath(["packages", system, name]));
}

/** @param wanted as given: `tally`, `checks`, `checks.fmt`, `packages.x86_64-linux.tally` */
export function namedTargets(wanted: string, offered: OfferedOutputs, system: string): Targets {
  const of = (attributes: readonly string[]): Targets => ({
    ok: true,
    targets: attributes.map((attribute) => ({ attribute, proof: "builds" })),
  });
  const path = parseAttributePath(wanted.replace(/^\.?#/u, ""));
  const [first, second] = path ?? [];
  if (path === undefined || first === undefined)
    return {
      ok: false,
      problem: `'${wanted}' is no attribute path; give a name such as default, checks or packages.${system}.default`,
    };
  if (wanted === "checks" || wanted === "packages") {
    const known = offered[wanted];
    if (known === undefined)
      return {
        ok: false,
        problem: `the flake does not evaluate, so nobody can say which ${wanted} it has; run it without \`${wanted}\` first, or name one (${wanted}.NAME)`,
      };
    if (known.length > 0) return of(known.map((name) => formatAttributePath([wanted, system, name])));
    return {
      ok: false,
      problem: `the flake has no ${wanted} for ${system}; name an attribute, or leave it out for the whole flake`,
    };
  }
  if (!OUTPUTS.includes(first)) return of([formatAttributePath(["packages", system, path.join(".")])]);
  if (second === undefined && first === "formatter") return of([formatAttributePath([first, system])]);
  if (second === undefined) return { ok: false, problem: `${wanted} is a set of outputs; name one of it (${wanted}.NAME)` };
  return of([formatAttributePath(SYSTEM.test(second) ? path : [first, system, ...path.slice(1)])]);
}
