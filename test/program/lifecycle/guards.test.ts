import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commitAll, place } from "../place.ts";
import { addCrq, CRQ, noteWithCrq, refused, statusOf } from "./change.ts";

/** Every guard of crq-format.md §5: what is refused leaves the repository as it was. No Nix is needed to decide about a document. */

const OTHER = "crqs/CRQ-002-say-it-louder.md";

describe("draft → proposed", () => {
  it("needs a document without errors and a number", async () => {
    const at = await place();
    const draft = (text: string): string => text.replace('status = "proposed"', 'status = "draft"');
    const repo = await noteWithCrq(at, {}, (text) => draft(text).replace("The flake greets.", "TODO"));
    const broken = (await readFile(join(repo, CRQ), "utf8")).replace('equals = "welcome"', 'equals = "welcome"\n    equal = 2');
    await writeFile(join(repo, CRQ), broken);
    for (const args of [
      ["move", "1", "proposed"],
      ["approve", "1", "--yes"],
    ])
      await refused(at, repo, args, args[0] === "move" ? 1 : 2, /CRQ-001-say-welcome\.md:\d+:\d+: .*equal/u);
    const unnumbered = join(repo, "crqs", "CRQ-XXX-say-welcome.md");
    await writeFile(
      unnumbered,
      draft(await readFile(join(repo, CRQ), "utf8"))
        .replaceAll("CRQ-001", "CRQ-XXX")
        .replace("    equal = 2\n", "")
        .replace(/^branch = .*\n/mu, ""),
    );
    await refused(
      at,
      repo,
      ["move", unnumbered, "proposed"],
      2,
      /CRQ-XXX: allocate a number with `crq-agent index --renumber FILE`/u,
    );
  });
});

describe("proposed → approved", () => {
  it("needs answers, checks that run and a person; an approval is bound to what was read", async () => {
    const at = await place();
    const repo = await noteWithCrq(at, { questions: "\n## 9. Open Questions\n\n-   **Q-1**: Louder?\n" });
    const text = await readFile(join(repo, CRQ), "utf8");
    for (const verb of ["approve", "apply"]) {
      await refused(at, repo, [verb, "1"], 5, /Q-1 is not answered/u);
      await refused(at, repo, [verb, "1", "--yes"], 5, /Q-1 is not answered/u);
    }
    const answered = text.replace("Louder?", "Louder?\n    Answer: No.");
    await writeFile(join(repo, CRQ), answered.replace('equals = "welcome"', 'equals = "welcome"\n    suggested = true'));
    await refused(at, repo, ["approve", "1", "--yes"], 5, /AC-1 has a check that is only suggested/u);
    await writeFile(join(repo, CRQ), answered);
    await refused(at, repo, ["approve", "1"], 5, /is not approved; read it and run/u);

    const hash = `sha256:${"0".repeat(64)}`;
    const byAgent = answered
      .replace('status = "proposed"', 'status = "approved"')
      .replace(
        /^(branch = .*)$/mu,
        `$1\napproval = { by = "agent:bot@1/x", at = "2026-11-21T09:00:00Z", via = "approve", hash = "${hash}" }`,
      );
    await writeFile(join(repo, CRQ), byAgent);
    expect(await statusOf(at, repo)).toMatchObject({
      stored: "approved",
      state: "proposed",
      reason: "approved by agent:bot@1/x, which is no person",
    });
    await refused(at, repo, ["apply", "1"], 5, /names agent:bot@1\/x as approver, and an agent cannot approve/u);

    await writeFile(join(repo, CRQ), answered);
    expect((await at.json(["approve", "1", "--yes", "--repo", repo])).document.data).toMatchObject({
      approval: { by: "unattended", via: "yes-flag" },
    });
    const approved = await readFile(join(repo, CRQ), "utf8");
    await writeFile(join(repo, CRQ), approved.replace('equals = "welcome"', 'equals = "hi"'));
    expect(await statusOf(at, repo)).toMatchObject({
      stored: "approved",
      state: "proposed",
      reason: "Scope or Acceptance Criteria changed since the approval",
      approval: { state: "void" },
    });
    await refused(at, repo, ["apply", "1"], 5, /was approved, but its scope or criteria changed since/u);
    await refused(at, repo, ["verify", "1", "--close"], 5, /was approved, but its scope or criteria changed since/u);
    expect((await at.json(["approve", "1", "--yes", "--repo", repo])).exit).toBe(0);
    expect(await statusOf(at, repo)).toMatchObject({ state: "approved", reason: null });
  });

  it("is nobody's where git knows no name: closing and deciding are refused", async () => {
    const at = await place();
    const repo = await noteWithCrq(at);
    await writeFile(join(at.home, ".gitconfig"), "");
    await refused(at, repo, ["move", "1", "rejected", "--reason", "no"], 2, /git does not know who you are; run git config/u);
  });
});

describe("a person's decisions", () => {
  it("take an approval back when it leaves approved", async () => {
    const at = await place();
    const repo = await noteWithCrq(at);
    await at.run(["approve", "1", "--yes", "--repo", repo]);
    expect((await at.json(["move", "1", "proposed", "--reason", "the scope is too small", "--repo", repo])).exit).toBe(0);
    expect(await readFile(join(repo, CRQ), "utf8")).not.toMatch(/^approval = /mu);
    expect(await statusOf(at, repo)).toMatchObject({ stored: "proposed", approval: null });
  });
});

describe("superseding", () => {
  it("links both documents or none, and never in a circle", async () => {
    const at = await place();
    const repo = await noteWithCrq(at);
    await addCrq(repo, OTHER, { id: "CRQ-002", title: "Say it louder" });
    await refused(at, repo, ["move", "1", "superseded"], 2, /by which CRQ\? Name it/u);
    await refused(at, repo, ["move", "1", "superseded", "--by", "1"], 2, /CRQ-001 cannot supersede itself/u);
    await refused(at, repo, ["move", "1", "superseded", "--by", "7"], 2, /CRQ-007 does not exist in crqs\//u);
    await refused(at, repo, ["move", "1", "deferred", "--by", "2", "--reason", "x"], 2, /--by names the successor/u);

    const broken = await readFile(join(repo, OTHER), "utf8");
    await writeFile(join(repo, OTHER), broken.replace('schema = "crq/1"', 'schema = "crq/9"'));
    await refused(
      at,
      repo,
      ["move", "1", "superseded", "--by", "2"],
      2,
      /CRQ-002-say-it-louder\.md: there is no valid metadata/u,
    );
    await writeFile(join(repo, OTHER), broken);

    expect((await at.json(["move", "1", "superseded", "--by", "2", "--repo", repo])).document).toMatchObject({ exit: 0 });
    const [old, successor] = await Promise.all([readFile(join(repo, CRQ), "utf8"), readFile(join(repo, OTHER), "utf8")]);
    expect(old).toMatch(/^status = "superseded"$/mu);
    expect(old).toMatch(/^superseded-by = \["CRQ-002"\]$/mu);
    expect(old).toMatch(/: superseded by CRQ-002 \(human:Pat Person\)$/mu);
    expect(successor).toMatch(/^supersedes = \["CRQ-001"\]$/mu);
    expect(successor).toMatch(/: supersedes CRQ-001 \(human:Pat Person\)$/mu);
    await refused(
      at,
      repo,
      ["move", "2", "superseded", "--by", "1"],
      2,
      /that would be a cycle \(CRQ-001 → CRQ-002 → CRQ-001\)/u,
    );
    await commitAll(repo, "superseded");
    expect((await at.json(["lint", "--repo", repo])).document.diagnostics).not.toContainEqual(
      expect.objectContaining({ rule: "grounding/broken-relation" }),
    );
  });
});
