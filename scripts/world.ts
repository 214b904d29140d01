import { resolve } from "node:path";
import { checkWorld } from "../src/world/check.ts";
import { describeProblem, WorldError } from "../src/world/problem.ts";
import { sealWorld } from "../src/world/seal.ts";
import { showWorld } from "../src/world/show.ts";

/** Works on a world's folder from a clone: `node scripts/world.ts seal|check|show DIR`. */
const [verb, folder] = process.argv.slice(2);
const directory = resolve(folder ?? "evals/world");

async function run(): Promise<number> {
  switch (verb) {
    case "seal": {
      const sealed = await sealWorld(directory);
      for (const { repository, from, to } of sealed) console.log(`${repository}: ${from} -> ${to}`);
      if (sealed.length === 0) console.log("every tree has its revision already");
      return 0;
    }
    case "check": {
      const { problems, content } = await checkWorld(directory);
      for (const problem of problems) console.error(describeProblem(problem));
      if (problems.length === 0) console.log(`${content?.manifest.name} sha256:${content?.hash}: no problem found`);
      return problems.length === 0 ? 0 : 1;
    }
    case "show": {
      for (const line of await showWorld(directory)) console.log(line);
      return 0;
    }
    default:
      console.error("usage: node scripts/world.ts seal|check|show [DIR]   (DIR: evals/world)");
      return 2;
  }
}

try {
  process.exitCode = await run();
} catch (error) {
  if (!(error instanceof WorldError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
