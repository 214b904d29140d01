import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { posix } from "node:path";
import { type CheckOf, checkSchemas } from "../../../checks.ts";
import { type CheckContext, defineKind, evaluator } from "../../check/kind.ts";
import { type CheckResult, failed, failureOfNix, passed, unavailable, vacuous } from "../../check/result.ts";
import { unmetExpectations, vacuousExpectation } from "../../judge/expectations.ts";
import { runInShell, shellPath } from "../../programs/shell-environment.ts";
import { storeFile } from "../../programs/store-files.ts";

/** A development shell needs a builder called bash; here it is the sandbox's /bin/sh by way of a script in the flake's own tree. */
const EMPTY_SHELL = `{
  outputs = { self }: {
    devShells = builtins.listToAttrs (map (system: {
      name = system;
      value.default = derivation {
        name = "empty-shell";
        inherit system;
        builder = "\${self}/bash";
        outputs = [ "out" ];
        allowSubstitutes = false;
        PATH = "\${self}";
      };
    }) [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ]);
  };
}
`;

export const devShell = defineKind({
  schema: checkSchemas["dev-shell"],
  kind: "dev-shell",
  tier: "run",
  needs: "flake",
  guard: "the program does not come from the Nix store, or it is the hook of the shell that prints what is asked for",
  canary: {
    description: "a shell without the tool that the check runs",
    files: { "flake.nix": EMPTY_SHELL, bash: '#!/bin/sh\nexec /bin/sh "$@"\n' },
    check: checkSchemas["dev-shell"].parse({
      kind: "dev-shell",
      run: { argv: ["cargo", "--version"], stdout: { contains: "cargo" } },
    }),
  },
  run: judge,
});

async function judge(check: CheckOf<"dev-shell">, context: CheckContext): Promise<CheckResult> {
  const nix = evaluator(context);
  const timeoutMs = check.timeout * 1000;
  const { argv } = check.run;
  const attribute = `devShells.${context.system}.${check.shell}`;
  const shown = ["nix", "develop", `.#${check.shell}`, "--ignore-environment", "-c", ...argv];
  const counts = { candidates: 1, checked: 1 };

  const facts = await nix.facts(timeoutMs);
  if (facts.ok && facts.value.attributes[attribute]?.exists === false) {
    return failed("missing", "eval", `${attribute} does not exist`, counts, { argv: shown });
  }
  const ran = await runInShell(check.shell, argv, context, timeoutMs);
  if (!ran.ok) return failureOfNix(ran, `nix develop .#${check.shell}`, counts, shown);
  const { exit, stdout, stderr, hook } = ran.value;
  const details = { log: `${hook}${stdout}${stderr}`, argv: shown, exit };
  const unmet = await unmetExpectations(check.run, { exit, stdout, stderr }, (path) => missingFile(context, path));
  if (unmet.length > 0) {
    const withHook = { exit, stdout: `${hook}${stdout}`, stderr: `${hook}${stderr}` };
    if (hook !== "" && (await unmetExpectations({ ...check.run, files: [] }, withHook, noFile)).length === 0)
      return vacuous("stub", "run", `what ${argv[0]} was to print is printed by the shell's own hook`, counts, details);
    return failed("exit", "run", `${argv.join(" ")}: ${unmet.join("; ")}`, counts, details);
  }

  const path = await shellPath(check.shell, context, timeoutMs);
  if (!path) {
    const reason = "the shell's own environment could not be read, so where the program came from is unknown";
    return unavailable("not-supported", "run", reason, counts, details);
  }
  const problem = await outsideStore(context, argv[0] ?? "", path);
  if (problem !== undefined) return vacuous("stub", "run", problem, counts, details);
  // The program works in the target itself: a file of it was there before.
  const left = check.run.files?.filter((file) => !context.target.has(file)) ?? [];
  const nothing = vacuousExpectation({ ...check.run, files: left });
  const note = nothing === undefined ? [] : [`${nothing}; that the program is in the shell and starts is all that was shown`];
  return passed("run", `${argv.join(" ")} runs in ${attribute} from the Nix store`, counts, { ...details, warnings: note });
}

const noFile = async (): Promise<undefined> => undefined;

async function missingFile(context: CheckContext, path: string): Promise<string | undefined> {
  const read = await context.target.read(path);
  return read.ok ? undefined : read.message;
}

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

/** Looks the program up as the shell does: the first folder of PATH that holds it decides. */
async function outsideStore(context: CheckContext, program: string, path: readonly string[]): Promise<string | undefined> {
  if (program.includes("/")) {
    return (await storeFile(context.environment, program))?.executable
      ? undefined
      : `${program} is named by a path outside the Nix store`;
  }
  for (const folder of path) {
    if (!folder.startsWith("/nix/store/")) {
      if (await isExecutable(posix.join(folder || context.target.directory, program)))
        return `${program} comes from ${folder || "the current folder"}, not from the Nix store`;
      continue;
    }
    const found = await storeFile(context.environment, posix.join(folder, program));
    if (found?.kind === "file" && found.executable) return undefined;
  }
  return `${program} was found, but in no folder of the shell's PATH that lies in the Nix store`;
}
