import { describe, expect, it } from "vitest";
import { place } from "../program/place.ts";
import { noNix, noteFlake, SYSTEM } from "../program/samples.ts";
import { connect, noteRepository } from "./connection.ts";
import { endless, newMark, untilRunning } from "./endless-build.ts";

/** What is taken back, cut off or killed stops, and the session goes on. */

const attribute = `packages.${SYSTEM}.note`;

describe.skipIf(noNix !== undefined)("a client that stops, and a server that dies", () => {
  it("stops a build that is taken back, does calls that come together one by one, and goes on after SIGKILL in the middle of a build", async () => {
    const at = await place();
    const repo = await noteRepository(at, { approved: true });
    const mark = newMark();
    const first = await connect(at, repo, { name: "first" });
    const opened = await first.call("open_change", { crq: "1" });
    expect(opened.isError, opened.text).toBe(false);
    const slow = { edits: [{ path: "flake.nix", create: noteFlake("welcome", endless(mark)) }] };
    expect(await first.call("propose_edit", slow)).toMatchObject({ isError: false });

    // Taken back: the build's whole process group is gone, the session stays.
    const messages: string[] = [];
    const takenBack = new AbortController();
    const build = first.call(
      "nix_build",
      { attribute },
      {
        signal: takenBack.signal,
        onprogress: ({ message }) => {
          messages.push(message ?? "");
        },
      },
    );
    await untilRunning(mark, true);
    takenBack.abort();
    await expect(build).rejects.toThrow();
    await untilRunning(mark, false);
    expect(messages.length).toBeGreaterThan(0);

    // Together: each has its answer, in their order.
    const [greeting, files, status] = await Promise.all([
      first.call("nix_eval", { attribute: "greeting" }),
      first.call("list_files"),
      first.call("session_status"),
    ]);
    expect(greeting).toMatchObject({ isError: false, text: expect.stringContaining('"welcome"') });
    expect(files).toMatchObject({ data: { files: expect.arrayContaining(["flake.nix", "note.txt"]) } });
    expect(status).toMatchObject({ data: { crq: "CRQ-001" } });
    expect(await first.call("open_change", { crq: "CRQ-001" })).toMatchObject({
      isError: true,
      text: expect.stringMatching(/^CRQ-001 is open already .*close_session/u),
    });

    // Killed in the middle of a build.
    const lost = first.call("nix_build", { attribute }).catch(() => "gone");
    await untilRunning(mark, true);
    const second = await connect(at, repo, { name: "second" });
    expect(await second.call("open_change", { crq: "CRQ-001" })).toMatchObject({
      isError: true,
      text: expect.stringContaining("works on this CRQ in another process"),
    });
    process.kill(first.transport.pid ?? 0, "SIGKILL");
    expect(await lost).toBe("gone");
    await untilRunning(mark, false);

    // The call that was cut off runs again; an open_change that is taken back leaves nothing open, and the next one does not repeat it.
    const reopening = new AbortController();
    const reopened = second.call("open_change", { crq: "CRQ-001" }, { signal: reopening.signal });
    await untilRunning(mark, true);
    reopening.abort();
    await expect(reopened).rejects.toThrow();
    await untilRunning(mark, false);
    expect(await second.call("finish", { summary: "?" })).toMatchObject({
      isError: true,
      text: expect.stringContaining("no session is open"),
    });
    expect(await second.call("open_change", { crq: "CRQ-001" })).toMatchObject({
      isError: false,
      text: expect.stringContaining("The last call was `nix_build`, which failed:"),
    });
    const mended = { edits: [{ path: "flake.nix", create: noteFlake("welcome") }] };
    expect(await second.call("propose_edit", mended)).toMatchObject({ isError: false });

    // Gone without a word while nothing runs; a third goes on, and is told what was done.
    await second.client.close();
    const third = await connect(at, repo, { name: "third" });
    const goesOn = await third.call("open_change", { crq: "CRQ-001" });
    expect(goesOn).toMatchObject({
      isError: false,
      text: expect.stringMatching(
        /This session goes on: \d+ calls were made in it before[\s\S]*The last call was `propose_edit`:\n\nAccepted: flake\.nix\./u,
      ),
    });
    expect(await third.call("finish", { summary: "Says welcome." })).toMatchObject({
      isError: false,
      data: { outcome: "done", branch: "feature/CRQ-001-say-welcome" },
    });
    expect((await at.run(["sessions", "list", "--repo", repo])).stdout.trim().split("\n")).toEqual([
      expect.stringMatching(/apply +mcp:first +done$/u),
    ]);
  });
});
