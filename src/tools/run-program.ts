import { posix } from "node:path";
import { fence } from "../agent/prompt.ts";
import { defineTool, type Tool, type ToolContext } from "../agent/tool.ts";
import type { NixFailure, NixResult } from "../nix/nix.ts";
import { PROPOSALS, type RunDetails, toolArguments } from "./contract.ts";

/** What a built program did, or why nothing can be said of it, in one sentence. */
export type ProgramEnd =
  | { readonly exit: number; readonly stdout: string; readonly stderr: string }
  | { readonly problem: string };

export interface ProgramPlace {
  /** Builds an attribute of the worktree's flake and gives the store path of its first output. */
  readonly built: (attribute: string, context: ToolContext) => Promise<NixResult<string>>;
  /** Programs of a built output (`bin/x`). */
  readonly programsOf: (storePath: string) => Promise<readonly string[]>;
  /** Runs a program of the store as the criteria run one: confined, in a private folder that holds nothing but the files given. */
  readonly runBuilt: (
    argv: readonly string[],
    given: { readonly stdin?: string; readonly files: ReadonlyMap<string, string> },
    signal: AbortSignal,
  ) => Promise<ProgramEnd>;
  readonly failureText: (what: string, failure: NixFailure) => string;
}

/** A look at what a program does where no criterion says it. It proves nothing: criteria do. */
export const runProgramTool = (place: ProgramPlace): Tool =>
  defineTool({
    name: "run_program",
    about:
      "Runs a program that the worktree's flake builds (it is built first where it is not yet), confined as the criteria run one: no network, only the Nix store and an empty folder. Gives exit code and output. For what the person asked for and no criterion runs; it counts as no proof.",
    args: toolArguments.run_program,
    writes: false,
    restsOn: PROPOSALS,
    run: async ({ attribute, program, args, stdin, files = {} }, context) => {
      const wrong = problemOfPaths(Object.keys(files)) ?? problemOfPaths(program === undefined ? [] : [program]);
      if (wrong !== undefined) return { text: wrong, isError: true };
      const built = await place.built(attribute, context);
      if (!built.ok)
        return {
          text: place.failureText(`Building ${attribute}`, built),
          isError: true,
          details: { ok: false, diagnoses: built.diagnoses } satisfies RunDetails,
        };
      const there = await place.programsOf(built.value);
      const chosen = program ?? (there.length === 1 ? there[0] : undefined);
      if (chosen === undefined)
        return {
          text:
            there.length === 0
              ? `${attribute} has no program in bin.`
              : `Name the program: ${attribute} has ${there.join(", ")}.`,
          isError: true,
        };
      const argv = [posix.join(built.value, chosen), ...args];
      const given = { files: new Map(Object.entries(files)), ...(stdin !== undefined && { stdin }) };
      const end = await place.runBuilt(argv, given, context.signal);
      if ("problem" in end) return { text: `${end.problem}.`, isError: true };
      return {
        text: [
          `${chosen} ended with exit code ${end.exit}.`,
          end.stdout === "" ? "It printed nothing on stdout." : fence("its stdout", end.stdout),
          ...(end.stderr === "" ? [] : [fence("its stderr", end.stderr)]),
        ].join("\n"),
        details: { ok: true, argv, exit: end.exit } satisfies RunDetails,
      };
    },
  });

/** Why files cannot be laid under these names; undefined: they can. */
function problemOfPaths(paths: readonly string[]): string | undefined {
  const outside = paths.find(
    (path) => path.includes("\0") || posix.isAbsolute(path) || posix.normalize(path).split("/")[0] === "..",
  );
  if (outside !== undefined) return `${JSON.stringify(outside)} leads out of its folder.`;
  const plain = paths.map((path) => posix.normalize(path));
  const folder = plain.find((path) => path.endsWith("/") || path === "." || plain.some((other) => other.startsWith(`${path}/`)));
  return folder === undefined ? undefined : `${JSON.stringify(folder)} is a folder; name files alone.`;
}
