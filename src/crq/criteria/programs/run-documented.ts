import { z } from "zod";
import { nixString } from "../../../nix/attribute-path.ts";
import type { NixResult } from "../../../nix/nix.ts";
import type { CheckContext } from "../check/kind.ts";
import { evaluator } from "../check/kind.ts";
import { type CheckResult, failed, failureOfNix, passed, unavailable } from "../check/result.ts";
import type { DocumentedCommand, ShownCommand } from "../judge/documented-command.ts";
import { runProgram } from "./run-program.ts";

/** Carries out the commands of a document, in its order; the first that does not succeed decides. */
export async function runDocumented(
  path: string,
  commands: readonly ShownCommand[],
  context: CheckContext,
  timeoutMs: number,
): Promise<CheckResult> {
  const outputs: string[] = [];
  for (const [at, { shown, line, command, why }] of commands.entries()) {
    const counts = { candidates: commands.length, checked: at };
    const where = `${path}:${line}: \`${shown}\``;
    if (!command) return unavailable("not-supported", "text", `${where} was not carried out: ${why}`, counts);
    const result = await carryOut(command, shown, context, timeoutMs);
    outputs.push(`$ ${shown}\n${result.log}`);
    if (result.verdict !== "pass")
      return { ...result, reason: `${where}: ${result.reason}`, counts: { ...counts, checked: at + 1 }, log: outputs.join("\n") };
  }
  const counts = { candidates: commands.length, checked: commands.length };
  return passed("run", `${commands.length} shown commands succeed`, counts, { log: outputs.join("\n") });
}

const ONE = { candidates: 1, checked: 1 };

async function carryOut(
  command: DocumentedCommand,
  shown: string,
  context: CheckContext,
  timeoutMs: number,
): Promise<CheckResult> {
  const nix = evaluator(context);
  switch (command.does) {
    case "check":
      return fromNix(await nix.flakeCheck(timeoutMs), shown, "build");
    case "develop": {
      const ran = await nix.develop(command.shell, command.argv, timeoutMs);
      if (!ran.ok) return failureOfNix(ran, shown, ONE);
      const { exit, stdout, stderr } = ran.value;
      const details = { exit, log: `${stdout}${stderr}` };
      return exit === 0 ? passed("run", "exit code 0", ONE, details) : failed("exit", "run", `exit code ${exit}`, ONE, details);
    }
    case "build":
    case "eval":
    case "run":
      return ofAttribute(command, shown, context, timeoutMs);
  }
}

const found = z.object({ path: z.string().nullable(), program: z.string().nullable(), drvs: z.array(z.string()) });

/** Resolves the name as `nix build` and `nix run` do, then builds, evaluates or runs it. */
async function ofAttribute(
  command: Extract<DocumentedCommand, { readonly name: string }>,
  shown: string,
  context: CheckContext,
  timeoutMs: number,
): Promise<CheckResult> {
  const nix = evaluator(context);
  const resolved = await nix.evaluateOutputs(resolution(command.name, context.system, command.does === "run"), timeoutMs);
  if (!resolved.ok) return failureOfNix(resolved, shown, ONE);
  const { path, program, drvs } = found.parse(resolved.value);
  if (path === null) return failed("missing", "eval", `the flake has no ${command.name}`, ONE);
  if (command.does === "eval") return fromNix(await nix.evaluate(path, undefined, timeoutMs), shown, "eval");
  if (command.does === "build") return fromNix(await nix.build(drvs[0] ?? path, timeoutMs), shown, "build");
  if (program === null) return failed("missing", "eval", `${path} has no program to run`, ONE);
  for (const needed of drvs) {
    const built = await nix.build(needed, timeoutMs);
    if (!built.ok) return failureOfNix(built, shown, ONE);
  }
  const argv = [program, ...command.args];
  return runProgram({ argv, cwd: ".", timeoutMs }, context, async ({ exit, stdout, stderr }) => {
    const details = { exit, log: `${stdout}${stderr}`, argv };
    return exit === 0 ? passed("run", "exit code 0", ONE, details) : failed("exit", "run", `exit code ${exit}`, ONE, details);
  });
}

/** The order in which Nix looks a name up; the program of an app, or the main program of a package, with what must be built for it. */
function resolution(name: string, system: string, asProgram: boolean): string {
  return `outputs: let
    path = builtins.filter builtins.isString (builtins.split "\\\\." ${nixString(name)});
    system = ${nixString(system)};
    has = value: names: names == [ ] || (builtins.isAttrs value && value ? \${builtins.head names} && has value.\${builtins.head names} (builtins.tail names));
    get = value: names: if names == [ ] then value else get value.\${builtins.head names} (builtins.tail names);
    candidates = builtins.filter (has outputs) (${asProgram ? '[ ([ "apps" system ] ++ path) ] ++ ' : ""}[ ([ "packages" system ] ++ path) ([ "legacyPackages" system ] ++ path) path ]);
    hit = builtins.head candidates;
    value = get outputs hit;
    isDerivation = builtins.isAttrs value && (value.type or null) == "derivation";
    main = value.meta.mainProgram or value.pname or (builtins.parseDrvName value.name).name;
    program = if isDerivation then "\${value}/bin/\${main}" else value.program or null;
    plain = text: builtins.unsafeDiscardStringContext text;
  in
    if candidates == [ ] then { path = null; program = null; drvs = [ ]; }
    else {
      path = builtins.concatStringsSep "." (map (part: "\\"\${part}\\"") hit);
      program = if ${asProgram ? "program == null" : "true"} then null else plain program;
      drvs = if isDerivation then [ (plain value.drvPath) ]
        else if ${asProgram ? "program == null" : "true"} then [ ] else builtins.attrNames (builtins.getContext program);
    }`;
}

function fromNix(result: NixResult<unknown>, shown: string, tier: "eval" | "build"): CheckResult {
  return result.ok ? passed(tier, "it succeeds", ONE, { log: result.log }) : failureOfNix(result, shown, ONE);
}
