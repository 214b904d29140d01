import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { fingerprint } from "../program/fingerprint.ts";
import { place } from "../program/place.ts";
import { connect, noteRepository } from "./connection.ts";

/** What a client is offered before any session is open, in both revisions of the protocol. No Nix is needed for it. */

const KEY = "sk-test-0123456789abcdefghijklmnopqrstuv";

it("offers tools, resources and prompts, and refuses what is not allowed with the next move", async () => {
  const at = await place();
  const repo = await noteRepository(at, { approved: false });
  await writeFile(join(at.folder, "CRQ-002-outside.md"), "# CRQ-002: Outside\n");
  const before = await fingerprint(repo);
  const { client, call, stderr } = await connect(at, repo, { environment: { OPENAI_API_KEY: KEY } });

  const { tools } = await client.listTools();
  expect(tools.map(({ name, annotations }) => [name, annotations?.readOnlyHint])).toEqual([
    ["open_change", false],
    ["open_draft", false],
    ["finish", false],
    ["session_status", true],
    ["close_session", false],
    ["survey", true],
    ["list_files", true],
    ["read_file", true],
    ["search_text", true],
    ["propose_edit", false],
    ["propose_lattice", false],
    ["propose_step_flakes", false],
    ["nix_eval", true],
    ["nix_build", false],
    ["nix_log", true],
    ["nix_attr", true],
    ["run_program", true],
    ["check_criteria", true],
    ["submit_crq", false],
    ["give_up", false],
  ]);
  expect(tools.filter(({ annotations }) => annotations?.destructiveHint).map(({ name }) => name)).toEqual(["give_up"]);
  expect(tools.filter(({ name }) => /approve/u.test(name))).toEqual([]);
  // The world is on the disk: nothing reaches the network.
  expect(tools.filter(({ annotations }) => annotations?.openWorldHint)).toEqual([]);

  const { prompts } = await client.listPrompts();
  expect(prompts.map(({ name, arguments: given }) => [name, given?.map((argument) => argument.name)])).toEqual([
    ["draft", ["wish", "kind"]],
    ["apply", ["crq"]],
  ]);
  const prompt = await client.getPrompt({ name: "apply", arguments: { crq: "CRQ-001" } });
  expect(prompt.messages).toMatchObject([
    {
      role: "user",
      content: { type: "text", text: expect.stringMatching(/^Call `open_change` of crq-agent with the CRQ "CRQ-001"\./u) },
    },
  ]);
  await expect(client.getPrompt({ name: "apply", arguments: {} })).rejects.toThrow(/crq/u);
  const completed = await client.complete({
    ref: { type: "ref/prompt", name: "apply" },
    argument: { name: "crq", value: "crq-" },
  });
  expect(completed.completion.values).toEqual(["CRQ-001"]);

  const read = async (uri: string): Promise<string> => {
    const { contents } = await client.readResource({ uri });
    return contents.map((content) => ("text" in content ? content.text : "")).join("");
  };
  expect((await client.listResources()).resources.map(({ uri }) => uri)).toEqual([
    "crq-agent://crqs",
    "crq-agent://survey",
    "crq-agent://sessions",
    "crq-agent://crqs/CRQ-001",
  ]);
  expect((await client.listResourceTemplates()).resourceTemplates).toHaveLength(4);
  expect(JSON.parse(await read("crq-agent://crqs"))).toEqual([
    { id: "CRQ-001", title: "Say welcome", status: "proposed", path: "crqs/CRQ-001-say-welcome.md" },
  ]);
  expect(await read("crq-agent://crqs/CRQ-001")).toMatch(/^# CRQ-001: Say welcome\n/u);
  expect(JSON.parse(await read("crq-agent://survey"))).toMatchObject({ project: null, flake: { path: "flake.nix" } });
  for (const uri of [
    "crq-agent://crqs/CRQ-999",
    "crq-agent://sessions/none/files/report/report.md",
    "crq-agent://%",
    "file:///etc/passwd",
  ])
    await expect(client.readResource({ uri }), uri).rejects.toThrow(/no such resource/u);

  const refusals: readonly (readonly [tool: string, args: Record<string, unknown>, text: RegExp])[] = [
    [
      "open_change",
      { crq: "CRQ-001" },
      /is not approved\. Approval is a person's act on a terminal.*`crq-agent approve crqs\/CRQ-001-say-welcome\.md`/u,
    ],
    ["open_change", { crq: "CRQ-7" }, /CRQ-007 does not exist in crqs\/; there are CRQ-001/u],
    ["open_change", { crq: "../CRQ-002-outside.md" }, /leaves the repository/u],
    ["open_change", { crq: join(at.folder, "CRQ-002-outside.md") }, /leaves the repository/u],
    ["open_change", { crq: 1 }, /^open_change was not run: its arguments do not fit\.\n {2}crq: /u],
    ["open_draft", { wish: " " }, /^open_draft was not run: its arguments do not fit/u],
    ["propose_edit", { edits: [] }, /no session is open\. Call open_change/u],
    ["finish", { summary: "done" }, /no session is open/u],
  ];
  for (const [tool, args, text] of refusals) {
    const refused = await call(tool, args);
    expect(refused, tool).toMatchObject({ isError: true, text: expect.stringMatching(text) });
  }
  await expect(call("nix_bild")).rejects.toThrow(/There is no tool "nix_bild"\. Did you mean nix_build/u);
  expect(await call("session_status")).toMatchObject({ isError: false, data: { session: null, turns: 0 } });
  expect(await call("close_session")).toMatchObject({ isError: false, text: "No session is open." });

  expect(await fingerprint(repo)).toEqual(before);
  expect(stderr()).not.toContain(KEY);
});

it("speaks the protocol without a handshake (2026-07-28) as well as the one before it", async () => {
  const at = await place();
  const repo = await noteRepository(at, { approved: false });
  const { client, call } = await connect(at, repo, { client: { versionNegotiation: { mode: { pin: "2026-07-28" } } } });
  expect((await client.listTools()).tools.length).toBe(20);
  expect(await call("open_change", { crq: "CRQ-001" })).toMatchObject({
    isError: true,
    text: expect.stringContaining("is not approved"),
  });
});
