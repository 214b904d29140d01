import fc from "fast-check";
import { expect, test } from "vitest";
import { cutMiddle, logText } from "../../../../src/crq/criteria/check/log.ts";
import { failed } from "../../../../src/crq/criteria/check/result.ts";

test("a log begins with what the report says, then diagnoses, then the output without control bytes", () => {
  const result = failed(
    "build",
    "build",
    "nix build .#x failed: boom",
    { candidates: 1, checked: 1 },
    {
      argv: ["nix", "build", ".#x"],
      exit: 1,
      warnings: ["old name"],
      diagnoses: [
        { kind: "unknown", stage: "build", message: "boom", excerpt: "line 1\nline 2", next: "Read the log.", fingerprint: "f" },
      ],
      log: "\u001b[1mcompiling\u001b[0m\r\nboom\n\n",
    },
  );
  expect(logText(result)).toBe(
    [
      "fail (build, tier build): nix build .#x failed: boom",
      'argv: ["nix","build",".#x"]',
      "exit: 1",
      "warning: old name",
      "",
      "unknown: boom",
      "line 1",
      "line 2",
      "next: Read the log.",
      "compiling",
      "boom",
      "",
    ].join("\n"),
  );
});

test("a long log keeps whole lines of its head and tail, and says how long it was", () => {
  const text = Array.from({ length: 100 }, (_, at) => `line ${String(at).padStart(2, "0")}`).join("\n");
  expect(cutMiddle(text, 20)).toBe("line 00\nline 01\n[… 768 of 799 characters left out …]\nline 98\nline 99");
  expect(cutMiddle(text, 400)).toBe(text);
});

test("what is kept is a beginning and an end of the log, and nothing short is cut", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("a", "b", "\n"), maxLength: 200 }),
      fc.integer({ min: 1, max: 60 }),
      (text, half) => {
        const cut = cutMiddle(text, half);
        if (text.length <= 2 * half) expect(cut).toBe(text);
        else {
          const [head = "", tail = ""] = cut.split(/\[… \d+ of \d+ characters left out …\]\n/);
          expect(text.startsWith(head) && text.endsWith(tail)).toBe(true);
          expect(head.length).toBeLessThanOrEqual(half + 1);
          expect(tail.length).toBeLessThanOrEqual(half);
          expect(cut).toContain(`[… ${text.length - head.length - tail.length} of ${text.length} characters left out …]`);
        }
      },
    ),
  );
});
