import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { hostSystem } from "../src/nix/run.ts";
import { findHost } from "../src/system/environment/host.ts";
import { execute } from "../src/system/process.ts";
import { askTree } from "./attributes/ask.ts";
import { namedAttributes } from "./attributes/named.ts";

/** Holds the names that recipes, rules and mechanics write against a checkout of nixpkgs: `node scripts/attributes.ts PATH`. */
const [folder] = process.argv.slice(2);

async function run(path: string): Promise<number> {
  const host = await findHost({ packageRoot: dirname(import.meta.dirname), path: process.env.PATH ?? "" });
  if (!host.nix) {
    console.error("no Nix is found; `crq-agent doctor` says how to get it");
    return 2;
  }
  const named = namedAttributes();
  const store = await mkdtemp(join(tmpdir(), "crq-attributes-"));
  try {
    await writeFile(join(store, "nix.conf"), "build-users-group =\nsubstituters =\n");
    const answers = await askTree(
      { path: resolve(path), system: hostSystem(), nixInstantiate: join(host.nix.bin, "nix-instantiate"), store },
      [...named.keys()],
    );
    const wrong = [...answers].filter(([, { kind }]) => kind !== "there");
    for (const [name, answer] of wrong)
      console.log(
        `${name}: ${answer.kind}${answer.kind === "fails" ? `: ${answer.message}` : ""} (${named.get(name)?.join(", ")})`,
      );
    console.log(`${answers.size} names, ${answers.size - wrong.length} there`);
    return wrong.length === 0 ? 0 : 1;
  } finally {
    // Store paths are read-only folders, which an ordinary user cannot empty.
    const clean = 'chmod -R u+w -- "$0"';
    await execute({ argv: ["/bin/sh", "-c", clean, store], cwd: "/", env: { PATH: "/usr/bin:/bin" }, timeoutMs: 60_000 });
    await rm(store, { recursive: true, force: true });
  }
}

if (folder === undefined) {
  console.error("usage: node scripts/attributes.ts PATH   (a checkout of nixpkgs)");
  process.exitCode = 2;
} else {
  process.exitCode = await run(folder);
}
