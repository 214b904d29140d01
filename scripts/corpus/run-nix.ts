import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { flakeReferenceOf } from "../../src/nix/call/flake-directory.ts";
import { execute } from "../../src/system/process.ts";
import type { FaultsPlace } from "../faults/place.ts";

/** One `nix build` as a person or the program runs it; what it says on stderr is the log. */

/** internal-json as the program asks for it, and what a person sees: piped, with `-L`, on a terminal. */
export const FORMATS = ["internal-json", "plain", "build-logs", "terminal"] as const;
export type Format = (typeof FORMATS)[number];

export interface Said {
  readonly failed: boolean;
  readonly log: string;
}

const ARGUMENTS: Readonly<Record<Format, readonly string[]>> = {
  "internal-json": ["--log-format", "internal-json", "-v"],
  plain: [],
  "build-logs": ["-L"],
  terminal: [],
};

/** Versions of before 2.10, that is: Debian bookworm's. */
export const isOld = (nixVersion: string): boolean => /^2\.[0-9]\./u.test(nixVersion);

/** They ask a program whether a build goes elsewhere, which lies where the package would be installed: this one says no. */
const NOT_ELSEWHERE = '#!/bin/sh\necho "# decline-permanently" >&2\n';
const UNKNOWN_TO_OLD = new Set(["require-drop-supplementary-groups"]);

export async function runBuild(
  place: FaultsPlace,
  directory: string,
  attribute: string,
  format: Format,
  options: readonly string[] = [],
): Promise<Said> {
  const { environment } = place.world;
  const home = join(place.base, "home");
  await mkdir(home, { recursive: true });
  const old = isOld(place.nixVersion);
  const hook = join(home, "build-hook");
  if (old) await writeFile(hook, NOT_ELSEWHERE, { mode: 0o755 });
  const wanted = {
    ...environment.nixConf,
    "accept-flake-config": "false",
    "warn-dirty": "false",
    ...(old && { "build-hook": hook }),
  };
  const settings = Object.entries(wanted).flatMap(([name, value]) =>
    name === "experimental-features" || (old && UNKNOWN_TO_OLD.has(name)) ? [] : ["--option", name, value],
  );
  const judging = options.includes("--no-write-lock-file") ? [] : ["--no-update-lock-file"];
  const argv = environment.wrap(
    [
      join(environment.nixBin ?? "", "nix"),
      "build",
      "--extra-experimental-features",
      "nix-command flakes",
      ...settings,
      ...ARGUMENTS[format],
      // Ten lines are their default, and often hold no word of the cause: as many as newer ones print.
      ...(old ? ["--log-lines", "25"] : []),
      "--no-link",
      ...judging,
      ...options,
      `${await flakeReferenceOf(directory)}#${attribute}`,
    ],
    { cwd: directory, writable: [home] },
  );
  const terminal = format === "terminal";
  const quoted = argv.map((one) => `'${one.replaceAll("'", `'\\''`)}'`).join(" ");
  const { NO_COLOR: _colorless, ...variables } = environment.variables;
  const done = await execute({
    argv: terminal ? ["script", "--quiet", "--flush", "--return", "--command", quoted, "/dev/null"] : argv,
    cwd: directory,
    env: {
      ...variables,
      LANG: "C.UTF-8",
      HOME: home,
      XDG_CACHE_HOME: join(home, ".cache"),
      // Old ones start git's scripts for submodules, which want sed.
      PATH: `${variables.PATH}:/usr/bin:/bin`,
      ...(terminal ? { TERM: "xterm-256color" } : { TERM: "dumb", NO_COLOR: "1" }),
    },
    timeoutMs: 240_000,
    maxOutputBytes: 16 * 1024 * 1024,
  });
  if (done.ended !== "exited") throw new Error(`nix ${done.ended}: ${done.problem ?? done.stderr.slice(-500)}`);
  return { failed: done.exit !== 0, log: terminal ? done.stdout : done.stderr };
}
