import { describe, expect, it } from "vitest";
import { place } from "../program/place.ts";
import { noNix, noteFlake, SYSTEM } from "../program/samples.ts";
import { connect, noteRepository } from "./connection.ts";
import { endless, newMark, untilRunning } from "./endless-build.ts";

const attribute = `packages.${SYSTEM}.note`;

describe.skipIf(noNix !== undefined)("a client that goes on talking while a build runs", () => {
  it("is told at once what runs and what waits; a proposal waits for its turn, or leaves the queue when it is taken back", async () => {
    const at = await place();
    const repo = await noteRepository(at, { approved: true });
    const mark = newMark();
    const { call, client } = await connect(at, repo);
    const opening = call("open_change", { crq: "CRQ-001" });
    // The session is not there yet, or is just there: either way it says what runs.
    expect(await call("session_status")).toMatchObject({
      isError: false,
      text: expect.stringContaining("Now: open_change, for "),
      data: { turns: 0, running: { tool: "open_change" }, waiting: 0 },
    });
    expect(await opening).toMatchObject({ isError: false });
    const slow = { edits: [{ path: "flake.nix", create: noteFlake("welcome", endless(mark)) }] };
    expect(await call("propose_edit", slow)).toMatchObject({ isError: false });

    const stopBuild = new AbortController();
    let answered = false;
    const build = call("nix_build", { attribute }, { signal: stopBuild.signal })
      .catch(() => "stopped")
      .finally(() => {
        answered = true;
      });
    await untilRunning(mark, true);

    // Two proposals meanwhile; the first is given up again before its turn.
    const waits: string[] = [];
    const onprogress = ({ message }: { readonly message?: string | undefined }): void => {
      waits.push(message ?? "");
    };
    const forget = new AbortController();
    const regretted = call(
      "propose_edit",
      { edits: [{ path: "flake.nix", create: noteFlake("regretted") }] },
      { signal: forget.signal, onprogress },
    );
    const mended = call("propose_edit", { edits: [{ path: "flake.nix", create: noteFlake("welcome") }] }, { onprogress });
    const running = { tool: "nix_build", seconds: expect.any(Number), latest: expect.stringContaining(mark) };
    await expect
      .poll(async () => (await call("session_status")).data, { timeout: 60_000 })
      .toMatchObject({
        verb: "apply",
        crq: "CRQ-001",
        turns: 2,
        builds: 0,
        running,
        waiting: 2,
      });
    expect(waits).toEqual(["waits until nix_build is answered", "waits until nix_build is answered"]);
    forget.abort();
    await expect(regretted).rejects.toThrow();
    expect(await call("session_status")).toMatchObject({
      text: expect.stringMatching(
        /2 of 60 calls, 0 of 25 builds.* Now: nix_build, for \d+ seconds \(.*\); taking its request back stops it\. 1 call waits behind it\.$/u,
      ),
      data: { running, waiting: 1 },
    });
    // What is looked at and not done needs no turn either.
    expect((await client.readResource({ uri: "crq-agent://crqs/CRQ-001" })).contents).toHaveLength(1);
    expect(answered).toBe(false);

    stopBuild.abort();
    expect(await build).toBe("stopped");
    expect(await mended).toMatchObject({ isError: false, text: "Accepted: flake.nix." });
    expect(await call("nix_eval", { attribute: "greeting" })).toMatchObject({ text: expect.stringContaining('"welcome"') });
    expect(await call("session_status")).toMatchObject({ data: { turns: 4, running: null, waiting: 0 } });
    expect(await call("finish", { summary: "Says welcome." })).toMatchObject({ isError: false, data: { outcome: "done" } });
    // The proposal that was taken back was never made.
    expect(JSON.stringify(await at.journal())).not.toContain("regretted");
  });
});
