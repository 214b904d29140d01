#!/usr/bin/env node
import { readFileSync } from "node:fs";
// By its name: an older Node refuses a file that imports what it lacks, with a stack trace and no word of a version.
import * as nodeModule from "node:module";
import { nodeProblem } from "./system/node-version.ts";

const tooOld = nodeProblem(process.versions.node);
if (tooOld !== undefined) {
  const { withCode } = await import("./system/errors/foreseen.ts");
  process.stderr.write(`crq-agent: ${withCode(tooOld, "old-node")}\n`);
  process.exit(4);
}
// Node's compile cache halves the start of a command; everything else is loaded after it is on.
nodeModule.enableCompileCache();

/** The program's own help as the build wrote it beside this file: the commonest question needs no option parser. */
function builtHelp(): string | undefined {
  const [, , first, ...rest] = process.argv;
  if (rest.length > 0 || (first !== undefined && first !== "--help" && first !== "-h")) return undefined;
  try {
    return readFileSync(new URL("help.txt", import.meta.url), "utf8");
  } catch {
    // A source tree has no built help; the parser makes it.
    return undefined;
  }
}

const [, , first, ...words] = process.argv;
if (first === "__step-call") {
  // A wrapper of `steps record`: every compiler of a build starts one, so nothing else is loaded.
  const { answerWrapper } = await import("./jobs/steps/calls/answer.ts");
  await answerWrapper(words, { cwd: process.cwd(), env: process.env }, (exit) => {
    process.exitCode = exit;
  });
} else {
  const help = builtHelp();
  if (help === undefined) {
    const { main } = await import("./cli.ts");
    await main();
  } else {
    const { watchStandardOutput } = await import("./system/standard-output.ts");
    watchStandardOutput(process, false);
    process.stdout.write(help);
  }
}
