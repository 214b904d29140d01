import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compact } from "../../../src/agent/conversation/context.ts";
import type { Message } from "../../../src/agent/messages.ts";

const SIZES = { high: 1000, low: 400, keep: 2, long: 50 };
const result = (id: string, bytes: number): Message => ({
  role: "tool",
  callId: id,
  tool: "read_file",
  text: "x".repeat(bytes),
  isError: false,
});

describe("compact", () => {
  it("gives the messages back as they are below the threshold", () => {
    const messages = [result("a", 500), result("b", 500)];
    expect(compact(messages, SIZES)).toBe(messages);
  });

  it("cuts the oldest long results, keeps short and recent ones, and says how to get them again", () => {
    const messages = [result("a", 400), result("b", 20), result("c", 300), result("d", 200), result("e", 300)];
    const text = (bytes: number): string =>
      `(cut: ${bytes} bytes of an earlier read_file result; call read_file again with the same arguments if it is still needed)`;
    expect(compact(messages, SIZES)).toEqual([
      { ...messages[0], text: text(400) },
      messages[1],
      { ...messages[2], text: text(300) },
      messages[3],
      messages[4],
    ]);
  });

  const transcript = fc.array(
    fc.oneof(
      fc.nat({ max: 400 }).map((bytes) => result("i", bytes)),
      fc.constant<Message>({ role: "user", text: "go on" }),
    ),
    { maxLength: 60 },
  );

  it("never takes a decision back: what a shorter transcript cut stays cut, byte for byte", () => {
    fc.assert(
      fc.property(transcript, fc.nat(), (messages, at) => {
        const shorter = compact(messages.slice(0, at % (messages.length + 1)), SIZES);
        const longer = compact(messages, SIZES);
        for (const [i, message] of shorter.entries()) {
          if (message !== messages[i]) expect(longer[i]).toEqual(message);
        }
      }),
    );
  });

  it("changes the prefix only at the step that passes the threshold", () => {
    fc.assert(
      fc.property(transcript, (messages) => {
        let changes = 0;
        let grown = 0;
        for (let n = 1; n <= messages.length; n++) {
          const before = compact(messages.slice(0, n - 1), SIZES);
          const after = compact(messages.slice(0, n), SIZES).slice(0, n - 1);
          if (JSON.stringify(before) !== JSON.stringify(after)) changes += 1;
          const added = messages[n - 1];
          grown += added?.role === "tool" ? added.text.length : 0;
        }
        expect(changes).toBeLessThanOrEqual(Math.ceil(grown / 50));
      }),
      { numRuns: 30 },
    );
  });
});
