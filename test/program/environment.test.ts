import { execFileSync } from "node:child_process";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { place } from "./place.ts";
import { crqText, noNix } from "./samples.ts";

const CRQ = "crqs/CRQ-001-say-welcome.md";

describe.skipIf(noNix !== undefined)("what a check finds around it", () => {
  it("holds no key, no setting of a tool and nothing of the person's", async () => {
    const at = await place();
    const shell = `{
      outputs = { self }: {
        devShells.x86_64-linux.default = derivation { name = "shell"; system = "x86_64-linux"; builder = "\${self}/tools/bash"; outputs = [ "out" ]; PATH = "\${self}/tools"; };
      };
    }\n`;
    const criteria =
      '-   **AC-1**: The shell shows what it has.\n    ```toml check AC-1\n    kind = "dev-shell"\n    run = { argv = ["show"], stdout = { contains = "PATH=" } }\n    ```\n';
    const repo = await at.repository({
      "README.md": "# note\n",
      "tools/bash": '#!/bin/sh\nexec /bin/sh "$@"\n',
      "tools/show": "#!/bin/sh\nexport -p\nset\n",
      [CRQ]: crqText({ criteria }),
    });
    for (const name of ["bash", "show"]) await chmod(join(repo, "tools", name), 0o755);
    await writeFile(join(repo, "flake.nix"), shell);
    execFileSync("git", ["add", "--intent-to-add", "--all"], { cwd: repo });
    const hostile = {
      OPENAI_API_KEY: "sk-hostile-1",
      ANTHROPIC_API_KEY: "sk-hostile-2",
      AWS_SECRET_ACCESS_KEY: "hostile-3",
      PYTEST_ADDOPTS: "--hostile-4",
      CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER: "hostile-5",
      RUSTFLAGS: "--hostile-6",
      NIX_CONFIG: "sandbox = false # hostile-7",
      NIX_PATH: "nixpkgs=/hostile-8",
      NIX_USER_CONF_FILES: "/hostile-9",
      GIT_DIR: "/hostile-10",
      BASH_ENV: "/hostile-11",
      ENV: "/hostile-12",
      SSH_AUTH_SOCK: "/hostile-13",
      LD_LIBRARY_PATH: "/hostile-14",
    };
    const out = join(at.folder, "out");
    const done = await at.json(["verify", "1", "--repo", repo, "--world", at.world, "--report", out], { env: hostile });
    expect(done.document, done.about).toMatchObject({ exit: 0, data: { report: { criteria: [{ verdict: "pass" }] } } });
    const log = await readFile(join(out, "logs", "AC-1.0.txt"), "utf8");
    expect(log).toContain("PATH=");
    expect([log.match(/hostile[^\s']*/gu), log.includes(at.home)]).toEqual([null, false]);
    expect(done.stdout).not.toContain("hostile");
  });
});
