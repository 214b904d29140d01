import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { difference, fingerprint } from "../program/fingerprint.ts";
import { place } from "../program/place.ts";
import { crqText, NOTE_PROJECT, noNix } from "../program/samples.ts";
import { connect } from "./connection.ts";

const WISH = 'The flake should say "welcome".';

/** A whole draft by a client: from the prompt that a person picks to the file that waits for their approval. */
describe.skipIf(noNix !== undefined)("a draft over MCP", () => {
  it("comes from a wish to one new file of the CRQ folder, linted and tried at the base; what fails comes back, and nobody approves", async () => {
    const at = await place();
    const repo = await at.repository(NOTE_PROJECT);
    const before = await fingerprint(repo);
    const { call, client } = await connect(at, repo);

    const { messages } = await client.getPrompt({ name: "draft", arguments: { wish: WISH, kind: "refactor" } });
    expect(messages).toMatchObject([
      { content: { text: expect.stringContaining(`Call \`open_draft\` of crq-agent with the wish ${JSON.stringify(WISH)}`) } },
    ]);
    const opened = await call("open_draft", { wish: WISH, kind: "refactor" });
    expect(opened).toMatchObject({
      isError: false,
      text: expect.stringMatching(
        /^The draft of a new CRQ is open as session [\s\S]*The flake should say "welcome"\.\n\nDraft the CRQ with the id CRQ-001\./u,
      ),
    });
    // What a draft has not: it only looks.
    expect(await call("propose_edit", { edits: [{ path: "flake.nix", create: "{ }" }] })).toMatchObject({
      isError: true,
      text: expect.stringMatching(/^There is no tool "propose_edit".*submit_crq/u),
    });
    expect(await call("finish", { summary: "done" })).toMatchObject({
      isError: true,
      text: expect.stringMatching(/A draft is open, and ends with submit_crq\./u),
    });
    expect(await call("read_file", { path: "README.md" })).toMatchObject({ text: expect.stringContaining("Says hello.") });
    expect(await call("session_status")).toMatchObject({ data: { verb: "draft", crq: "a new CRQ", running: null } });

    const [session] = /\S+Z-[0-9a-f]{6}/u.exec(opened.text) ?? [];
    const shown = await client.readResource({ uri: `crq-agent://sessions/${session}` });
    const [author] = /agent:crq-agent@[^"\s]+\/mcp:test-client/u.exec((await call("survey")).text) ?? ["nobody"];
    const submitted = (text: string) => call("submit_crq", { markdown: text });
    expect(shown.contents).toMatchObject([{ text: expect.stringContaining("read_file") }]);

    expect(await submitted("# nothing")).toMatchObject({
      isError: true,
      text: expect.stringMatching(/^Not accepted yet\.[\s\S]*1:1 error structure\/title/u),
    });
    const document = crqText()
      .replace('status = "proposed"', 'status = "draft"')
      .replace('authors = ["human:Pat Person"]', `authors = ["${author}"]`);
    // An approval of its own is none.
    expect(await submitted(document.replace('status = "draft"', 'status = "approved"'))).toMatchObject({
      isError: true,
      text: expect.stringContaining("lifecycle/approval-by-agent"),
    });
    // Already so at the base: tried with real Nix, not believed. It was the third try, so this draft ends without a document.
    expect(await submitted(document.replace('equals = "welcome"', 'equals = "hello"'))).toMatchObject({
      isError: true,
      text: expect.stringMatching(
        /^Not accepted:\n[\s\S]*AC-1[\s\S]*\n\nThe draft ended without a document: .*Call open_draft to begin again\.$/u,
      ),
    });
    expect(difference(before, await fingerprint(repo), false)).toEqual({ added: [], changed: [], removed: [] });

    expect(await call("open_draft", { wish: WISH, kind: "refactor" })).toMatchObject({ isError: false });
    const accepted = await submitted(document);
    expect(accepted).toMatchObject({
      isError: false,
      text: expect.stringMatching(
        /^Accepted[\s\S]*Wrote crqs\/CRQ-001-say-welcome\.md: .*It waits for a person: ask them to read it and run `crq-agent approve crqs\/CRQ-001-say-welcome\.md`\. Then open_change with CRQ-001 opens the work\./u,
      ),
    });
    expect(difference(before, await fingerprint(repo), false)).toMatchObject({
      added: expect.arrayContaining(["/crqs/CRQ-001-say-welcome.md"]),
      changed: [],
      removed: [],
    });
    expect((await readdir(join(repo, "crqs"))).sort()).toEqual(["CRQ-001-say-welcome.md", "INDEX.md", "list.txt"]);
    expect(await readFile(join(repo, "crqs/CRQ-001-say-welcome.md"), "utf8")).toBe(document);
    expect(await call("session_status")).toMatchObject({ data: { session: null } });

    // The same connection sees it, may not open it, and may once a person approved it.
    expect((await client.listResources()).resources.map(({ uri }) => uri)).toContain("crq-agent://crqs/CRQ-001");
    expect(await call("open_change", { crq: "CRQ-001" })).toMatchObject({
      isError: true,
      text: expect.stringContaining("is not approved"),
    });
    const approved = await at.run(["approve", "CRQ-001", "--yes", "--repo", repo]);
    expect(approved.exit, approved.stderr).toBe(0);
    expect(await call("open_change", { crq: "CRQ-001" })).toMatchObject({
      isError: false,
      text: expect.stringMatching(/^CRQ-001 is open as session /u),
    });
    expect((await at.run(["sessions", "list", "--repo", repo])).stdout).toMatch(
      /draft +mcp:test-client +done[\s\S]*draft +mcp:test-client +unmet/u,
    );
  });
});
