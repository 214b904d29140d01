import { compareReleases } from "../../repo/cargo/releases.ts";

/** What a task needs of a world and of the machine that serves it: `NAME`, or `NAME>=VERSION` for a tool that the machine lends. */
export const NEED = /^(?<name>[a-z0-9][a-z0-9-]*)(?:>=(?<least>\d+(?:\.\d+){0,2}))?$/u;

/** Names of tools in what the machine lends (`toolchain` of its host file). A world provides them where the machine has them. */
const LENT: ReadonlyMap<string, string> = new Map([
  ["rust", "rustc"],
  ["go", "go"],
  ["nodejs", "npm"],
]);

export interface Provided {
  /** Names of the world; undefined: no world, so anything may be there. */
  readonly provides: readonly string[] | undefined;
  /** Versions of what the machine lends, by its names. */
  readonly lent: Readonly<Record<string, string>>;
}

/** Why a task cannot be solved here; undefined: nothing that it names is lacking. Pure. */
export function whyLacking(needs: readonly string[], { provides, lent }: Provided): string | undefined {
  if (provides === undefined) return undefined;
  const reasons = needs.flatMap((need) => {
    const { name = need, least } = NEED.exec(need)?.groups ?? {};
    if (!provides.includes(name)) return [`the world does not provide ${name}`];
    const tool = LENT.get(name);
    if (tool === undefined) return [];
    const version = Object.hasOwn(lent, tool) ? lent[tool] : undefined;
    if (version === undefined) return [`this machine lends the world no ${tool}`];
    return least !== undefined && compareReleases(version, least) < 0
      ? [`${name} ${least} or newer is needed; this machine lends the world ${tool} ${version}`]
      : [];
  });
  return reasons.length === 0 ? undefined : reasons.join("; ");
}
