import { utimes } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { extract, type Headers } from "tar-stream";
import { describe, expect, test } from "vitest";
import { execute } from "../../../src/system/process.ts";
import { listTree } from "../../../src/world/content/listing.ts";
import { gzipStored, packTree } from "../../../src/world/content/pack.ts";
import { type Entry, temporaryFolder, temporaryTree } from "../tree.ts";

const OPTIONS = { top: "repo-000000000000", mtime: 1_762_000_000 };

async function pack(folder: string): Promise<Buffer> {
  return packTree(folder, await listTree(folder), OPTIONS);
}

type Unpacked = Pick<Headers, "name" | "mode" | "uid" | "gid" | "type" | "linkname" | "mtime"> & { readonly content: string };

async function unpack(archive: Buffer): Promise<Unpacked[]> {
  const tar = extract();
  tar.end(gunzipSync(archive));
  const entries: Unpacked[] = [];
  for await (const entry of tar) {
    const { name, mode, uid, gid, type, linkname, mtime } = entry.header;
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk);
    entries.push({ name, mode, uid, gid, type, linkname, mtime, content: Buffer.concat(chunks).toString() });
  }
  return entries;
}

describe("packTree", () => {
  test("keeps files, programs and links, and nothing of their owner and time", async () => {
    const folder = await temporaryTree({
      "src/main.rs": "fn main() {}",
      "bin/run": { program: "#!/bin/sh" },
      "docs/link": { link: "../src" },
    });
    const common = { uid: 0, gid: 0, mtime: new Date(1_762_000_000_000) };
    expect(await unpack(await pack(folder))).toEqual([
      { ...common, name: "repo-000000000000/bin/run", mode: 0o755, type: "file", linkname: null, content: "#!/bin/sh" },
      { ...common, name: "repo-000000000000/docs/link", mode: 0o777, type: "symlink", linkname: "../src", content: "" },
      { ...common, name: "repo-000000000000/src/main.rs", mode: 0o644, type: "file", linkname: null, content: "fn main() {}" },
    ]);
  });

  test("is unpacked by the system's tar, long and foreign names included", async () => {
    const long = `${"deep/".repeat(40)}${"n".repeat(120)}`;
    const folder = await temporaryTree({ [long]: "long", "ünï cödé 'q\".txt": "u", far: { link: `${"t/".repeat(80)}x` } });
    const out = await temporaryFolder();
    const unpacked = await execute({
      argv: ["tar", "-xzf", "-", "-C", out, "--strip-components=1"],
      cwd: out,
      env: { PATH: "/usr/bin:/bin", LC_ALL: "C.UTF-8" },
      stdin: await pack(folder),
      timeoutMs: 10_000,
    });
    expect(unpacked).toMatchObject({ exit: 0, stderr: "" });
    expect(await listTree(out)).toEqual(await listTree(folder));
  });

  test("gives the same bytes for the same tree, whenever and in whatever order it was written", async () => {
    const name = fc.stringMatching(/^[a-zäß😀._ -]{1,12}$/u).filter((text) => text !== "." && text !== "..");
    const entry: fc.Arbitrary<Entry> = fc.oneof(
      fc.string({ maxLength: 200 }),
      fc.string().map((program) => ({ program })),
      fc.stringMatching(/^[a-z./]{1,150}$/).map((link) => ({ link })),
    );
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, entry, { minKeys: 1, maxKeys: 8 }), async (entries) => {
        const reversed = Object.fromEntries(Object.entries(entries).reverse());
        const [one, two] = await Promise.all([temporaryTree(entries), temporaryTree(reversed)]);
        for (const [path, value] of Object.entries(entries)) {
          if (typeof value === "string") await utimes(join(two, path), 1, 1);
        }
        expect((await pack(one)).equals(await pack(two))).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  test("is the archive it always was", async () => {
    // A checksum of a packed crate stands in Cargo.lock files, so these bytes may never change: RFC 1952 header, one stored block of 2048 bytes
    // (tar header, content, two blocks of zeros), trailer.
    const archive = await pack(await temporaryTree({ a: "content\n" }));
    expect(archive.subarray(0, 15)).toEqual(Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1, 0x00, 0x08, 0xff, 0xf7]));
    expect(archive.length).toBe(10 + 5 + 2048 + 8);
  });
});

describe("gzipStored", () => {
  test("is read back by gunzip, whatever its length", () => {
    const sizes = fc.oneof(fc.constantFrom(0, 1, 65_534, 65_535, 65_536, 131_070, 131_071), fc.nat({ max: 300_000 }));
    fc.assert(
      fc.property(sizes, fc.nat({ max: 255 }), (size, fill) => {
        const content = Buffer.alloc(size, fill);
        expect(gunzipSync(gzipStored(content)).equals(content)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});
