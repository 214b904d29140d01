import { describe, expect, it } from "vitest";
import { apply, draft, type Model, survey, verify } from "../../src/library/index.ts";
import { difference, fingerprint } from "../program/fingerprint.ts";
import { commitAll, type Place, place } from "../program/place.ts";
import { noNix } from "../program/samples.ts";

/** The verbs as functions: the same walk, typed results, nothing printed. */

const PROJECT = {
  "Cargo.toml": '[package]\nname = "addup"\nversion = "0.1.0"\nedition = "2021"\n',
  "Cargo.lock": 'version = 3\n\n[[package]]\nname = "addup"\nversion = "0.1.0"\n',
  "src/main.rs": 'fn main() {\n    println!("{}", 1 + 2);\n}\n',
  "README.md": "# addup\n\n```console\n$ addup\n3\n```\n",
};

const callsOf = async (at: Place, repo: string) => ({
  repo,
  world: at.world,
  env: { ...at.environment, PATH: process.env.PATH },
});

const nobody: Model = {
  name: "own:nobody",
  complete: async () => ({
    role: "assistant",
    text: "",
    calls: [{ id: "1", tool: "give_up", arguments: '{"reason":"not-understood","detail":"nobody is here"}' }],
    usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
    stop: "tools",
    model: "own:nobody",
  }),
};

describe.skipIf(noNix !== undefined)("crq-agent as a library", { timeout: 300_000 }, () => {
  it("surveys, drafts, asks for approval, applies and verifies", async () => {
    const at = await place();
    const repo = await at.repository(PROJECT);
    const options = await callsOf(at, repo);
    const found = await survey(options);
    expect(found).toMatchObject({ ok: true, exit: 0, data: { recommendation: { builder: "crane" } }, diagnostics: [] });

    const drafted = await draft("nixify this Rust project", options);
    expect(drafted).toMatchObject({
      ok: true,
      data: { path: "crqs/CRQ-001-nixification-of-addup.md", outcome: { kind: "done" } },
    });
    await commitAll(repo, "ask for a flake");
    const before = await fingerprint(repo);

    const unasked = await apply("CRQ-001", options);
    expect(unasked).toMatchObject({
      ok: false,
      exit: 5,
      data: null,
      diagnostics: [{ severity: "error", message: expect.stringContaining("not approved") }],
    });
    const asked: string[] = [];
    const refused = await apply("CRQ-001", { ...options, confirm: async (question) => asked.push(question) < 0 });
    expect([refused.ok, refused.exit, asked]).toEqual([false, 5, ["Approve this and apply it?"]]);

    const kinds = new Set<string>();
    const done = await apply("CRQ-001", {
      ...options,
      unattended: true,
      handOver: { branch: "nixify" },
      limits: { maxBuilds: 20 },
      onEvent: ({ type }) => kinds.add(type),
    });
    expect(done).toMatchObject({ ok: true, data: { outcome: { kind: "done" }, handOver: { form: "branch", branch: "nixify" } } });
    expect(done.data?.report?.criteria.map(({ verdict }) => verdict)).toEqual(Array.from({ length: 8 }, () => "pass"));
    expect([...kinds]).toEqual(expect.arrayContaining(["ask", "reply", "build", "outcome"]));
    // The branch came, with its objects and its line in the log of refs; of the person's files nothing changed.
    const { added, changed, removed } = difference(before, await fingerprint(repo));
    expect([...added, ...changed, ...removed].filter((path) => !path.startsWith("/.git/"))).toEqual([]);

    const checkout = await verify("CRQ-001", options);
    expect([checkout.ok, checkout.exit, checkout.data?.report.criteria[0]?.verdict]).toEqual([false, 1, "fail"]);
  });

  it("takes a model as a value, and gives what is wrong as a value", async () => {
    const at = await place();
    const repo = await at.repository(PROJECT);
    const options = await callsOf(at, repo);
    const given = await draft("nixify this Rust project", { ...options, model: nobody, write: false });
    expect(given).toMatchObject({
      ok: false,
      exit: 20,
      data: { document: null, path: null, outcome: { kind: "gave-up", reason: "not-understood", detail: "nobody is here" } },
    });
    const unknown = await verify("CRQ-009", options);
    expect(unknown).toMatchObject({
      ok: false,
      exit: 2,
      data: null,
      diagnostics: [{ severity: "error", message: expect.stringContaining("CRQ-009") }],
    });
    const stopped = new AbortController();
    stopped.abort();
    expect(await draft("nixify this Rust project", { ...options, signal: stopped.signal })).toMatchObject({
      ok: false,
      exit: 130,
      data: { outcome: { kind: "interrupted" } },
    });
  });
});
