#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { enableCompileCache } from "node:module";

// Node's compile cache halves the start of a command; everything else is loaded after it is on.
enableCompileCache();

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

const help = builtHelp();
if (help === undefined) {
  const { main } = await import("./cli.ts");
  await main();
} else {
  process.stdout.write(help);
}
