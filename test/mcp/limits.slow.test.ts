import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commitAll, place } from "../program/place.ts";
import { noNix, noteFlake, SYSTEM } from "../program/samples.ts";
import { connect, noteRepository } from "./connection.ts";
import { endless, newMark, untilRunning } from "./endless-build.ts";

const attribute = `packages.${SYSTEM}.note`;
const welcome = (builder?: readonly string[]) => ({ edits: [{ path: "flake.nix", create: noteFlake("welcome", builder) }] });

/** A limit ends the session, not the connection; a server with a higher one goes on with it. */
describe.skipIf(noNix !== undefined)("limits over MCP", () => {
  it("answers the last call that a limit of calls allows, says how the session ended, and goes on where a person raised it", async () => {
    const at = await place();
    const repo = await noteRepository(at, { approved: true });
    const { call } = await connect(at, repo, { more: ["--max-turns", "2"] });
    expect(await call("open_change", { crq: "CRQ-001" })).toMatchObject({ isError: false });
    expect(await call("nix_eval", { attribute: "greeting" })).toMatchObject({ isError: false });
    const last = await call("propose_edit", welcome());
    expect(last).toMatchObject({
      isError: true,
      text: expect.stringMatching(
        /^Accepted: flake\.nix\.\n\nThe session ended: .*2 of 2 turns were used[\s\S]*A person may start the server with a higher limit \(--max-turns, .*\); open_change with CRQ-001 then goes on where it was\.$/u,
      ),
    });
    expect(await call("session_status")).toMatchObject({ data: { session: null, turns: 0, maxTurns: 2 } });
    expect(await call("nix_eval", { attribute: "greeting" })).toMatchObject({
      isError: true,
      text: expect.stringContaining("no session is open. Call open_change"),
    });
    // The same server has no more to give.
    expect(await call("open_change", { crq: "CRQ-001" })).toMatchObject({
      isError: true,
      text: expect.stringMatching(/^The session ended: .*2 of 2 turns were used/u),
    });
    expect((await at.run(["sessions", "list", "--repo", repo])).stdout).toMatch(/apply +mcp:test-client +.*turns/u);

    const higher = await connect(at, repo, { more: ["--max-turns", "20"] });
    expect(await higher.call("open_change", { crq: "CRQ-001" })).toMatchObject({
      isError: false,
      text: expect.stringContaining("This session goes on: 2 calls were made in it before"),
    });
    expect(await higher.call("finish", { summary: "Says welcome." })).toMatchObject({
      isError: false,
      data: { outcome: "done" },
    });
  });

  it("stops a build where the wall time ends, counts no time that the client takes to think, and sees no money", async () => {
    const at = await place();
    const repo = await noteRepository(at, { approved: true });
    // A cap in dollars cannot be kept where the client pays; it ends nothing and is said to the person.
    await appendFile(join(repo, "crq-agent.toml"), "[limits]\nusd = 0.0001\n");
    await commitAll(repo, "a cap");
    const mark = newMark();
    const { call, stderr } = await connect(at, repo, { more: ["--max-wall", "20"] });
    expect(stderr()).toMatch(/the cap of \$0\.0001 in crq-agent\.toml does not hold here/u);
    expect(await call("open_change", { crq: "CRQ-001" })).toMatchObject({ isError: false });
    expect(await call("propose_edit", welcome(endless(mark)))).toMatchObject({ isError: false });
    const before = await call("session_status");
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect((await call("session_status")).data).toEqual(before.data);
    expect(await call("nix_build", { attribute })).toMatchObject({
      isError: true,
      text: expect.stringMatching(/was interrupted\.[\s\S]*\n\nThe session ended: .*2\d of 20 seconds were used/u),
    });
    await untilRunning(mark, false);
    expect((await at.journal()).at(-1)).toMatchObject({ type: "outcome", outcome: { kind: "limit", limit: "wall" } });
  });

  it("answers the build that was the last one allowed, and ends", async () => {
    const at = await place();
    const repo = await noteRepository(at, { approved: true });
    const { call } = await connect(at, repo, { more: ["--max-builds", "1"] });
    expect(await call("open_change", { crq: "CRQ-001" })).toMatchObject({ isError: false });
    expect(await call("nix_build", { attribute })).toMatchObject({
      isError: true,
      text: expect.stringMatching(/^Built packages\.[\s\S]*\n\nThe session ended: .*1 of 1 builds were started/u),
    });
  });
});
