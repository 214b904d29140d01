import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { git } from "../../../src/system/git.ts";
import { place, show } from "../place.ts";
import { noNix, SYSTEM } from "../samples.ts";

/** What a repair is about: the flake as a whole, or what a person names. Flakes without inputs, each of whose outputs builds in a moment. */

const derivation = (name: string, script: string, more = ""): string =>
  `derivation { name = "${name}"; system = "${SYSTEM}"; builder = "/bin/sh"; args = [ "-c" "${script}" ]; ${more} }`;

const WRONG_HASH = `sha256-${"A".repeat(43)}=`;
const hashOf = (text: string): string => `sha256-${createHash("sha256").update(text).digest("base64")}`;
/** Its hash is wrong until Nix printed the right one. */
const pinned = (name: string, text: string): string =>
  derivation(name, `printf ${text} > $out`, `outputHashMode = "flat"; outputHashAlgo = "sha256"; outputHash = "${WRONG_HASH}";`);
const good = (name: string): string => derivation(name, `echo ${name} > $out`);
/** As most checks: it leaves an empty file. */
const passes = (name: string): string => derivation(name, "test -n $out; : > $out");
const fails = (name: string): string => derivation(name, "echo 2 is not 3 >&2; exit 3");

const full = (short: string): string => short.replace(".", `.${SYSTEM}.`);
const flake = (of: Readonly<Record<string, string>>): string =>
  `{\n  outputs =\n    { self }:\n    {\n${Object.entries(of)
    .map(([path, value]) => `      ${full(path)} = ${value};\n`)
    .join("")}    };\n}\n`;

describe.skipIf(noNix !== undefined)("repair of a flake as a whole", () => {
  it("mends the check that fails for the reason of the default package, and keeps what stood", async () => {
    const at = await place();
    const before = {
      "packages.default": pinned("note", "hallo"),
      "checks.lines": pinned("lines", "welt"),
      "checks.empty": passes("empty"),
      "devShells.default": good("shell"),
    };
    const repo = await at.repository({ "flake.nix": flake(before) });
    const done = await at.json(["repair", "--repo", repo, "--world", at.world, "--crq"]);
    expect(done.document, done.about).toMatchObject({
      exit: 0,
      data: {
        outcome: { kind: "done" },
        attributes: ["packages.default", "checks.empty", "checks.lines", "devShells.default"].map(full),
        broken: ["packages.default", "checks.lines"].map(full),
        left: [],
        untried: [],
        others: null,
        repairs: [{ name: "replace-hash" }, { name: "replace-hash" }],
        crq: "crqs/CRQ-001-repair-build-of-flake.md",
        turns: 0,
      },
    });
    const mended = await show(repo, "feature/CRQ-001-fix-build-of-flake:flake.nix");
    expect([mended.includes(hashOf("hallo")), mended.includes(hashOf("welt")), mended.includes(WRONG_HASH)]).toEqual([
      true,
      true,
      false,
    ]);
    await git(["merge", "--quiet", "feature/CRQ-001-fix-build-of-flake"], { cwd: repo });
    const verified = await at.json(["verify", "CRQ-001", "--repo", repo, "--world", at.world]);
    expect(verified.document, verified.about).toMatchObject({ exit: 0 });
    const again = await at.run(["repair", "--repo", repo, "--world", at.world, "--quiet"]);
    expect(again.stdout).toMatch(/^Nothing to repair: all of the flake stands: .*devShells\.\S+default \(evaluates\)\n$/u);
  });

  it("hands over what it mended beside a check that nobody can mend, says partly, and never done", async () => {
    const at = await place();
    const before = {
      "packages.default": pinned("note", "hallo"),
      "checks.sums": fails("sums"),
      "devShells.default": 'throw "no shell yet"',
    };
    const repo = await at.repository({ "flake.nix": flake(before) });
    const done = await at.json(["repair", "--repo", repo, "--world", at.world, "--crq"]);
    const left = [
      { attribute: full("checks.sums"), diagnosis: { kind: "unknown", derivation: { name: "sums" } } },
      { attribute: full("devShells.default"), diagnosis: { message: expect.stringContaining("no shell yet") } },
    ];
    expect(done.document, done.about).toMatchObject({
      ok: false,
      exit: 7,
      data: {
        outcome: { kind: "partly", detail: expect.stringMatching(/^mended: \S+default; still broken: \S+sums \(unknown: /u) },
        broken: ["packages.default", "checks.sums", "devShells.default"].map(full),
        left,
        repairs: [{ name: "replace-hash" }],
        proof: { ok: true, report: { criteria: [{ id: "AC-1", verdict: "pass" }, { id: "AC-2" }] } },
        handOver: { form: "branch", branch: "feature/CRQ-001-fix-build-of-default" },
      },
    });
    const crq = await show(repo, "feature/CRQ-001-fix-build-of-default:crqs/CRQ-001-repair-build-of-default.md");
    expect(crq).toMatch(/What is still broken, and stays so:[\s\S]*checks\.\$\{system\}\.sums: unknown: /u);
    await git(["merge", "--quiet", "feature/CRQ-001-fix-build-of-default"], { cwd: repo });
    expect((await at.run(["lint", "--profile", "strict"], { cwd: repo })).stdout).toContain("no findings");

    const again = await at.json(["repair", "--repo", repo, "--world", at.world]);
    expect(again.document, again.about).toMatchObject({
      exit: 20,
      data: { outcome: { kind: "gave-up" }, broken: left.map(({ attribute }) => attribute), left, handOver: { form: "nothing" } },
    });
  });

  it("mends what is named alone, and says what else is broken", async () => {
    const at = await place();
    const before = { "packages.note": pinned("note", "hallo"), "packages.other": good("other"), "checks.sums": fails("sums") };
    const repo = await at.repository({ "flake.nix": flake(before) });
    const done = await at.json(["repair", "note", "--repo", repo, "--world", at.world]);
    expect(done.document, done.about).toMatchObject({
      exit: 0,
      data: {
        outcome: { kind: "done" },
        attributes: [full("packages.note")],
        left: [],
        others: { broken: [{ attribute: full("checks.sums"), diagnosis: { kind: "unknown" } }], untried: [] },
        handOver: { branch: "fix/build-of-note" },
      },
    });
    const told = await at.run(["repair", "other", "--repo", repo, "--world", at.world, "--quiet"]);
    expect([told.exit, told.stdout]).toEqual([
      0,
      expect.stringMatching(/^Nothing to repair: \S+other builds\nNot asked for, and broken all the same .*:\n {2}\S+note\n/u),
    ]);
  });

  it("looks at the outputs of a set whose names nobody could tell before it was mended", async () => {
    const at = await place();
    const by = flake({ "packages.default": good("note"), "checks.lines": pinned("lines", "welt") });
    const late = by.replace("{ self }:\n", "{ self }:\n    let system = import ./system.nix; in\n");
    const named = late.replaceAll(`.${SYSTEM}.`, ".$" + "{system}.");
    const repo = await at.repository({ "flake.nix": named });
    await writeFile(join(repo, "system.nix"), `"${SYSTEM}"\n`);
    const done = await at.json(["repair", "--repo", repo, "--world", at.world]);
    expect(done.document, done.about).toMatchObject({
      exit: 0,
      data: {
        outcome: { kind: "done" },
        broken: [`packages.${SYSTEM}`, `checks.${SYSTEM}`, full("packages.default"), full("checks.lines")],
        diagnosis: { kind: "untracked-file", path: "system.nix" },
        repairs: [{ name: "track-files" }, { name: "replace-hash", paths: ["flake.nix"] }],
        left: [],
      },
    });
    expect(await show(repo, "fix/build-of-flake:flake.nix")).toContain(hashOf("welt"));
  });
});
