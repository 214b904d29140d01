import { describe, expect, test } from "vitest";
import { refsSchema, worldSchema } from "../../../src/world/content/manifest.ts";
import { lineOfKey, parseToml } from "../../../src/world/content/toml.ts";

describe("parseToml", () => {
  test("reads a manifest, with what it leaves out", () => {
    expect(parseToml("world.toml", 'name = "a-b"\ndate = 2026-11-20\nprovides = ["rust"]\n', worldSchema)).toEqual({
      ok: true,
      value: {
        name: "a-b",
        date: "2026-11-20",
        provides: ["rust"],
        announce: [],
        host: { tools: [], sandbox_paths: [] },
        answer: [],
      },
    });
  });

  test("takes a time as whole seconds or with its offset", () => {
    const read = (time: string): unknown => parseToml("refs.toml", `[rev.x]\nlast-modified = ${time}\n`, refsSchema);
    expect(read("1762000000")).toEqual({ ok: true, value: { rev: { x: { "last-modified": 1_762_000_000 } } } });
    expect(read("2025-11-01T13:26:40+01:00")).toEqual({ ok: true, value: { rev: { x: { "last-modified": 1_762_000_000 } } } });
    expect(read("2025-11-01T12:26:40")).toMatchObject({ ok: false, problems: [{ line: 2 }] });
  });

  test("names the place of a syntax error", () => {
    expect(parseToml("world.toml", 'name = "x"\ndate = \n', worldSchema)).toMatchObject({
      ok: false,
      problems: [{ file: "world.toml", line: 2, column: 8, next: "mend the syntax" }],
    });
  });

  test("names the line of every unknown key and wrong value", () => {
    const text =
      'name = "Has Blanks"\ndate = 2026-11-20\ncolour = 1\n[host]\ntool = ["rustc"]\n[[answer]]\nhost = "a"\npath = "/"\nstatus = 403\n[[answer]]\nhost = "b"\npath = "no-slash"\nstatus = 99\n';
    const parsed = parseToml("world.toml", text, worldSchema);
    expect(parsed.ok ? [] : parsed.problems.map(({ line, message }) => [line, message])).toEqual([
      [1, "`name`: expected 1 to 40 of a-z, 0-9 and -"],
      [5, "unknown key `host.tool`"],
      [12, expect.stringContaining("`answer.1.path`")],
      [13, expect.stringContaining("`answer.1.status`")],
      [3, "unknown key `colour`"],
    ]);
  });
});

test("lineOfKey finds quoted keys, dotted keys and tables", () => {
  const text = 'a.b = 1\n[refs]\n"release/1.0" = "x"\nmain = "y"\n[rev."0000"]\n# a comment = 1\nlast-modified = 1\n';
  expect(lineOfKey(text, ["a", "b"])).toBe(1);
  expect(lineOfKey(text, ["refs", "release/1.0"])).toBe(3);
  expect(lineOfKey(text, ["refs", "main"])).toBe(4);
  expect(lineOfKey(text, ["rev", "0000"])).toBe(5);
  expect(lineOfKey(text, ["rev", "0000", "last-modified"])).toBe(7);
  expect(lineOfKey(text, ["nowhere"])).toBe(1);
});
