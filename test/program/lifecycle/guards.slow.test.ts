import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { place } from "../place.ts";
import { CRQ, noteWithCrq, refused, statusOf } from "./change.ts";

/** The whole table of a person's decisions through the program; the table itself stands in test/crq/lifecycle. */

describe("a person's decisions", () => {
  it("come with a reason, follow the table, and are told by status when they were edited without one", async () => {
    const at = await place();
    const repo = await noteWithCrq(at);
    const move = (...args: readonly string[]) => at.json(["move", "1", ...args, "--repo", repo]);
    await refused(at, repo, ["move", "1", "rejected"], 2, /why\? Say it for the history/u);
    await refused(at, repo, ["move", "1", "approved"], 2, /approved needs more than a word: use `crq-agent approve`/u);
    await refused(at, repo, ["move", "1", "closed"], 2, /use `crq-agent verify --close`/u);
    await refused(at, repo, ["move", "1", "verified"], 2, /verified: is no status to move to; there are proposed, rejected/u);
    await refused(at, repo, ["verify", "1", "--close"], 5, /is not approved/u);

    expect((await move("deferred", "--reason", "after the  release\nof May")).document).toMatchObject({
      exit: 0,
      data: { from: "proposed", to: "deferred" },
    });
    expect(await readFile(join(repo, CRQ), "utf8")).toMatch(
      /^## 11\. History\n\n- {3}\d{4}-\d\d-\d\d: deferred by human:Pat Person: after the release of May$/mu,
    );
    expect(await statusOf(at, repo)).toMatchObject({ state: "deferred", unmetGuards: [] });
    expect((await at.json(["index", "--check", "--repo", repo])).exit).toBe(0);
    await refused(at, repo, ["approve", "1", "--yes"], 2, /a CRQ with status "deferred" cannot be approved/u);
    await refused(
      at,
      repo,
      ["move", "1", "rejected", "--reason", "x"],
      2,
      /deferred cannot become rejected; it can become proposed/u,
    );
    expect((await move("proposed", "--reason", "it is June")).exit).toBe(0);
    expect((await move("rejected", "--reason", "nobody needs it")).exit).toBe(0);
    await refused(at, repo, ["verify", "1", "--close"], 2, /is rejected, and only an approved CRQ can be closed/u);

    const text = await readFile(join(repo, CRQ), "utf8");
    await writeFile(join(repo, CRQ), text.slice(0, text.indexOf("## 11. History")));
    expect(await statusOf(at, repo)).toMatchObject({
      state: "rejected",
      unmetGuards: ["rejected without a reason in section 11"],
    });
    await writeFile(join(repo, CRQ), text.replace('status = "rejected"', 'status = "superseded"'));
    expect(await statusOf(at, repo)).toMatchObject({ unmetGuards: ["superseded without `superseded-by`"] });
    await writeFile(join(repo, CRQ), text.replace('status = "rejected"', 'status = "closed"'));
    expect(await statusOf(at, repo)).toMatchObject({ unmetGuards: ["closed without `evidence`"] });
  });
});
