import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DockerfileParser, JSONInstruction } from "dockerfile-ast";
import { validate } from "dockerfile-utils";
import { describe, expect, it } from "vitest";
import { findHost } from "../../src/system/environment/host.ts";
import { type Place, place } from "../program/place.ts";
import { noNix } from "../program/samples.ts";
import { PACKAGE_ROOT } from "../program/world.ts";
import { copyOf } from "./fixture.ts";

/**
 * The container recipe without a container engine: read by the parser of Docker's language server, and the scripts of its last stage run as root of
 * a user namespace whose root folder holds this machine's programs and nothing of its `/etc`. What asks a registry (`apt-get`, `npm`) is written
 * down instead of run: that the image can be built from these packages is not shown here.
 */

const FILE = "docs/guides/Containerfile";
const text = readFileSync(join(PACKAGE_ROOT, FILE), "utf8");
const instructions = DockerfileParser.parse(text).getInstructions();
const lastStage = instructions.slice(instructions.findLastIndex((one) => one.getKeyword() === "FROM") + 1);

const scripts = lastStage.flatMap((one) => (one.getKeyword() === "RUN" ? [one.getArgumentsContent() ?? ""] : []));
const words = (keyword: string): readonly string[] => {
  const found = lastStage.find((one) => one.getKeyword() === keyword);
  return found instanceof JSONInstruction ? found.getJSONStrings().map((word) => word.getJSONValue()) : [];
};

const host = await findHost({ packageRoot: PACKAGE_ROOT, path: process.env.PATH ?? "" });
const version: unknown = Object(JSON.parse(readFileSync(join(PACKAGE_ROOT, "package.json"), "utf8"))).version;

interface Container {
  /** In `/work`, as root of the namespace. */
  run(...argv: string[]): { readonly exit: number | null; readonly output: string };
  /** What was asked of a registry. */
  asked(): readonly string[];
  read(path: string): string;
}

/** As an engine mounts it by default, with parts covered: the kernel then lets no namespace below mount one of its own. */
const COVERED = ["--proc", "/proc"];
/** As with `--security-opt unmask=ALL`. */
const WHOLE = ["--bind", "/proc", "/proc"];

/** A root folder as the image has it when the scripts run, with the repository as its volume. */
function container(at: Place, repo: string, proc: readonly string[]): Container {
  const root = join(at.folder, "root");
  for (const folder of ["etc/nix", "var/lib/apt/lists", "tmp", "root", "usr-local"])
    mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, "tmp", `crq-agent-${version}.tgz`), "");
  const program = (name: string, script: string): void => {
    writeFileSync(join(root, "usr-local", name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(root, "usr-local", name), 0o755);
  };
  for (const name of ["apt-get", "npm"]) program(name, `echo "${name} $*" >> /etc/asked`);
  const own = [process.execPath, join(PACKAGE_ROOT, "src", "bin.ts")].map((path) => `'${path}'`).join(" ");
  // The image has a network; offline the shipped world stands for it.
  program("crq-agent", `case "$1" in verify) set -- "$@" --world '${at.world}';; esac\nexec ${own} "$@"`);
  const places = [
    PACKAGE_ROOT,
    ...[".prefix", "node_modules"].map((name) => realpathSync(join(PACKAGE_ROOT, name))),
    process.execPath,
  ];
  const shown = [...new Set(["/usr", ...places, ...Object.values(host.sandboxPaths)])];
  const bwrap = [
    ...["--unshare-user", "--uid", "0", "--gid", "0", "--die-with-parent", "--tmpfs", "/"],
    // First: the clone that is tested and its tools may lie below a folder of that name.
    ...["--bind", repo, "/work"],
    ...["etc", "var", "tmp", "root"].flatMap((name) => ["--bind", join(root, name), `/${name}`]),
    ...shown.flatMap((path) => ["--ro-bind", path, path]),
    ...["bin", "sbin", "lib", "lib64"].flatMap((name) => ["--symlink", `usr/${name}`, `/${name}`]),
    ...["--ro-bind", join(root, "usr-local"), "/opt/bin"],
    ...[...proc, "--dev", "/dev", "--chdir", "/work", "--clearenv"],
    ...["--setenv", "PATH", "/opt/bin:/usr/bin:/bin", "--setenv", "HOME", "/root"],
  ];
  return {
    run(...argv) {
      const { status, stdout, stderr } = spawnSync(host.bwrap ?? "bwrap", [...bwrap, ...argv], { encoding: "utf8" });
      return { exit: status, output: `${stdout}${stderr}` };
    },
    asked: () =>
      readFileSync(join(root, "etc", "asked"), "utf8")
        .trimEnd()
        .split("\n"),
    read: (path) => readFileSync(join(root, path), "utf8"),
  };
}

describe(FILE, () => {
  const problems = (content: string): readonly string[] =>
    validate(content).map(({ range, message }) => `${FILE}:${range.start.line + 1}: ${message}`);

  it("is a recipe without a finding", () => {
    expect(problems(text)).toEqual([]);
    expect(problems(text.replace("COPY --from", "COPY --form"))).toEqual([`${FILE}:18: Unknown flag: form`]);
  });

  it("copies what the flake takes as the package's source, and npm's settings", () => {
    const copied = instructions
      .slice(
        0,
        instructions.findLastIndex((one) => one.getKeyword() === "FROM"),
      )
      .filter((one) => one.getKeyword() === "COPY")
      .flatMap((one) => one.getArguments().slice(0, -1))
      .map((argument) => argument.getValue());
    const nix = readFileSync(join(PACKAGE_ROOT, "nix/package.nix"), "utf8");
    const taken = /fileset\.unions \[(?<paths>[^\]]*)\]/u.exec(nix)?.groups?.paths ?? "";
    const paths = taken.trim().split(/\s+/u);
    expect(copied.sort()).toEqual([".npmrc", ...paths.map((path) => path.replace("../", ""))].sort());
  });

  it.skipIf(noNix !== undefined)(
    "sets Nix and git up, and its program looks at the machine and proves a change request",
    async () => {
      const at = await place();
      const repo = await copyOf("note", at.folder);
      // Of what is shown below its volume, the clone that is tested included.
      writeFileSync(join(repo, ".git", "info", "exclude"), "*\n");
      const image = container(at, repo, WHOLE);

      expect(scripts.map((script) => image.run("/bin/sh", "-c", script))).toEqual(scripts.map(() => ({ exit: 0, output: "" })));
      expect(image.asked()).toEqual([
        "apt-get update",
        "apt-get install --yes --no-install-recommends bubblewrap ca-certificates git nix-bin",
        `npm install --global /tmp/crq-agent-${version}.tgz`,
      ]);
      expect(image.read("etc/nix/nix.conf")).toBe("experimental-features = nix-command flakes\nbuild-users-group =\n");
      expect(image.run("git", "config", "--system", "--get-all", "safe.directory").output).toBe("/work\n");

      const [entry = "", ...more] = words("ENTRYPOINT");
      const looked = image.run(entry, ...more, ...words("CMD"));
      expect(looked.output).toMatch(/^✓ +Nix /mu);
      const verified = image.run(entry, ...more, "verify", "CRQ-001", "--quiet");
      expect(verified).toEqual({ exit: 0, output: expect.stringContaining("Every criterion of CRQ-001 passes.") });
      const covered = container(at, repo, COVERED).run(entry, ...more, "verify", "CRQ-001", "--quiet");
      expect(covered).toEqual({ exit: 2, output: expect.stringContaining("--security-opt unmask=ALL") });
    },
  );
});
