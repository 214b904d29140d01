import { describe, expect, it } from "vitest";
import { orderOf, projectNotes } from "../../../src/repo/documents/project-notes.ts";
import { repositoryWith } from "../tree-on-disk.ts";

const FILES = {
  "AGENTS.md": "root\nrules\n",
  "services/AGENTS.md": "services\n",
  "services/pay/AGENTS.md": "pay\n",
  "services/pay/src/main.rs": "fn main() {}\n",
  "services/mail/AGENTS.md": "mail\n",
  "CONTRIBUTING.md": "how\n",
  "README.md": "what\n",
  "docs/a.md": "a\n",
  "docs/pic.svg": "<svg/>\n",
  "src/note.md": "no document of the project\n",
};
const PATHS = Object.keys(FILES);

describe("the project's notes", () => {
  it("begin with the AGENTS.md nearest to what is changed, and leave those elsewhere out", () => {
    expect(orderOf(PATHS, { about: "mend `services/pay/src/main.rs`, please.", docs: ["docs"] })).toEqual({
      read: ["services/pay/AGENTS.md", "services/AGENTS.md", "AGENTS.md", "CONTRIBUTING.md", "README.md", "docs/a.md"],
      far: ["services/mail/AGENTS.md"],
    });
    expect(orderOf(PATHS, { about: "nixify it", docs: [] }).read).toEqual(["AGENTS.md", "CONTRIBUTING.md", "README.md"]);
  });

  it("are looked up by words, however many marks a text has", () => {
    const { read } = orderOf(PATHS, { about: `${".".repeat(300_000)}x`, docs: [] });
    expect(read).toEqual(["AGENTS.md", "CONTRIBUTING.md", "README.md"]);
  });

  it("are read as committed, links and repetitions not, within the budget; what is left out is named", async () => {
    const repo = await repositoryWith({ ...FILES, "CLAUDE.md": FILES["AGENTS.md"] }, { "docs/passwd.md": "/etc/passwd" });
    const wanted = { ref: "HEAD", about: "", docs: ["docs"] };
    const all = await projectNotes(repo, { ...wanted, characters: 1000 });
    expect(all.notes).toEqual([
      { source: "AGENTS.md", text: "root\nrules\n" },
      { source: "CONTRIBUTING.md", text: "how\n" },
      { source: "README.md", text: "what\n" },
      { source: "docs/a.md", text: "a\n" },
    ]);
    expect(all.leftOut).toEqual([
      "services/AGENTS.md: not near what is changed",
      "services/mail/AGENTS.md: not near what is changed",
      "services/pay/AGENTS.md: not near what is changed",
    ]);
    const few = await projectNotes(repo, { ...wanted, characters: 7 });
    expect(few.notes).toEqual([{ source: "AGENTS.md", text: "root" }]);
    expect(few.leftOut.slice(3)).toEqual([
      "AGENTS.md from line 2 on",
      "CONTRIBUTING.md (4 characters)",
      "README.md (5 characters)",
      "docs/a.md (2 characters)",
    ]);
    expect(await projectNotes(repo, { ...wanted, characters: 0 })).toEqual({ notes: [], leftOut: [] });
  });
});
