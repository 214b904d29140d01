import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EventReader, type NixEvents } from "../../src/nix/events.ts";
import { KEPT } from "../../src/nix/logs/kept-log.ts";

const DRV = "/nix/store/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-app-1.0.drv";
const event = (value: object): string => `@nix ${JSON.stringify(value)}\n`;
// Nix's JSON has its keys sorted.
const start = (id: number | bigint, drv: string): string =>
  `@nix {"action":"start","fields":[${JSON.stringify(drv)},"",1,1],"id":${id},"level":3,"parent":0,"text":"building '${drv}'","type":105}\n`;
const line = (id: number | bigint, text: string): string =>
  `@nix {"action":"result","fields":[${JSON.stringify(text)}],"id":${id},"type":101}\n`;
const stop = (id: number | bigint): string => `@nix {"action":"stop","id":${id}}\n`;

function read(text: string | Buffer, chunk = 65_536, onProgress?: (line: string) => void): NixEvents {
  const reader = new EventReader(onProgress);
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += chunk) reader.write(bytes.subarray(at, at + chunk));
  return reader.end();
}

const summary = (events: NixEvents): unknown =>
  events.derivations.map(({ drv, lines, total, phase, running }) => ({
    drv,
    text: lines.map(({ text }) => text),
    total,
    phase,
    running,
  }));

describe("builds", () => {
  test("log lines are joined to their derivation by id, also ids beyond 2^53", () => {
    const [one, two] = [18_014_398_509_481_984n, 18_014_398_509_481_985n];
    const text = [
      start(one, DRV),
      start(two, DRV.replace("app", "lib")),
      line(one, "a"),
      `@nix {"action":"result","fields":["buildPhase"],"id":${one},"type":104}\n`,
      line(two, "b"),
      line(one, 'quote " backslash \\ tab\t \u001b[31;1mred\u001b[0m é \u{1f600}'),
      stop(two),
      line(99, "nobody's"),
    ].join("");
    expect(summary(read(text))).toEqual([
      { drv: DRV, text: ["a", 'quote " backslash \\ tab\t red é \u{1f600}'], total: 2, phase: "buildPhase", running: true },
      { drv: DRV.replace("app", "lib"), text: ["b"], total: 1, phase: undefined, running: false },
    ]);
  });

  test("events in another spelling than Nix's are passed over", () => {
    const text = `${start(1, DRV)}@nix {"action":"result","id":1,"fields":["a"],"type":101}\n@nix { "action": "result" }\n${line(1, "b")}`;
    expect(summary(read(text))).toMatchObject([{ text: ["b"] }]);
  });

  test("of an endless log head, tail and what looks like an error stay", () => {
    const lines = Array.from({ length: 5_000 }, (_, i) => (i === 2_500 ? "error: pkg-config could not be found" : `line ${i}`));
    const [build] = read(start(1, DRV) + lines.map((text) => line(1, text)).join("")).derivations;
    const numbers = build?.lines.map(({ number }) => number) ?? [];
    expect({
      total: build?.total,
      first: numbers[0],
      last: numbers.at(-1),
      kept: numbers.length,
      sorted: numbers.every((n, i) => i === 0 || n > (numbers[i - 1] ?? 0)),
    }).toEqual({
      total: 5_000,
      first: 1,
      last: 5_000,
      kept: KEPT.head + KEPT.tail + 1 + KEPT.after,
      sorted: true,
    });
    expect(build?.lines.find(({ number }) => number === 2_501)?.text).toBe("error: pkg-config could not be found");
  });

  test("old builds are forgotten, running ones are not", () => {
    const text = [
      start(0, DRV),
      ...Array.from({ length: 500 }, (_, i) => start(i + 1, `${DRV}${i}`) + line(i + 1, "x") + stop(i + 1)),
    ].join("");
    const drvs = read(text).derivations.map(({ drv }) => drv);
    expect({ count: drvs.length, first: drvs[0], last: drvs.at(-1) }).toEqual({ count: 65, first: DRV, last: `${DRV}499` });
  });
});

describe("messages", () => {
  test("errors with their place, warnings once, traces apart, chatter not at all", () => {
    const text = [
      event({ action: "msg", level: 4, msg: "evaluating file '/nix/store/bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb-source/flake.nix'" }),
      event({ action: "msg", level: 1, msg: "\u001b[35;1mwarning:\u001b[0m careful" }),
      event({ action: "msg", level: 1, msg: "\u001b[35;1mwarning:\u001b[0m careful" }),
      event({ action: "msg", level: 0, msg: "trace: seen" }),
      event({
        action: "msg",
        column: 3,
        file: "/x/flake.nix:2:3",
        level: 0,
        line: 2,
        msg: "\u001b[31;1merror:\u001b[0m undefined variable 'x'\n       at /x/flake.nix:2:3:",
        raw_msg: "undefined variable '\u001b[35;1mx\u001b[0m'",
      }),
      "plain line\n",
      "@nix not json\n",
    ].join("");
    expect(read(text)).toEqual({
      started: true,
      messages: [
        {
          level: 0,
          text: "error: undefined variable 'x'\n       at /x/flake.nix:2:3:",
          summary: "undefined variable 'x'",
          position: { file: "/x/flake.nix", line: 2, column: 3 },
        },
      ],
      warnings: ["careful"],
      derivations: [],
      notices: "trace: seen\n",
      plain: "plain line\n@nix not json\n",
      flakeSource: "/nix/store/bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb-source",
    });
  });

  test("what was being fetched at the end", () => {
    const transfer = (id: number, url: string): string =>
      `@nix {"action":"start","fields":["${url}"],"id":${id},"level":4,"parent":0,"text":"downloading '${url}'","type":101}\n`;
    expect(read(transfer(1, "https://a.example/") + transfer(2, "https://b.example/") + stop(2)).fetching).toBe(
      "https://a.example/",
    );
  });
});

test("progress is the newest thing, once a chunk, clean and on one line", () => {
  const seen: string[] = [];
  const reader = new EventReader((text) => seen.push(text));
  reader.write(Buffer.from(start(1, DRV)));
  reader.write(Buffer.from(line(1, "one") + line(1, "\u001b[2Ktwo\r\n")));
  reader.write(Buffer.from(`@nix {"action":"result","fields":["checkPhase"],"id":1,"type":104}\n${line(1, "three")}`));
  expect(seen).toEqual(["building app-1.0", "app-1.0: two", "app-1.0 (checkPhase): three"]);
});

const anyLine = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }).map((text) => `${text.replaceAll("\n", "")}\n`),
  fc.string({ maxLength: 60 }).map((text) => line(1, text)),
  fc.constantFrom(
    start(1, DRV),
    stop(1),
    start(2, `${DRV}2`),
    "@nix {\n",
    '@nix {"action":"result"\n',
    '@nix {"action":"result","fields":["x"],"id":,"type":101}\n',
    "\n",
    "@nix {}\n",
  ),
);

test("chunks may be cut anywhere: the answer is the same", () => {
  fc.assert(
    fc.property(
      fc.array(anyLine, { maxLength: 20 }).map((lines) => lines.join("")),
      fc.integer({ min: 1, max: 40 }),
      (text, chunk) => {
        expect(read(text, chunk)).toEqual(read(text));
      },
    ),
  );
});

test("every log line comes out as it was printed", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.string({ unit: "grapheme", maxLength: 80 }).filter((text) => !/[\u0000-\u001f\u007f-\u009f]/u.test(text)),
        { maxLength: KEPT.head },
      ),
      (lines) => {
        const [build] = read(start(7, DRV) + lines.map((text) => line(7, text)).join("")).derivations;
        expect(build?.lines.map(({ text }) => text)).toEqual(lines);
      },
    ),
  );
});

test("a line without end does not fill the memory", () => {
  const reader = new EventReader();
  const chunk = Buffer.alloc(1024 * 1024, "x");
  for (let i = 0; i < 64; i++) reader.write(chunk);
  reader.write(Buffer.from(`\n${start(1, DRV)}${line(1, "y".repeat(100_000))}`));
  const events = reader.end();
  expect({ plain: events.plain.length, line: events.derivations[0]?.lines[0]?.text.length }).toEqual({
    plain: 4_097,
    line: KEPT.width,
  });
});
