import { execute, type Finished } from "../../../src/system/process.ts";
import { HOST_PATH as PATH } from "../host-tools.ts";
import { openWorldForTests } from "../open-world.ts";
import { commitAll, type Place } from "../place.ts";

/** A build that is recorded, turned into flakes and built by Nix, by the program's own verbs. */

/** Runs a program of the machine itself, as the person would. */
export const onMachine = (at: Place, cwd: string, argv: readonly string[]): Promise<Finished> =>
  execute({ argv, cwd, env: { PATH, HOME: at.home, LANG: "C.UTF-8" }, timeoutMs: 120_000 });

/** `steps record`, `steps check` and `steps flakes`; all is committed. Throws with what the program said when one of them fails. */
export async function recordFlakes(
  at: Place,
  project: string,
  command: readonly string[],
  options: { readonly record?: readonly string[]; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<void> {
  const env = { PATH, ...options.env };
  for (const args of [
    ["steps", "record", ...(options.record ?? []), "--", ...command],
    ["steps", "check"],
    ["steps", "flakes", "--world", at.world],
  ]) {
    const done = await at.run(args, { cwd: project, env });
    if (done.exit !== 0) throw new Error(`${args.join(" ")}: exit ${done.exit}\n${done.stdout}${done.stderr}`);
  }
  await commitAll(project, "Steps");
}

export interface NixBuild {
  /** Names of the derivations that were built now, by Nix's own words. */
  readonly built: readonly string[];
  readonly out: string;
}

export interface NixPlace {
  /** `nix build ./steps`, by the locks as they are. */
  build(project: string): Promise<NixBuild>;
  /** Starts a program where the store is. */
  run(argv: readonly string[]): Promise<Finished>;
  close(): Promise<void>;
}

export async function nixPlace(): Promise<NixPlace> {
  const { base, open, close } = await openWorldForTests();
  const run = (argv: readonly string[], cwd = base): Promise<Finished> =>
    execute({
      argv: open.environment.wrap(argv, { cwd, writable: [] }),
      cwd,
      env: { ...open.environment.variables },
      timeoutMs: 300_000,
    });
  return {
    run: (argv) => run(argv),
    close,
    async build(project) {
      const flake = `git+file://${project.split("/").map(encodeURIComponent).join("/")}?dir=steps`;
      const done = await run(["nix", "build", "--no-link", "--print-out-paths", "--no-update-lock-file", flake], project);
      if (done.exit !== 0) throw new Error(done.stderr);
      const built = [...done.stderr.matchAll(/^building '\/nix\/store\/[0-9a-z]{32}-(.*)\.drv'/gmu)].map(
        ([, name]) => name ?? "",
      );
      return { built: built.toSorted(), out: done.stdout.trim() };
    },
  };
}
