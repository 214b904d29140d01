import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { type Place, place } from "../program/place.ts";
import { environmentOf, noteRepository, serverArguments } from "./connection.ts";

/** A client that misbehaves, byte by byte. */

const answer = z.looseObject({ jsonrpc: z.literal("2.0"), id: z.union([z.string(), z.number()]).optional() });
type WireAnswer = z.infer<typeof answer>;

interface Wire {
  readonly child: ChildProcessWithoutNullStreams;
  readonly send: (...lines: readonly unknown[]) => void;
  /** The answer to a request. Fails when stdout holds a line that is no JSON-RPC message. */
  readonly answerTo: (id: string | number) => Promise<WireAnswer>;
  readonly ended: Promise<{ readonly exit: number | null; readonly stderr: string; readonly lines: readonly WireAnswer[] }>;
}

function wire(at: Place, repo: string): Wire {
  const child = spawn(process.execPath, serverArguments(repo, at.world), { cwd: at.folder, env: environmentOf(at) });
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines: WireAnswer[] = [];
  const waiting = new Map<string | number, (line: WireAnswer) => void>();
  let part = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    const whole = (part + text).split("\n");
    part = whole.pop() ?? "";
    for (const line of whole) {
      const message = answer.parse(JSON.parse(line));
      lines.push(message);
      if (message.id !== undefined) waiting.get(message.id)?.(message);
    }
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  // A server that ends closes the pipe under us.
  child.stdin.on("error", () => undefined);
  return {
    child,
    send: (...messages) =>
      void child.stdin.write(
        messages.map((message) => `${typeof message === "string" ? message : JSON.stringify(message)}\n`).join(""),
      ),
    answerTo: (id) =>
      new Promise((resolve) => {
        const there = lines.find((line) => line.id === id);
        if (there) resolve(there);
        else waiting.set(id, resolve);
      }),
    ended: new Promise((resolve) => child.once("close", (exit) => resolve({ exit, stderr, lines }))),
  };
}

const request = (id: string | number, method: string, params: unknown = {}): unknown => ({ jsonrpc: "2.0", id, method, params });
const tool = (id: string | number, name: string, args: unknown = {}): unknown =>
  request(id, "tools/call", { name, arguments: args });
const INITIALIZE = request("init", "initialize", {
  protocolVersion: "2025-06-18",
  capabilities: {},
  clientInfo: { name: "raw", version: "0" },
});

it("survives rubbish, calls before the handshake, floods and answers nobody asked for, and says nothing but JSON-RPC on stdout", async () => {
  const at = await place();
  const repo = await noteRepository(at, { approved: false });
  const { child, send, answerTo, ended } = wire(at, repo);

  child.stdin.write(Buffer.from([0x00, 0xff, 0xfe, 0x1b, 0x5b, 0x32, 0x4a, 0x0a, 0x0d, 0x0a]));
  send(
    "not json",
    '{"jsonrpc":"2.0"',
    "null",
    "[]",
    JSON.stringify([request(1, "ping")]),
    '{"jsonrpc":"1.0","id":1,"method":"ping"}',
    `${"[".repeat(50_000)}${"]".repeat(50_000)}`,
    { jsonrpc: "2.0", id: 77, result: {} },
    { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: "nobody" } },
  );
  send(tool("early", "open_change", { crq: "CRQ-001" }));
  expect(await answerTo("early")).toHaveProperty("result.isError", true);
  send(INITIALIZE, { jsonrpc: "2.0", method: "notifications/initialized" });
  expect(await answerTo("init")).toMatchObject({ result: { serverInfo: { name: "crq-agent" } } });

  send(
    request("m", "no/such/method"),
    request("t", "tools/call", { name: 5 }),
    request("u", "tools/call", { name: "x\u001b[2J".repeat(1000) }),
    tool("p", "propose_edit", { __proto__: null, edits: "x".repeat(2_100_000) }),
    request("r", "resources/read", { uri: "crq-agent://crqs/../../etc/passwd" }),
    request("c", "resources/list", { cursor: "-1" }),
  );
  expect(await answerTo("m")).toMatchObject({ error: { code: -32601 } });
  expect(await answerTo("t")).toHaveProperty("error");
  expect(JSON.stringify(await answerTo("u"))).toMatch(/There is no tool/u);
  expect(JSON.stringify(await answerTo("u"))).not.toContain("\\u001b");
  expect(await answerTo("p")).toMatchObject({
    result: { isError: true, content: [{ text: expect.stringMatching(/its arguments take \d+ characters/u) }] },
  });
  expect(await answerTo("r")).toHaveProperty("error");
  expect(await answerTo("c")).toHaveProperty("error");

  // Calls that come together wait for each other; more than a few are told to come again, and every one gets its one answer.
  const flood = Array.from({ length: 300 }, (_, i) => `f${i}`);
  send(tool("slow", "open_change", { crq: "CRQ-001" }), ...flood.map((id) => tool(id, "finish", { summary: "done" })));
  const texts = (await Promise.all(flood.map(answerTo))).map((line) => JSON.stringify(line));
  const told = (part: string): number => texts.filter((text) => text.includes(part)).length;
  const [done, refused] = [told("no session is open"), told("calls wait already")];
  expect({ all: done + refused, done: done >= 16, refused: refused > 0 }).toEqual({ all: 300, done: true, refused: true });
  send(request("last", "ping"));
  expect(await answerTo("last")).toMatchObject({ result: {} });

  child.stdin.end();
  const { exit, lines, stderr } = await ended;
  expect(exit, stderr).toBe(0);
  expect(lines.filter(({ id }) => id === "f7")).toHaveLength(1);
});

it("ends at a message that is longer than any sensible one, and says so on stderr", async () => {
  const at = await place();
  const repo = await noteRepository(at, { approved: false });
  const { send, answerTo, ended } = wire(at, repo);
  send(INITIALIZE);
  await answerTo("init");
  send("x".repeat(9 * 1024 * 1024));
  expect(await ended).toMatchObject({ exit: 0, stderr: expect.stringContaining("exceeded maximum size") });
});

it("ends at SIGTERM although its client stays", async () => {
  const at = await place();
  const repo = await noteRepository(at, { approved: false });
  const { child, send, answerTo, ended } = wire(at, repo);
  send(INITIALIZE);
  await answerTo("init");
  child.kill("SIGTERM");
  expect(await ended).toMatchObject({ exit: 0 });
});
