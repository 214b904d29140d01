import { describe, expect, it } from "vitest";
import { git } from "../../src/system/git.ts";
import { difference, fingerprint } from "../program/fingerprint.ts";
import { place, show } from "../program/place.ts";
import { noNix, noteFlake, SYSTEM } from "../program/samples.ts";
import { connect, noteRepository } from "./connection.ts";

const BRANCH = "feature/CRQ-001-say-welcome";

/** A whole change by a client: it is the model, and everything else is the same. */
describe.skipIf(noNix !== undefined)("a change over MCP", () => {
  it("goes from an approved CRQ to a proven branch through the same gate, acceptance and journal, and leaves the checkout alone", async () => {
    const at = await place();
    const repo = await noteRepository(at, { approved: true });
    const before = await fingerprint(repo);
    const { call, client } = await connect(at, repo, { name: "Test Client/2 (α)" });

    const opened = await call("open_change", { crq: "CRQ-001" });
    expect(opened).toMatchObject({
      isError: false,
      text: expect.stringMatching(
        /^CRQ-001 is open as session [\s\S]*AC-1\.0 \(nix-eval\) fail: greeting: the value is "hello"/u,
      ),
    });
    expect(await call("finish", { summary: "I am done." })).toMatchObject({
      isError: true,
      text: expect.stringContaining('AC-1 fail: greeting: the value is "hello" instead of "welcome"'),
    });
    expect(await call("propose_edit", { edits: [{ path: "flake.nix", create: "{ outputs = " }] })).toMatchObject({
      isError: true,
      text: expect.stringMatching(/^Refused at Nix syntax; the worktree is as it was\.\nDiagnosis: syntax at flake\.nix:1:13/u),
    });
    expect(await call("propose_edit", { edits: [{ path: "crqs/CRQ-001-say-welcome.md", delete: true }] })).toMatchObject({
      isError: true,
      text: expect.stringMatching(/^Refused at policy/u),
    });
    expect(await call("read_file", { path: "../../secret" })).toMatchObject({
      isError: true,
      text: expect.stringContaining("leaves the repository"),
    });
    const edit = { edits: [{ path: "flake.nix", create: noteFlake("welcome") }] };
    expect(await call("propose_edit", edit)).toEqual({ isError: false, text: "Accepted: flake.nix.", data: undefined });
    expect(await call("nix_build", { attribute: `packages.${SYSTEM}.note` })).toMatchObject({
      isError: false,
      text: expect.stringMatching(/^Built packages\..*\nout: \/nix\/store\//u),
    });
    expect(await call("check_criteria", { only: ["AC-1"] })).toMatchObject({
      isError: false,
      data: { criteria: expect.arrayContaining([{ id: "AC-1", verdict: "pass" }]), text: expect.stringContaining("AC-1 pass") },
    });
    expect(await call("session_status")).toMatchObject({
      data: { verb: "apply", crq: "CRQ-001", turns: 7, maxTurns: 60, builds: 1, maxBuilds: 25 },
    });
    const done = await call("finish", { summary: "The greeting is welcome." });
    expect(done).toMatchObject({
      isError: false,
      text: expect.stringMatching(
        /^The session ended: done\nAC-1 pass: .*\nAC-2 pass: .*\nHanded over as branch feature\/CRQ-001-say-welcome/u,
      ),
      data: {
        outcome: "done",
        branch: BRANCH,
        criteria: [
          { id: "AC-1", verdict: "pass" },
          { id: "AC-2", verdict: "pass" },
        ],
      },
    });

    const change = difference(before, await fingerprint(repo), false);
    expect({ ...change, added: change.added.filter((path) => !path.startsWith("/.git/objects/")) }).toEqual({
      added: [`/.git/logs/refs/heads/${BRANCH}`, `/.git/refs/heads/${BRANCH}`],
      changed: [],
      removed: [],
    });
    expect(await show(repo, `${BRANCH}:flake.nix`)).toBe(noteFlake("welcome"));
    expect(await git(["log", "-1", "--format=%(trailers:key=Assisted-by)", BRANCH], { cwd: repo })).toContain(
      "/mcp:Test-Client-2",
    );

    // What the person sees of it, and what the client can read of it.
    const [session] = /\S+Z-[0-9a-f]{6}/u.exec(opened.text) ?? [];
    expect((await at.run(["sessions", "list", "--repo", repo])).stdout).toMatch(/apply +mcp:Test-Client-2 +done/u);
    const { contents } = await client.readResource({ uri: `crq-agent://sessions/${session}/files/report/report.md` });
    expect(contents).toMatchObject([{ mimeType: "text/plain", text: expect.stringContaining("AC-1") }]);
    const timeline = await client.readResource({ uri: `crq-agent://sessions/${session}` });
    expect(timeline.contents).toMatchObject([{ text: expect.stringContaining("hand-over") }]);
    for (const path of ["report/../journal.jsonl", "report/..%2Fjournal.jsonl", "journal.jsonl", "report/../../../secret"])
      await expect(client.readResource({ uri: `crq-agent://sessions/${session}/files/${path}` }), path).rejects.toThrow(
        /no such resource/u,
      );
    expect(JSON.stringify([opened, done, contents, timeline])).not.toContain(at.folder);
    expect(await call("nix_eval", { attribute: "greeting" })).toMatchObject({
      isError: true,
      text: expect.stringMatching(/^nix_eval was not run: no session is open\. Call open_change/u),
    });
  });
});
