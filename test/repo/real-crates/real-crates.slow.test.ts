import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { survey } from "../../../src/repo/survey.ts";
import { git } from "../../../src/system/git.ts";

/**
 * The survey of published programs against what nixpkgs' own expressions give to their builds. Cargo downloads each `.crate`; nothing of
 * it is compiled. Where Cargo reaches no registry the tests are skipped and say so.
 */

const reasons = z.record(z.string(), z.string());
const { crates } = z
  .strictObject({
    about: z.string(),
    crates: z.array(
      z.strictObject({
        crate: z.string(),
        version: z.string(),
        group: z.enum(["tuned", "held out"]).describe("Whether the survey was mended by what this crate showed."),
        nixpkgs: z.strictObject({ path: z.string(), commit: z.string().regex(/^[0-9a-f]{40}$/) }),
        nativeBuildInputs: z.array(z.string()),
        buildInputs: z.array(z.string()),
        leftOut: reasons,
        differences: z.strictObject({ missing: reasons, extra: reasons }),
      }),
    ),
  })
  .parse(JSON.parse(await readFile(join(import.meta.dirname, "nixpkgs-packages.json"), "utf8")));

let home = "";
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "crq-real-crates-"));
});
afterAll(() => rm(home, { recursive: true, force: true }));

/** Folder with the sources of a published crate, or why there is none. */
async function download(name: string, version: string): Promise<{ readonly folder: string } | { readonly problem: string }> {
  const cargoHome = join(home, "cargo");
  const problem = await promisify(execFile)("cargo", ["info", "--quiet", `${name}@${version}`], {
    cwd: home,
    env: { ...process.env, CARGO_HOME: cargoHome },
    timeout: 60_000,
  }).then(
    () => undefined,
    (error: unknown) => `cargo cannot download ${name} ${version}: ${String(error).trim().slice(-300)}`,
  );
  if (problem !== undefined) return { problem };
  const registries = await readdir(join(cargoHome, "registry", "src"));
  return { folder: join(cargoHome, "registry", "src", registries[0] ?? "", `${name}-${version}`) };
}

describe.each(crates)("$crate $version", (expected) => {
  it("needs what nixpkgs gives it, but for the differences that are written down", async ({ skip }) => {
    const got = await download(expected.crate, expected.version);
    if ("problem" in got) return skip(got.problem);
    const directory = await mkdtemp(join(home, "repository-"));
    await cp(got.folder, directory, { recursive: true });
    await git(["init", "--quiet"], { cwd: directory });
    await git(["add", "--force", "--all"], { cwd: directory });
    await git(["-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "--quiet", "-m", "x"], { cwd: directory });
    const { nativeNeeds } = await survey(directory, { ref: "HEAD" });
    const onLinux = nativeNeeds.filter(({ platform }) => platform !== "darwin");
    const found = new Set(
      onLinux.flatMap((need) => [...need.nativeBuildInputs, ...need.buildInputs, ...(need.runtimeLibraries ?? [])]),
    );
    const wanted = [...expected.nativeBuildInputs, ...expected.buildInputs];
    expect({
      missing: wanted.filter((attribute) => !found.has(attribute)).sort(),
      extra: [...found].filter((attribute) => !wanted.includes(attribute)).sort(),
    }).toEqual({
      missing: Object.keys(expected.differences.missing).sort(),
      extra: Object.keys(expected.differences.extra).sort(),
    });
  });
});

it("looks at ten programs at least, of varied needs", () => {
  expect(crates.length).toBeGreaterThanOrEqual(10);
  expect(new Set(crates.flatMap(({ buildInputs }) => buildInputs)).size).toBeGreaterThanOrEqual(10);
});
