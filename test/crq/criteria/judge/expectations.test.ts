import { describe, expect, test } from "vitest";
import { excerpt, unmetExpectations, unmetText, vacuousExpectation } from "../../../../src/crq/criteria/judge/expectations.ts";

const noFile = async (): Promise<undefined> => undefined;

describe("text", () => {
  test("equals ignores one final line break", () => {
    expect([unmetText("stdout", { equals: "hello" }, "hello\n"), unmetText("stdout", { equals: "hello\n" }, "hello")]).toEqual([
      [],
      [],
    ]);
    expect(unmetText("stdout", { equals: "hello" }, "hello\n\n")).toEqual(['stdout is "hello\\n\\n" instead of "hello"']);
  });

  test("a pattern matches any line, in Unicode", () => {
    expect(unmetText("stdout", { regex: "^grüße \\p{L}+$" }, "start\ngrüße welt\n")).toEqual([]);
    expect(unmetText("stdout", { regex: "^greet" }, "hello greet")).toEqual(['stdout does not match /^greet/: "hello greet"']);
  });

  test("all parts must hold", () => {
    expect(unmetText("stderr", { equals: "a", contains: "b", regex: "c" }, "x")).toEqual([
      'stderr is "x" instead of "a"',
      'stderr does not contain "b": "x"',
      'stderr does not match /c/: "x"',
    ]);
  });
});

describe("a run", () => {
  test("meets its expectations", async () => {
    expect(
      await unmetExpectations({ exit: 2, stderr: { contains: "usage" } }, { exit: 2, stdout: "", stderr: "usage: x" }, noFile),
    ).toEqual([]);
  });

  test("lacks an exit code, a text and a file", async () => {
    const missing = async (path: string): Promise<string | undefined> =>
      path === "out.txt" ? "the program left no file out.txt" : undefined;
    expect(
      await unmetExpectations(
        { exit: 0, stdout: { contains: "done" }, files: ["out.txt", "log.txt"] },
        { exit: 3, stdout: "", stderr: "first\nboom\n" },
        missing,
      ),
    ).toEqual(['exit code 3 instead of 0 ("boom")', 'stdout does not contain "done": ""', "the program left no file out.txt"]);
  });
});

describe("an expectation proves nothing", () => {
  test.each([
    ["exit 0 alone", { exit: 0 }, "nothing is expected beyond exit code 0"],
    ["an empty table", { exit: 0, stdout: {} }, "nothing is expected beyond exit code 0"],
    [
      "a pattern that the empty string meets",
      { exit: 0, stdout: { regex: ".*" } },
      "a program that prints nothing meets the expectation",
    ],
    ["an empty text", { exit: 0, stderr: { equals: "" } }, "a program that prints nothing meets the expectation"],
  ])("%s", (_, expected, reason) => {
    expect(vacuousExpectation(expected)).toBe(reason);
  });

  test.each([
    ["a text", { exit: 0, stdout: { contains: "a" } }],
    ["one real text beside an empty one", { exit: 0, stdout: { contains: "a" }, stderr: { equals: "" } }],
    ["another exit code", { exit: 2 }],
    ["a file", { exit: 0, files: ["out.txt"] }],
  ])("but not %s", (_, expected) => {
    expect(vacuousExpectation(expected)).toBeUndefined();
  });
});

test("an excerpt is one line of at most 120 characters", () => {
  expect(excerpt("a\nb")).toBe('"a\\nb"');
  expect(excerpt("x".repeat(500)).length).toBeLessThanOrEqual(120);
});
