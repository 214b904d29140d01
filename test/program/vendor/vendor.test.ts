import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { git } from "../../../src/system/git.ts";
import { difference, fingerprint, SAME } from "../fingerprint.ts";
import { commitAll, type Files, type JsonRun, type Place, place, writeFiles } from "../place.ts";
import { noNix } from "../samples.ts";
import { forks, POLICY } from "./forks.ts";

/** `crq-agent vendor` as a person runs it: real Nix, real git, and a world that holds the forks. */

interface Setting {
  readonly at: Place;
  readonly repo: string;
  readonly revisions: Readonly<Record<string, string>>;
  vendor(...args: readonly string[]): Promise<JsonRun>;
  read(path: string): Promise<string>;
}

async function setting(files: Files, lock?: Files[string]): Promise<Setting> {
  const at = await place();
  const { directory, revisions } = await forks();
  const repo = await at.repository({ "crq-agent.toml": POLICY, ...files, ...(lock !== undefined && { "flake.lock": lock }) });
  return {
    at,
    repo,
    revisions,
    vendor: (...args) => at.json(["vendor", "--repo", repo, "--world", directory, ...args]),
    read: (path) => readFile(join(repo, path), "utf8"),
  };
}

/** A lock node as Nix writes it, for a lock that was there before; hashes are those of no real tree, since nothing fetches them. */
const node = (owner: string, repo: string, ref: string | undefined, rev: string, more: object = {}) => ({
  locked: { lastModified: 1, narHash: "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", owner, repo, rev, type: "github" },
  original: { owner, ...(ref !== undefined && { ref }), repo, type: "github" },
  ...more,
});
const lockOf = (inputs: Readonly<Record<string, string>>, nodes: Readonly<Record<string, object>>): string =>
  `${JSON.stringify({ nodes: { ...nodes, root: { inputs } }, root: "root", version: 7 }, undefined, 2)}\n`;

/** Inputs of the root with owner, ref and revision of their nodes. */
async function pins({ read }: Setting): Promise<Readonly<Record<string, string>>> {
  const { nodes } = JSON.parse(await read("flake.lock"));
  return Object.fromEntries(
    Object.entries<{ locked?: Record<string, string>; original?: Record<string, string> }>(nodes).flatMap(
      ([name, { locked, original }]) =>
        locked && original ? [[name, `${locked.owner}/${locked.repo} ${original.ref ?? "-"} ${locked.rev}`]] : [],
    ),
  );
}

const summary = ({ document: { data } }: JsonRun): unknown => {
  const { outcome, rewritten, skipped, written } = data as {
    outcome: string;
    rewritten: readonly { input: string; to: string; line: number; column: number }[];
    skipped: readonly { input: string; reason: string; offPolicy: boolean }[];
    written: readonly string[];
  };
  return {
    outcome,
    rewritten: rewritten.map(({ input, to, line, column }) => `${input} ${line}:${column} ${to}`),
    skipped: skipped.map(({ input, reason, offPolicy }) => `${input} ${reason}${offPolicy ? " off" : ""}`),
    written,
  };
};

const FLAKE = `{
  description = "two names, one of which begins with the other"; # github:numtide/flake-utils 𝄞
  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs";
    flake-utils-plus = { url = "github:numtide/flake-utils-plus"; };
    flake-utils.url = "github:numtide/flake-utils";
    same.follows = "nixpkgs";
  };
  outputs = { self, nixpkgs, flake-utils, flake-utils-plus, same }: { src = ./.; note = "github:numtide/flake-utils"; };
}
`;
const OLD = "0".repeat(39);
const LOCK = lockOf(
  { nixpkgs: "nixpkgs", "flake-utils": "flake-utils", "flake-utils-plus": "flake-utils-plus" },
  {
    nixpkgs: node("NixOS", "nixpkgs", undefined, `${OLD}1`),
    "flake-utils": node("numtide", "flake-utils", undefined, `${OLD}2`),
    "flake-utils-plus": node("numtide", "flake-utils-plus", undefined, `${OLD}3`),
  },
).replace(
  '"flake-utils-plus": "flake-utils-plus"\n',
  '"flake-utils-plus": "flake-utils-plus",\n        "same": [\n          "nixpkgs"\n        ]\n',
);

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

  it("leaves a repository as it is when two runs fight over it", async () => {
    const here = await setting({ "flake.nix": FLAKE });
    const [a, b] = await Promise.all([here.vendor("--yes"), here.vendor("--yes")]);
    expect([a.exit, b.exit].every((exit) => exit === 1 || exit === 2)).toBe(true);
    expect(await here.read("flake.nix")).toContain('nixpkgs.url = "github:acme/nixpkgs?ref=feature/CRQ-016-nixify"');
    await commitAll(here.repo, "vendored");
    expect(summary(await here.vendor("--yes"))).toMatchObject({ rewritten: [], written: [] });
  });
});
