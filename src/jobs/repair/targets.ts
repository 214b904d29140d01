import { z } from "zod";
import { formatAttributePath, parseAttributePath } from "../../nix/attribute-path.ts";
import type { Nix, RunNixOptions } from "../../nix/nix.ts";

/** Which attributes of a flake a person means who names one as `nix build` takes it, or none. */

/** What a flake offers on this system; undefined: it does not evaluate so far. */
export interface OfferedOutputs {
  readonly packages: readonly string[];
  readonly checks: readonly string[];
}

const OUTPUTS = ["packages", "checks", "devShells", "legacyPackages", "apps", "formatter"];
const SYSTEM = /^[a-z0-9_]+-(?:linux|darwin|freebsd)$/u;

const offeredSchema = z.object({ packages: z.array(z.string()), checks: z.array(z.string()) });

/** Names only: what one of them evaluates to does not matter here. */
export async function offeredOutputs(
  nix: Nix,
  flakeDirectory: string,
  options: RunNixOptions,
): Promise<OfferedOutputs | undefined> {
  const names = (output: string): string => `builtins.attrNames (outs.${output}.${JSON.stringify(nix.system)} or { })`;
  const apply = `outs: { packages = ${names("packages")}; checks = ${names("checks")}; }`;
  const asked = await nix.evaluate(flakeDirectory, "", { ...options, apply });
  return asked.ok ? offeredSchema.safeParse(asked.value).data : undefined;
}

export type Targets =
  | { readonly ok: true; readonly attributes: readonly string[] }
  | { readonly ok: false; readonly problem: string };

/**
 * Full attribute paths.
 * @param wanted as given: `tally`, `checks`, `checks.fmt`, `packages.x86_64-linux.tally`; absent: the default package, else every package
 * @param offered undefined: the flake says nothing until it evaluates
 */
export function targetsOf(wanted: string | undefined, offered: OfferedOutputs | undefined, system: string): Targets {
  const of = (output: string, names: readonly string[]): Targets => ({
    ok: true,
    attributes: names.map((name) => formatAttributePath([output, system, name])),
  });
  if (wanted === undefined) {
    const packages = offered?.packages ?? [];
    return of("packages", packages.length === 0 || packages.includes("default") ? ["default"] : packages);
  }
  const path = parseAttributePath(wanted.replace(/^\.?#/u, ""));
  const [first, second] = path ?? [];
  if (path === undefined || first === undefined)
    return {
      ok: false,
      problem: `'${wanted}' is no attribute path; give a name such as default, checks or packages.${system}.default`,
    };
  if (wanted === "checks" || wanted === "packages") {
    if (offered === undefined)
      return {
        ok: false,
        problem: `the flake does not evaluate, so nobody can say which ${wanted} it has; run it without \`${wanted}\` first, or name one (${wanted}.NAME)`,
      };
    const names = offered[wanted];
    if (names.length > 0) return of(wanted, names);
    return {
      ok: false,
      problem: `the flake has no ${wanted} for ${system}; name an attribute, or leave it out for the default package`,
    };
  }
  if (!OUTPUTS.includes(first)) return of("packages", [formatName(path)]);
  if (second === undefined && first === "formatter") return { ok: true, attributes: [formatAttributePath([first, system])] };
  if (second === undefined) return { ok: false, problem: `${wanted} is a set of outputs; name one of it (${wanted}.NAME)` };
  return { ok: true, attributes: [formatAttributePath(SYSTEM.test(second) ? path : [first, system, ...path.slice(1)])] };
}

/** A package name with a dot in it was written in quotes. */
const formatName = (path: readonly string[]): string => path.join(".");
