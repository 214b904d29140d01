import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { git } from "../../../src/system/git.ts";
import { difference, fingerprint, SAME } from "../fingerprint.ts";
import { commitAll, type Files, place, writeFiles } from "../place.ts";
import { noNix } from "../samples.ts";
import { forks, POLICY } from "./forks.ts";

import { FLAKE, pins, setting, summary } from "./setting.ts";

/** Forms of inputs and of checkouts, each with runs of its own; how one literal is read and changed stands in test/nix/vendor. */

describe.skipIf(noNix !== undefined)("crq-agent vendor", () => {
  it("keeps dir, flake = false, line ends and attribute sets, and ends with 0 when everything follows the policy", async () => {
    const flake = [
      "{",
      '  inputs.mono = { type = "github"; owner = "up"; repo = "mono"; dir = "nix"; };',
      '  inputs."data" = { flake = false; url = "github:up/data/main"; }; # ü',
      '  outputs = { self, mono, data }: { word = mono.word + builtins.readFile "${data}/data.txt"; };',
      "}",
      "",
    ].join("\r\n");
    const here = await setting({ "flake.nix": flake });
    const done = await here.vendor("--yes");
    expect(done.exit, done.about).toBe(0);
    expect(await here.read("flake.nix")).toBe(
      flake
        .replace('owner = "up";', 'owner = "acme"; ref = "feature/CRQ-020-mono";')
        .replace('url = "github:up/data/main"', 'url = "github:acme/data?ref=feature/CRQ-021-data"'),
    );
    expect(Object.keys(await pins(here))).toEqual(["data", "mono"]);
    expect(done.document.diagnostics).toEqual([]);
  });

  it("gives an override of an input's input the policy's form, and lets it move with its input only", async () => {
    const flake = `{
  inputs.naersk = { url = "github:acme/naersk?ref=feature/CRQ-019-naersk"; inputs.nixpkgs.url = "github:NixOS/nixpkgs/old"; };
  outputs = { self, naersk }: { };
}
`;
    const here = await setting({ "flake.nix": flake });
    const done = await here.vendor("--yes");
    expect(done.exit, done.about).toBe(0);
    expect(summary(done)).toMatchObject({
      rewritten: ["naersk/nixpkgs 2:97 github:acme/nixpkgs?ref=feature/CRQ-016-nixify"],
      skipped: ["naersk on-policy"],
    });
    expect(Object.values(await pins(here)).map((pin) => pin.split(" ")[0])).toEqual(["acme/naersk", "acme/nixpkgs"]);
  });

  it("names every input that stays as it is, with its reason, and touches nothing for them", async () => {
    const flake = `{
  inputs = {
    here.url = "path:./sub";
    elsewhere.url = "gitlab:up/x";
    registry.url = "nixpkgs";
    twice.url = "github:NixOS/nixpkgs?ref=a&ref=b";
    good.url = "github:acme/nixpkgs?ref=feature/CRQ-016-nixify";
  };
  outputs = { self, here, hidden }: { };
}
`;
    const here = await setting({ "flake.nix": flake, "sub/flake.nix": "{ outputs = _: { }; }\n" });
    const before = await fingerprint(here.repo);
    const done = await here.vendor("--yes");
    expect([done.exit, summary(done)]).toEqual([
      1,
      {
        outcome: "planned",
        rewritten: [],
        skipped: [
          "elsewhere other-host off",
          "good on-policy",
          "here local off",
          "hidden not-declared off",
          "registry other-host off",
          "twice not-a-reference off",
        ],
        written: [],
      },
    ]);
    expect(difference(before, await fingerprint(here.repo))).toEqual(SAME);
    const people = await here.at.run(["vendor", "--repo", here.repo, "--world", (await forks()).directory]);
    expect(people.stdout).toMatch(/^✗ {2}here +local: 'path:\.\/sub' is a place on this machine/mu);
    expect(people.stdout).toMatch(/^Nothing was written\.$/mu);
  });

  it("leaves a literal alone that two inputs share, since neither could change by itself", async () => {
    const flake = '{ inputs = rec { a.url = "github:NixOS/nixpkgs"; b = a; }; outputs = { self, a, b }: { }; }\n';
    const here = await setting({ "flake.nix": flake });
    const before = await fingerprint(here.repo);
    const done = await here.vendor("--yes");
    const { skipped } = done.document.data as { skipped: readonly { input: string; reason: string; message: string }[] };
    expect(skipped.map(({ input, reason, message }) => `${input} ${reason}: ${message}`)).toEqual([
      "a not-a-literal: its literal is not its own: with it, 'b' would change too",
      "b not-a-literal: its literal is not its own: with it, 'a' would change too",
    ]);
    expect([done.exit, difference(before, await fingerprint(here.repo))]).toEqual([1, SAME]);
  });

  it("serves a folder without git, and a flake in a folder below the repository", async () => {
    const at = await place();
    const { directory } = await forks();
    const plain = join(at.folder, "plain");
    await mkdir(plain);
    await writeFiles(plain, { "crq-agent.toml": POLICY, "flake.nix": FLAKE });
    const before = await fingerprint(plain);
    expect(await at.json(["vendor", "--repo", plain, "--world", directory, "--yes"])).toMatchObject({ exit: 1 });
    expect(difference(before, await fingerprint(plain), false)).toEqual({
      added: ["/flake.lock"],
      changed: ["/flake.nix"],
      removed: [],
    });

    const repo = await at.repository({ "crq-agent.toml": POLICY, "nodes/a/flake.nix": FLAKE });
    const below = await at.json(["vendor", "--repo", join(repo, "nodes/a"), "--world", directory, "--yes"]);
    expect((below.document.data as { written: unknown }).written, below.about).toEqual([
      "nodes/a/flake.lock",
      "nodes/a/flake.nix",
    ]);
    expect(await readFile(join(repo, "nodes/a/flake.nix"), "utf8")).toContain("github:acme/nixpkgs?ref=feature/CRQ-016-nixify");
  });

  it("keeps what the checkout holds uncommitted, and leaves index and history alone", async () => {
    const here = await setting({ "flake.nix": "{ outputs = _: { }; }\n", "README.md": "a\n" });
    await writeFiles(here.repo, { "flake.nix": FLAKE, "README.md": "b\n" });
    const before = await fingerprint(here.repo);
    const done = await here.vendor("--yes");
    expect(done.exit, done.about).toBe(1);
    expect(difference(before, await fingerprint(here.repo), false)).toEqual({
      added: ["/flake.lock"],
      changed: ["/flake.nix"],
      removed: [],
    });
    expect(await git(["status", "--porcelain"], { cwd: here.repo })).toBe(" M README.md\n M flake.nix\n?? flake.lock\n");
  });

  it("points at what it cannot read, and touches nothing", async () => {
    const cases: readonly (readonly [Files, object])[] = [
      [
        { "flake.nix": "{\n  inputs.x.url = ;\n}\n" },
        { exit: 1, diagnostics: [{ rule: "vendor/flake", file: "flake.nix", line: 2, column: 18 }] },
      ],
      [
        { "flake.nix": FLAKE, "flake.lock": "{ no" },
        { exit: 1, diagnostics: [{ rule: "vendor/lock", file: "flake.lock", message: expect.stringContaining("is not JSON") }] },
      ],
      [
        { "flake.nix": FLAKE, "crq-agent.toml": "" },
        { exit: 2, diagnostics: [{ message: expect.stringContaining("[policy.inputs]\norg = ") }] },
      ],
      [{ "README.md": "no flake\n" }, { exit: 2, diagnostics: [{ message: expect.stringContaining("has no flake.nix") }] }],
      [
        { "flake.nix": Uint8Array.of(0x7b, 0xff, 0x7d) },
        { exit: 1, diagnostics: [{ message: expect.stringContaining("is not UTF-8") }] },
      ],
      [
        { "flake.nix": `{ outputs = _: { }; }\n#${"x".repeat(8 * 1024 * 1024)}\n` },
        { exit: 1, diagnostics: [{ message: expect.stringMatching(/has \d+ bytes; more than 8388608 are not read$/u) }] },
      ],
      [
        { "flake.nix": '{ inputs.x.url = "github:o/" + builtins.readFile /etc/hostname; outputs = _: { }; }\n' },
        { exit: 1, diagnostics: [{ rule: "vendor/flake" }] },
      ],
    ];
    for (const [files, expected] of cases) {
      const here = await setting(files);
      const before = await fingerprint(here.repo);
      const done = await here.vendor("--yes");
      expect(done.document, done.about).toMatchObject(expected);
      expect(difference(before, await fingerprint(here.repo))).toEqual(SAME);
    }
  });

  it("leaves a repository as it is when two runs fight over it", async () => {
    const here = await setting({ "flake.nix": FLAKE });
    const [a, b] = await Promise.all([here.vendor("--yes"), here.vendor("--yes")]);
    expect([a.exit, b.exit].every((exit) => exit === 1 || exit === 2)).toBe(true);
    expect(await here.read("flake.nix")).toContain('nixpkgs.url = "github:acme/nixpkgs?ref=feature/CRQ-016-nixify"');
    await commitAll(here.repo, "vendored");
    expect(summary(await here.vendor("--yes"))).toMatchObject({ rewritten: [], written: [] });
  });
});
