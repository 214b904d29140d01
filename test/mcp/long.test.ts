import { readdir, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Client } from "@modelcontextprotocol/client";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { commitAll, place, writeFiles } from "../program/place.ts";
import { crqText, noNix } from "../program/samples.ts";
import { connect, noteRepository } from "./connection.ts";

const ITEMS = 18_000;
/** Emoji: a page may end within none of them. */
const LONG = `let item = n: "😀 \${toString n}"; in builtins.genList item ${ITEMS}`;
const listing = z.array(z.object({ uri: z.string(), path: z.string(), bytes: z.number() }));

/** A resource in all its pages, as the last line of each names the next. */
async function pagesOf(client: Client, uri: string): Promise<readonly string[]> {
  const { contents } = await client.readResource({ uri });
  const text = contents.map((content) => ("text" in content ? content.text : "")).join("");
  const [trailer, next] = /\n\[Characters \d+ to \d+ of \d+\. The next page: (\S+)\]\n$/u.exec(text) ?? [];
  if (trailer === undefined || next === undefined) return [text];
  return [text.slice(0, -trailer.length), ...(await pagesOf(client, next))];
}

describe.skipIf(noNix !== undefined)("long resources", () => {
  it("come in pages that name the next and the whole length; what a session kept is listed with its size, and too large a file says so", async () => {
    const at = await place();
    const repo = await noteRepository(at, { approved: true });
    // More CRQs than one page of the list holds.
    const more = Array.from({ length: 60 }, (_, i) => `CRQ-${String(i + 100)}`);
    await writeFiles(repo, Object.fromEntries(more.map((id) => [`crqs/${id}-more.md`, crqText({ id })])));
    await commitAll(repo, "many");
    const { call, client } = await connect(at, repo);
    const opened = await call("open_change", { crq: "CRQ-001" });
    const [session = ""] = /\S+Z-[0-9a-f]{6}/u.exec(opened.text) ?? [];

    // A result that is too long for a model: clipped for it, kept whole, read page by page.
    const value = await call("nix_eval", { attribute: "greeting", apply: `_: ${LONG}` });
    const [length] = /\[(\d+) characters in all\. The whole output: /u.exec(value.text)?.slice(1) ?? [];
    const { contents } = await client.readResource({ uri: `crq-agent://sessions/${session}/files` });
    const kept = listing.parse(JSON.parse(contents.map((content) => ("text" in content ? content.text : "")).join("")));
    const output = kept.find(({ path }) => path.startsWith("output/nix_eval-"));
    expect(kept.map(({ path }) => path.split("/")[0])).toEqual(expect.arrayContaining(["output", "runs"]));
    const pages = await pagesOf(client, output?.uri ?? "");
    const whole = pages.join("");
    expect(pages.length).toBeGreaterThan(2);
    expect({ length: whole.length, bytes: Buffer.byteLength(whole) }).toEqual({ length: Number(length), bytes: output?.bytes });
    for (const n of [0, ITEMS / 2, ITEMS - 1]) expect(whole).toContain(`"😀 ${n}"`);
    expect(pages.filter((page) => !page.isWellFormed())).toEqual([]);
    await expect(client.readResource({ uri: `${output?.uri}?from=99999999` })).rejects.toThrow(
      new RegExp(`from=99999999 is behind the end: there are ${length} characters`, "u"),
    );

    const folder = (await readdir(at.state, { recursive: true })).find((path) => path.endsWith(`/${session}/output`)) ?? "";
    const large = join(at.state, folder, "large.txt");
    await writeFile(large, "x");
    await truncate(large, 17 * 1024 * 1024);
    await expect(client.readResource({ uri: `crq-agent://sessions/${session}/files/output/large.txt` })).rejects.toThrow(
      /output\/large\.txt has 17825792 bytes, and 16777216 are the most that is shown here/u,
    );

    // The list of resources has pages of its own; the client asks for all of them.
    const first = await client.request({ method: "resources/list", params: {} });
    expect(first).toMatchObject({ nextCursor: "50" });
    const uris = (await client.listResources()).resources.map(({ uri }) => uri);
    expect(uris).toEqual(expect.arrayContaining(["crq-agent://crqs/CRQ-001", ...more.map((id) => `crq-agent://crqs/${id}`)]));
    expect(new Set(uris).size).toBe(uris.length);
  });
});
