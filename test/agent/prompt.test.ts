import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fence, fill, PromptError } from "../../src/agent/prompt.ts";

describe("fill", () => {
  it("puts each slot in its place, as often as the template names it", () => {
    expect(fill("Dear {{name}}, {{ greeting }}! Yours, {{name}}", { name: "Ada", greeting: "good day" })).toBe(
      "Dear Ada, good day! Yours, Ada",
    );
  });

  it("does not look for marks inside what it puts in, nor for replacement patterns", () => {
    expect(fill("<{{a}}>", { a: "{{b}} $& $1" })).toBe("<{{b}} $& $1>");
  });

  it("refuses a missing slot and an unknown one, both named", () => {
    expect(() => fill("{{task}}", { tasks: "x" })).toThrow(
      new PromptError("no text was given for {{task}}; the template has no {{tasks}} (did you mean task?)"),
    );
  });

  it("does not take an inherited property for a slot", () => {
    expect(() => fill("{{constructor}}", {})).toThrow(PromptError);
  });
});

describe("fence", () => {
  it("names the origin and strips what a terminal would act on", () => {
    expect(fence("docs/a`b.md", "one\u001b[31m\r\ntwo\u0000\n")).toBe("```text from docs/a'b.md\none\ntwo\n```");
  });

  it("cannot be closed from inside, whatever the text holds", () => {
    const text = fc.array(fc.constantFrom("`", "```", "````", "\n", "x", "text from y")).map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, (inside) => {
        const lines = fence("f", inside).split("\n");
        const marks = /^`+/u.exec(lines[0] ?? "")?.[0] ?? "";
        const closing = lines.map((line, i) => (i > 0 && line.startsWith(marks) ? i : -1)).filter((i) => i > 0);
        expect(closing).toEqual([lines.length - 1]);
      }),
    );
  });
});
