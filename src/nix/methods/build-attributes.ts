import { z } from "zod";
import { parseAttributePath } from "../attribute-path.ts";
import { type Asked, GRACE, type NixAsker, TIMEOUT } from "../call/asker.ts";
import { failed } from "../call/failure.ts";
import type { Called } from "../call/nix-call.ts";
import type { BuildOptions, Built, Nix, NixResult, RunNixOptions } from "../nix.ts";
import { drvPathsFunction } from "../questions/derivation-paths.ts";

const drvPathsSchema = z.array(z.string());
const builtSchema = z.array(z.object({ drvPath: z.string(), outputs: z.record(z.string(), z.string().nullable()) }));

const nothing = { ok: true, value: [], log: "", warnings: [], seconds: 0 } as const;

/** What `nix build --json` says was built. */
export function readBuilt(called: Called): readonly Omit<Built, "installable">[] {
  return builtSchema.parse(JSON.parse(called.stdout)).map(({ drvPath, outputs }) => ({
    drvPath,
    outputs: Object.fromEntries(Object.entries(outputs).flatMap(([name, path]) => (path === null ? [] : [[name, path]]))),
  }));
}

/**
 * Builds attributes of a flake. Evaluation goes first, in a process of its own: it alone gets the memory limit, and its answer says which
 * derivation belongs to which attribute, also when the build fails.
 */
export async function buildAttributes(
  nix: Pick<Nix, "evaluate">,
  asker: NixAsker,
  flakeDirectory: string,
  attributes: readonly string[],
  options?: BuildOptions,
): Promise<NixResult<readonly Built[]>> {
  const wanted = attributes.filter((attribute) => !attribute.startsWith("/nix/store/"));
  const evaluated = await derivationsOf(nix, flakeDirectory, wanted, options);
  if (!evaluated.ok) return evaluated;
  const derivations = new Map(wanted.map((attribute, i) => [attribute, evaluated.value[i] ?? ""]));
  const drvOf = (attribute: string): string => derivations.get(attribute) ?? attribute.replace(/\^.*$/u, "");
  const drvs = [...new Set(attributes.map(drvOf))];
  if (drvs.length === 0) return nothing;
  const call = (extra: readonly string[]): Asked => ({
    args: ["build", "--json", "--no-link", ...extra, ...drvs.map((drv) => `${drv}^*`)],
    cwd: flakeDirectory,
    stage: "build",
    timeout: TIMEOUT.build,
    options,
    requested: drvs,
    graceMs: GRACE.build,
    ...(options?.onBuild && { onBuild: options.onBuild }),
  });
  const read = (called: Called): readonly Built[] => {
    const outputs = new Map(readBuilt(called).map((built) => [built.drvPath, built.outputs]));
    return attributes.map((installable) => {
      const drvPath = drvOf(installable);
      return { installable, drvPath, outputs: outputs.get(drvPath) ?? {} };
    });
  };
  const built = await asker.ask(call([]), read);
  // `--rebuild` alone refuses what was never built.
  const last = built.ok && options?.rebuild ? await asker.ask(call(["--rebuild"]), read) : built;
  return { ...last, seconds: evaluated.seconds + built.seconds + (last === built ? 0 : last.seconds) };
}

/** The .drv of each attribute, from one process. */
async function derivationsOf(
  nix: Pick<Nix, "evaluate">,
  flakeDirectory: string,
  attributes: readonly string[],
  options: RunNixOptions | undefined,
): Promise<NixResult<readonly string[]>> {
  if (attributes.length === 0) return nothing;
  const paths: (readonly string[])[] = [];
  for (const attribute of attributes) {
    const path = parseAttributePath(attribute);
    if (!path) {
      const next = "Write names separated by dots; a name with a dot stands in quotes.";
      return failed("eval", `'${attribute}' is no attribute path`, next);
    }
    paths.push(path);
  }
  const result = await nix.evaluate(flakeDirectory, "", { ...options, apply: drvPathsFunction(paths) });
  return result.ok ? { ...result, value: drvPathsSchema.parse(result.value) } : result;
}
