import { join } from "node:path";
import { expect, test } from "vitest";
import { miniWorld, WORLD_TOML } from "./mini-world.ts";
import { cannotRun, host, opened, PACKAGE_ROOT } from "./opened.ts";
import { writeTree } from "./tree.ts";

const TOML = `${WORLD_TOML}[host]\nsandbox_paths = ["/bin/sh", "/host/root"]\n`;

/** A Nix that lives in /nix/store with all it needs, as on every machine whose Nix was installed by Nix. */
const NIX_IN_STORE = `{ tools }: derivation {
  name = "nix-in-store";
  system = "${host.system}";
  builder = "/bin/sh";
  args = [ "-e" "-c" ''
    PATH=/host/root/usr/bin
    cp -r \${builtins.path { path = tools; name = "tools"; }} $out
    chmod -R u+w $out
    mkdir $out/programs
    for name in nix bwrap mount; do
      cp $out/usr/bin/$name $out/programs/
      patchelf --set-interpreter $(echo $out/lib*/ld-linux*) --force-rpath --set-rpath "$(echo $out/usr/lib/*-linux-gnu)" $out/programs/$name
    done
    ln -s nix $out/programs/nix-store
    exit 0
  '' ];
}`;

test.skipIf(cannotRun !== undefined || host.nix?.private !== true)(
  "a Nix below /nix/store comes along into the world's own store",
  async () => {
    const { directory } = await miniWorld({}, { "world.toml": TOML });
    const { cwd, run, nix } = await opened(directory);
    await writeTree(cwd, { "nix.nix": NIX_IN_STORE, "world/world.toml": WORLD_TOML });
    const tools = join(host.nix?.bin ?? "", "../tools");
    const built = await nix("build", "--impure", "--no-link", "--print-out-paths", "-f", "nix.nix", "--argstr", "tools", tools);
    expect(built).toMatchObject({ exit: 0 });
    const store = built.stdout.trim();

    // Inside the first world's namespace that Nix is the machine's own; the second world is opened there, with /nix bound once more.
    const script = join(import.meta.dirname, "open-inside.ts");
    const inside = await run([process.execPath, script, join(cwd, "world"), join(cwd, "inner")], {
      cwd: PACKAGE_ROOT,
      env: { PATH: `${store}/programs:/usr/bin:/bin` },
    });
    expect(inside.stderr).toBe("");
    expect(JSON.parse(inside.stdout)).toEqual({
      nixBin: `${store}/programs`,
      version: `nix (Nix) ${host.nix?.version}\n`,
      valid: store,
    });
  },
);
