import { rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { difference, fingerprint, SAME } from "../fingerprint.ts";
import { commitAll } from "../place.ts";
import { noNix } from "../samples.ts";
import { POLICY } from "./forks.ts";

import { FLAKE, LOCK, OLD, pins, setting, summary } from "./setting.ts";

/** `crq-agent vendor` as a person runs it: real Nix, real git, and a world that holds the forks. More forms of inputs stand in vendor.slow.test.ts. */

describe.skipIf(noNix !== undefined)("crq-agent vendor", () => {
  it("rewrites the literals of the inputs that have a fork, moves their pins alone, and changes nothing the second time", async () => {
    const here = await setting({ "flake.nix": FLAKE }, LOCK);
    const { repo, revisions } = here;
    const before = await fingerprint(repo);

    const dry = await here.vendor("--dry-run");
    expect(dry.exit, dry.about).toBe(1);
    expect(difference(before, await fingerprint(repo))).toEqual(SAME);
    const unasked = await here.vendor();
    expect([unasked.exit, (unasked.document.data as { written: unknown }).written]).toEqual([5, []]);
    expect(difference(before, await fingerprint(repo))).toEqual(SAME);

    const done = await here.vendor("--yes");
    expect(done.exit, done.about).toBe(1);
    expect(summary(done)).toEqual({
      outcome: "planned",
      rewritten: [
        "flake-utils 6:23 github:acme/flake-utils?ref=feature/CRQ-017-utils",
        "nixpkgs 4:19 github:acme/nixpkgs?ref=feature/CRQ-016-nixify",
      ],
      skipped: ["flake-utils-plus no-fork off", "same follows"],
      written: ["flake.lock", "flake.nix"],
    });
    expect((done.document.data as { diff: string }).diff).toBe((dry.document.data as { diff: string }).diff);
    expect(difference(before, await fingerprint(repo), false)).toEqual({
      added: [],
      changed: ["/flake.lock", "/flake.nix"],
      removed: [],
    });
    expect(await here.read("flake.nix")).toBe(
      FLAKE.replace(
        'nixpkgs.url = "github:NixOS/nixpkgs"',
        'nixpkgs.url = "github:acme/nixpkgs?ref=feature/CRQ-016-nixify"',
      ).replace(
        'flake-utils.url = "github:numtide/flake-utils"',
        'flake-utils.url = "github:acme/flake-utils?ref=feature/CRQ-017-utils"',
      ),
    );
    expect(await pins(here)).toEqual({
      nixpkgs: `acme/nixpkgs feature/CRQ-016-nixify ${revisions["acme/nixpkgs feature/CRQ-016-nixify"]}`,
      "flake-utils": `acme/flake-utils feature/CRQ-017-utils ${revisions["acme/flake-utils feature/CRQ-017-utils"]}`,
      "flake-utils-plus": `numtide/flake-utils-plus - ${OLD}3`,
    });

    const after = await fingerprint(repo);
    const again = await here.vendor("--yes");
    expect(summary(again)).toEqual({
      outcome: "planned",
      rewritten: [],
      skipped: ["flake-utils on-policy", "flake-utils-plus no-fork off", "nixpkgs on-policy", "same follows"],
      written: [],
    });
    expect([again.exit, difference(after, await fingerprint(repo))]).toEqual([1, SAME]);
  });

  it("asks the forks themselves with --network, and does not guess between two", async () => {
    const flake = `{
  inputs = {
    naersk.url = "github:nix-community/naersk";
    many.url = "github:up/many";
    plain.url = "github:up/plain";
    forkless.url = "github:up/forkless";
  };
  outputs = { self, ... }: { };
}
`;
    const here = await setting({ "flake.nix": flake });
    const done = await here.vendor("--dry-run", "--network");
    // up/many and up/plain are not in the world: the lock of the others cannot be written.
    expect([done.exit, summary(done)], JSON.stringify(done.document.data)).toEqual([
      1,
      expect.objectContaining({ outcome: "refused", written: [] }),
    ]);
    const without = flake.replace(/^ {4}(?:many|plain)\.url.*\n/gmu, "");
    await writeFile(join(here.repo, "flake.nix"), without);
    const again = await here.vendor("--yes", "--network");
    expect(summary(again)).toEqual({
      outcome: "planned",
      rewritten: ["naersk 3:18 github:acme/naersk?ref=feature/CRQ-019-naersk"],
      skipped: ["forkless no-fork off"],
      written: ["flake.lock", "flake.nix"],
    });
    expect(again.document.diagnostics).toEqual([
      expect.objectContaining({ severity: "error", rule: "input-policy/other-owner", file: "flake.nix", line: 4, column: 5 }),
      expect.objectContaining({ severity: "error", rule: "input-policy/lock-owner", file: "flake.lock" }),
      expect.objectContaining({ severity: "warning", rule: "input-policy/transitive", file: "flake.lock" }),
    ]);
  });

  it("writes nothing when the lock cannot be written, or would move a pin that nobody asked to move", async () => {
    const unknownBranch = POLICY.replace("feature/CRQ-016-nixify", "feature/CRQ-099-nowhere");
    const broken = await setting({ "flake.nix": FLAKE, "crq-agent.toml": unknownBranch }, LOCK);
    const before = await fingerprint(broken.repo);
    const refused = await broken.vendor("--yes");
    expect(refused.document, refused.about).toMatchObject({
      exit: 1,
      data: { outcome: "refused", stage: "lock", written: [] },
      diagnostics: [{ rule: "vendor/lock", message: expect.stringContaining("acme/nixpkgs") }],
    });
    expect(difference(before, await fingerprint(broken.repo))).toEqual(SAME);

    // The lock is of before flake-utils-plus was given its url: Nix would move it along.
    const stale = await setting({ "flake.nix": FLAKE }, LOCK.replaceAll('"repo": "flake-utils-plus"', '"repo": "flake-utils"'));
    const then = await fingerprint(stale.repo);
    const moved = await stale.vendor("--yes");
    expect(moved.document, moved.about).toMatchObject({
      exit: 1,
      data: { outcome: "refused", stage: "lock", message: expect.stringContaining("would also move flake-utils-plus,") },
    });
    expect(difference(then, await fingerprint(stale.repo))).toEqual(SAME);
  });

  it("does not follow a flake.nix that is a link, in the checkout or in its history", async () => {
    const here = await setting({ "real.nix": FLAKE });
    await symlink("real.nix", join(here.repo, "flake.nix"));
    await commitAll(here.repo, "a link");
    const before = await fingerprint(here.repo);
    const done = await here.vendor("--yes");
    expect(done.document).toMatchObject({ exit: 2, diagnostics: [{ message: expect.stringContaining("is a link or no file") }] });
    expect(difference(before, await fingerprint(here.repo))).toEqual(SAME);
    // Nor is the link of HEAD written through, when the checkout holds a file in its place.
    await rm(join(here.repo, "flake.nix"));
    await writeFile(join(here.repo, "flake.nix"), FLAKE);
    const again = await here.vendor("--yes");
    expect((again.document.data as { written: unknown }).written, again.about).toEqual(["flake.lock", "flake.nix"]);
    expect(await here.read("real.nix")).toBe(FLAKE);
  });
});
