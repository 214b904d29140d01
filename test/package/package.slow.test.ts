import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { git } from "../../src/system/git.ts";
import { commitAll, writeFiles } from "../program/place.ts";
import { noNix } from "../program/samples.ts";
import { PACKAGE_ROOT } from "../program/world.ts";

/** The package as somebody gets it: packed, installed by npm into an empty folder with an empty home, started by npx, and used as a library. */

const run = promisify(execFile);

const PROJECT = {
  "Cargo.toml": '[package]\nname = "addup"\nversion = "0.1.0"\nedition = "2021"\n',
  "Cargo.lock": 'version = 3\n\n[[package]]\nname = "addup"\nversion = "0.1.0"\n',
  "src/main.rs": 'fn main() {\n    println!("{}", 1 + 2);\n}\n',
  "README.md": "# addup\n\n```console\n$ addup\n3\n```\n",
};

/** Tracked files of this clone as they are now, in a folder of their own, so that the build of the package touches nothing here. */
async function packed(folder: string): Promise<string> {
  const source = join(folder, "source");
  const files = (await git(["ls-files", "-z"], { cwd: PACKAGE_ROOT })).split("\0").filter((path) => path !== "");
  for (const path of files) {
    await mkdir(dirname(join(source, path)), { recursive: true });
    await cp(join(PACKAGE_ROOT, path), join(source, path), { verbatimSymlinks: true });
  }
  await symlink(join(PACKAGE_ROOT, "node_modules"), join(source, "node_modules"));
  await run("npm", ["pack", "--pack-destination", folder], { cwd: source, env: environment(folder) });
  const [tarball = ""] = (await readdir(folder)).filter((name) => name.endsWith(".tgz"));
  return join(folder, tarball);
}

/**
 * Npm reaches its registry as this machine's user does (proxies, certificates); what an outer npm run says of itself is left out, and
 * home, caches and state are empty.
 */
const environment = (folder: string): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(?:npm_|XDG_)/i.test(name) || /^npm_config_(?:registry|userconfig|globalconfig|cafile)$/i.test(name),
    ),
  ),
  PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
  HOME: join(folder, "home"),
  npm_config_cache: join(folder, "npm-cache"),
  npm_config_audit: "false",
  npm_config_fund: "false",
});

const example = async (): Promise<string> => {
  const guide = await readFile(join(PACKAGE_ROOT, "docs/guides/library.md"), "utf8");
  return /^```ts example\n(?<code>[\s\S]*?)^```$/mu.exec(guide)?.groups?.code ?? "";
};

describe("the package", { timeout: 1_800_000 }, () => {
  it("runs from an empty folder, has types, and does what the guide's example says", async () => {
    const folder = await mkdtemp(join(tmpdir(), "crq-agent-package-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await mkdir(join(folder, "home"));
    const tarball = await packed(folder);
    const user = join(folder, "user");
    const env = environment(folder);
    await mkdir(user);
    await run("npm", ["install", tarball], { cwd: user, env });

    const own = join(user, "node_modules", "crq-agent");
    expect((await readdir(own)).filter((name) => name !== "node_modules").sort()).toEqual([
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "dist",
      "docs",
      "evals",
      "package.json",
      "prompts",
    ]);
    expect(await readdir(join(own, "evals"))).toEqual(["world"]);
    const manifest: unknown = JSON.parse(await readFile(join(PACKAGE_ROOT, "package.json"), "utf8"));
    expect((await run("npx", ["--no-install", "crq-agent", "--version"], { cwd: user, env })).stdout.trim()).toBe(
      Object(manifest).version,
    );

    const repo = join(user, "repo");
    await writeFiles(repo, PROJECT);
    await git(["init", "--quiet", "--initial-branch=main"], { cwd: repo });
    // An approval bears the name of whoever gives it.
    await git(["config", "user.name", "Ada"], { cwd: repo });
    await git(["config", "user.email", "ada@example.org"], { cwd: repo });
    await commitAll(repo, "first");
    const surveyed = await run("npx", ["--no-install", "crq-agent", "survey", "--repo", "repo", "--json"], { cwd: user, env });
    expect(JSON.parse(surveyed.stdout)).toMatchObject({ ok: true, data: { recommendation: { builder: "crane" } } });

    await writeFile(join(user, "example.mts"), await example());
    const compilerOptions = {
      module: "nodenext",
      target: "es2024",
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      types: ["node"],
    };
    await writeFile(
      join(user, "tsconfig.json"),
      JSON.stringify({
        compilerOptions: { ...compilerOptions, typeRoots: [join(PACKAGE_ROOT, "node_modules/@types")] },
        files: ["example.mts"],
      }),
    );
    await run(join(PACKAGE_ROOT, "node_modules/.bin/tsc"), ["-p", "."], { cwd: user, env });

    if (noNix !== undefined) return;
    // What a clone's set-up unpacks for offline worlds; without it the example uses the user's own Nix and network.
    await symlink(join(PACKAGE_ROOT, ".prefix"), join(own, ".prefix"));
    const { stdout } = await run(process.execPath, ["example.mts", "repo", "shipped"], { cwd: user, env });
    expect(stdout.trim().split("\n")).toEqual([
      "builder: crane",
      "drafted: crqs/CRQ-001-nixification-of-addup.md",
      "Approve this and apply it?",
      "done branch",
      ...Array.from({ length: 8 }, (_, index) => `AC-${index + 1} pass`),
      "verified on the checkout: false",
    ]);
  });
});
