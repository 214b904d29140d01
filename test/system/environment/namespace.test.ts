import { describe, expect, test } from "vitest";
import { trustedArgv, untrustedArgv } from "../../../src/system/environment/namespace.ts";
import { execute, type Finished } from "../../../src/system/process.ts";
import { systemFolders } from "../../../src/system/store/child-folders.ts";
import { cannotRun, host } from "../../world/opened.ts";

const trusted = {
  bwrap: "/b/bwrap",
  shell: "/b/sh",
  mount: "/b/mount",
  system: [{ path: "/usr" }, { path: "/bin", link: "usr/bin" }],
  binds: [
    { source: "/root/nix", target: "/nix", writable: true },
    { source: "/x y", target: "/crq/0", writable: false },
  ],
  temporary: "/session/tmp",
};

describe("trustedArgv", () => {
  const argv = trustedArgv(trusted, ["nix", "build"], { cwd: "/work tree", writable: ["/work tree", "/out"] }, ["/objects"]);
  const text = argv.join(" ");

  test("starts the program last, as an ordinary user in the working folder", () => {
    expect(argv[0]).toBe("/b/bwrap");
    const inner = argv.lastIndexOf("/b/bwrap");
    expect(argv.slice(inner)).toEqual([
      "/b/bwrap",
      "--unshare-user",
      "--uid",
      "1000",
      "--gid",
      "100",
      "--dev-bind",
      "/",
      "/",
      "--unsetenv",
      "SHLVL",
      "--chdir",
      "/work tree",
      "--",
      "nix",
      "build",
    ]);
  });

  test("keeps every path one argument, read-only first and writable after", () => {
    const at = (...part: string[]): number =>
      argv.findIndex((_, index) => part.every((value, offset) => argv[index + offset] === value));
    expect(at("--ro-bind", "/usr", "/usr")).toBeGreaterThan(0);
    expect(at("--symlink", "usr/bin", "/bin")).toBeGreaterThan(0);
    expect(at("--bind", "/root/nix", "/nix")).toBeGreaterThan(0);
    expect(at("--ro-bind", "/x y", "/crq/0")).toBeGreaterThan(0);
    expect(at("--ro-bind", "/objects", "/objects")).toBeGreaterThan(0);
    expect(at("--ro-bind", "/work tree", "/work tree")).toBeLessThan(at("--bind", "/work tree", "/work tree"));
    expect(at("--bind", "/out", "/out")).toBeGreaterThan(0);
    expect(at("--bind", "/session/tmp", "/tmp")).toBeLessThan(at("--ro-bind", "/work tree", "/work tree"));
  });

  test("ends with its parent, and leaves the network as it is", () => {
    expect(argv).toEqual(expect.arrayContaining(["--die-with-parent", "--new-session", "--unshare-pid", "--unshare-user"]));
    expect(text).not.toContain("--unshare-net");
  });

  test("never shows the whole machine", () => {
    const whole = trustedArgv(trusted, ["x"], { cwd: "/", writable: ["/"] }, ["/"]);
    const outer = whole.slice(0, whole.lastIndexOf("/b/bwrap"));
    expect(outer.filter((value) => value === "/")).toEqual([]);
  });
});

describe("untrustedArgv", () => {
  test("shows the store, the places and what is named; nothing writable but the places", () => {
    expect(
      untrustedArgv(
        { bwrap: "/b/bwrap", store: "/root/nix/store", binds: [{ source: "/b/sh", target: "/bin/sh", writable: true }] },
        ["/nix/store/x/bin/x", "-"],
        { cwd: "/case", writable: ["/case/out"] },
      ),
    ).toEqual([
      "/b/bwrap",
      ...["--die-with-parent", "--new-session", "--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts"],
      ...[
        "--unshare-net",
        "--unshare-cgroup-try",
        "--disable-userns",
        "--uid",
        "65534",
        "--gid",
        "65534",
        "--hostname",
        "localhost",
      ],
      "--clearenv",
      ...["--setenv", "HOME", "/homeless", "--setenv", "TMPDIR", "/tmp", "--setenv", "LANG", "C.UTF-8"],
      ...["--setenv", "TZ", "UTC", "--setenv", "TERM", "dumb", "--setenv", "NO_COLOR", "1"],
      ...["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"],
      ...["--ro-bind", "/root/nix/store", "/nix/store", "--ro-bind", "/b/sh", "/bin/sh"],
      ...["--ro-bind", "/case", "/case", "--bind", "/case/out", "/case/out"],
      ...["--remount-ro", "/", "--chdir", "/case", "--", "/nix/store/x/bin/x", "-"],
    ]);
  });

  describe.skipIf(cannotRun !== undefined)("in the kernel", () => {
    const run = async (...argv: string[]): Promise<Finished> => {
      const binds = (await systemFolders()).map(({ path }) => ({ source: path, target: path, writable: false }));
      const namespace = { bwrap: host.bwrap ?? "", store: undefined, binds };
      return execute({
        argv: untrustedArgv(namespace, argv, { cwd: "/tmp", writable: [] }),
        cwd: "/",
        env: {},
        timeoutMs: 10_000,
      });
    };

    test("a program can make no user namespace, mount nothing and is nobody", async () => {
      expect((await run("/usr/bin/id", "-u")).stdout).toBe("65534\n");
      expect((await run("/usr/bin/unshare", "--user", "/bin/true")).stderr).toContain("unshare failed");
      expect((await run("/bin/mount", "-o", "remount,rw,bind", "/usr")).exit).not.toBe(0);
    });

    test("it and all it started end with a timeout", async () => {
      const binds = (await systemFolders()).map(({ path }) => ({ source: path, target: path, writable: false }));
      const mark = `31536${process.pid}`;
      const argv = untrustedArgv(
        { bwrap: host.bwrap ?? "", store: undefined, binds },
        ["/bin/sh", "-c", `setsid sleep ${mark} & sleep ${mark}`],
        { cwd: "/tmp", writable: [] },
      );
      const ended = await execute({ argv, cwd: "/", env: {}, timeoutMs: 500, graceMs: 100 });
      expect(ended.ended).toBe("timeout");
      const left = await execute({ argv: ["pgrep", "-f", mark], cwd: "/", env: { PATH: "/usr/bin:/bin" }, timeoutMs: 5_000 });
      expect(left.stdout).toBe("");
    });
  });
});
