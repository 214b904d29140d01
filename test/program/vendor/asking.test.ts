import { existsSync } from "node:fs";
import { cp, mkdir, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { difference, fingerprint, SAME } from "../fingerprint.ts";
import { place } from "../place.ts";
import { noNix } from "../samples.ts";
import { PACKAGE_ROOT } from "../world.ts";
import { forks, POLICY } from "./forks.ts";

/** The question before anything is written, and a machine that cannot evaluate. */

const FLAKE = '{ inputs.nixpkgs.url = "github:NixOS/nixpkgs"; outputs = { self, nixpkgs }: { }; }\n';

/** util-linux's `script` gives the program a terminal; its input is the answer. */
const SCRIPT = ["/usr/bin/script", "/bin/script"].find((file) => existsSync(file));

describe.skipIf(noNix !== undefined || SCRIPT === undefined)("on a terminal", () => {
  it.each([
    ["n", 5, SAME],
    ["y", 0, { added: ["/flake.lock"], changed: ["/flake.nix"], removed: [] }],
  ] as const)("shows the diff, asks, and does what the answer %s says", async (answer, exit, expected) => {
    const at = await place();
    const { directory } = await forks();
    const repo = await at.repository({ "crq-agent.toml": POLICY, "flake.nix": FLAKE });
    const before = await fingerprint(repo);
    const bin = join(PACKAGE_ROOT, "src", "bin.ts");
    const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
    const command = [process.execPath, bin, "vendor", "--repo", repo, "--world", directory].map(quote).join(" ");
    const done = await at.run([], {
      wrapper: ["/bin/sh", "-c", `printf '${answer}\\n' | "$0" -qec ${quote(command)} /dev/null`, SCRIPT ?? ""],
    });
    expect(done.stdout).toMatch(/^\+.*github:acme\/nixpkgs\?ref=feature\/CRQ-016-nixify/mu);
    expect(done.stdout).toMatch(/Write this\? \[y\/N\]/u);
    expect([done.exit, difference(before, await fingerprint(repo), false)], done.stdout).toEqual([exit, expected]);
  });
});

/** Where the program looks for Nix besides PATH: what is installed there cannot be hidden. */
const elsewhere = ["/nix/var/nix/profiles/default/bin/nix", "/run/current-system/sw/bin/nix"].filter((file) => existsSync(file));

describe.skipIf(elsewhere.length > 0)("without Nix", () => {
  it("rewrites nothing, says what the lock file tells, and exits with 4", async () => {
    const at = await place();
    const root = join(at.folder, "package");
    await mkdir(root);
    for (const part of ["src", "prompts", "package.json"])
      await cp(join(PACKAGE_ROOT, part), join(root, part), { recursive: true });
    await symlink(join(PACKAGE_ROOT, "node_modules"), join(root, "node_modules"));
    const path = (process.env.PATH ?? "").split(":").filter((folder) => !existsSync(join(folder, "nix")));
    const env = { PATH: path.join(":"), XDG_CACHE_HOME: join(at.folder, "cache") };
    const original = (owner: string, repo: string) => ({ original: { type: "github", owner, repo } });
    const lock = {
      nodes: {
        nixpkgs: original("NixOS", "nixpkgs"),
        other: original("up", "other"),
        root: { inputs: { nixpkgs: "nixpkgs", other: "other" } },
      },
      root: "root",
      version: 7,
    };
    const repo = await at.repository({ "crq-agent.toml": POLICY, "flake.nix": FLAKE, "flake.lock": JSON.stringify(lock) });
    const before = await fingerprint(repo);
    const done = await at.json(["vendor", "--repo", repo, "--yes"], { program: join(root, "src", "bin.ts"), env });
    expect(done.document, done.about).toMatchObject({
      ok: false,
      exit: 4,
      data: {
        outcome: "without-nix",
        written: [],
        known: [
          { kind: "rewrite", input: "nixpkgs", to: "github:acme/nixpkgs?ref=feature/CRQ-016-nixify" },
          { kind: "skip", input: "other", reason: "no-fork" },
        ],
      },
      diagnostics: [{ rule: "vendor/lock-not-updated", message: expect.stringMatching(/Nix is missing/u) }],
    });
    const people = await at.run(["vendor", "--repo", repo, "--yes"], { program: join(root, "src", "bin.ts"), env });
    expect(people.stdout).toMatch(/^Lock not updated, flake\.nix not rewritten: .*Nix is missing/mu);
    expect(people.stdout).toContain("github:NixOS/nixpkgs would become github:acme/nixpkgs?ref=feature/CRQ-016-nixify");
    expect([difference(before, await fingerprint(repo)), await readFile(join(repo, "flake.nix"), "utf8")]).toEqual([SAME, FLAKE]);
  });
});
