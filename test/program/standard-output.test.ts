import { describe, expect, it } from "vitest";
import { place } from "./place.ts";

/** The program behind a shell that gives it another place to print to. */
const printing = (redirection: string): readonly string[] => ["bash", "-c", `exec "$@" ${redirection}`, "bash"];

describe("where nothing can be printed", () => {
  it("a result that a full disk took is told, and is no success", async () => {
    const at = await place();
    const repo = await at.repository({ "README.md": "# note\n" });
    expect(await at.run(["init", "--dry-run", "--repo", repo], { wrapper: printing("> /dev/full") })).toEqual({
      exit: 3,
      signal: null,
      stdout: "",
      stderr:
        "crq-agent: standard output cannot be written (ENOSPC: no space left on device, write); what belongs there is lost [output-lost]\n",
    });
  });

  it("nobody who listens on standard error is no reason to end: the result and the exit code are the same", async () => {
    const at = await place();
    const repo = await at.repository({ "README.md": "# note\n" });
    const heard = await at.run(["lint", "nowhere.md", "--repo", repo, "--json"]);
    const unheard = await at.run(["lint", "nowhere.md", "--repo", repo, "--json"], { wrapper: printing("2> /dev/full") });
    expect(unheard).toEqual({ ...heard, stderr: "" });
    expect(heard).toMatchObject({ exit: 2, stderr: expect.stringContaining("nowhere.md: cannot be read") });
  });
});
