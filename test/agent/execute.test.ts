import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type Executed, execute, type Workbench } from "../../src/agent/execute.ts";
import { defineTool, type Tool, type ToolNote, type ToolResult } from "../../src/agent/tool.ts";

const saying = (result: ToolResult): Tool =>
  defineTool({ name: "say", about: "Says.", args: z.strictObject({}), writes: false, run: async () => result });

async function run(bench: Workbench, signal = new AbortController().signal): Promise<{ notes: ToolNote[]; result: Executed }> {
  const running = execute({ id: "c1", tool: "say", arguments: "{}" }, bench, signal, false);
  const notes: ToolNote[] = [];
  let step = await running.next();
  for (; !step.done; step = await running.next()) notes.push(step.value);
  return { notes, result: step.value };
}

describe("execute", () => {
  it("passes details and outcome on and makes the text plain and clean", async () => {
    const tool = saying({
      text: "\u001b[31merror\u001b[0m at /home/me/repo/flake.nix\r\n",
      details: { n: 1 },
      isError: true,
      outcome: { kind: "done" },
    });
    const { result } = await run({ tools: [tool], clean: (text) => text.replaceAll("/home/me/repo/", "") });
    expect(result).toEqual({ text: "error at flake.nix\n", isError: true, details: { n: 1 }, outcome: { kind: "done" } });
  });

  it("clips a long text and says where the whole is", async () => {
    const kept: Record<string, string> = {};
    const keep = (name: string, text: string): string => {
      kept[name] = text;
      return `.crq/${name}.txt (read_file)`;
    };
    const text = `begin\n${"middle\n".repeat(100)}end`;
    const { result } = await run({ tools: [saying({ text })], keep, clip: { head: 10, tail: 10, error: 10 } });
    expect(result.text).toBe(
      "begin\n[… 694 characters left out …]\nmiddle\nend\n[709 characters in all. The whole output: .crq/say-c1.txt (read_file)]",
    );
    expect(kept).toEqual({ "say-c1": text });
  });

  it("takes no path from a provider", async () => {
    const names: string[] = [];
    const bench = {
      tools: [saying({ text: "x\n".repeat(100) })],
      clip: { head: 10, tail: 10, error: 10 },
      keep: (name: string) => void names.push(name),
    };
    const running = execute({ id: "../../etc/x y", tool: "say", arguments: "{}" }, bench, new AbortController().signal, false);
    await running.next();
    expect(names).toEqual(["say-______etc_x_y"]);
  });

  it("admits it when the whole was not kept", async () => {
    const { result } = await run({ tools: [saying({ text: "x\n".repeat(100) })], clip: { head: 10, tail: 10, error: 10 } });
    expect(result.text).toMatch(/\[200 characters in all\. The rest was not kept: ask for a smaller part\.\]$/u);
  });

  it("hands notes on while the tool still runs", async () => {
    const release = Promise.withResolvers<void>();
    const tool = defineTool({
      name: "say",
      about: "Notes, then waits.",
      args: z.strictObject({}),
      writes: false,
      run: async (_, { note }) => {
        note({ note: "progress", text: "building" });
        note({ note: "progress", text: "still building" });
        await release.promise;
        note({ note: "progress", text: "built" });
        return { text: "ok" };
      },
    });
    const running = execute({ id: "c1", tool: "say", arguments: "{}" }, { tools: [tool] }, new AbortController().signal, false);
    expect((await running.next()).value).toEqual({ note: "progress", text: "building" });
    expect((await running.next()).value).toEqual({ note: "progress", text: "still building" });
    release.resolve();
    expect((await running.next()).value).toEqual({ note: "progress", text: "built" });
    expect(await running.next()).toEqual({ done: true, value: { text: "ok", isError: false } });
  });

  it("leaves a tool behind that does not stop after an abort", async () => {
    const controller = new AbortController();
    const tool = defineTool({
      name: "say",
      about: "Never ends.",
      args: z.strictObject({}),
      writes: true,
      run: () => {
        controller.abort();
        return new Promise<ToolResult>(() => {});
      },
    });
    // The abort comes from inside run, before the listener can miss it.
    const { result } = await run({ tools: [tool], graceMs: 10 }, controller.signal);
    expect(result).toEqual({
      text: "say was stopped before it ended; what it had done so far may or may not stand.",
      isError: true,
    });
  });

  it("does not begin after an abort", async () => {
    const { result } = await run({ tools: [saying({ text: "ran" })] }, AbortSignal.abort());
    expect(result.isError).toBe(true);
  });

  it("gives the tool its arguments once, so that schemas with transforms work", async () => {
    const tool = defineTool({
      name: "say",
      about: "Takes a list as text.",
      args: z.strictObject({ names: z.string().transform((text) => text.split(",")) }),
      writes: false,
      run: async ({ names }) => ({ text: names.join("+") }),
    });
    const running = execute(
      { id: "c", tool: "say", arguments: '{"names":"a,b"}' },
      { tools: [tool] },
      new AbortController().signal,
      false,
    );
    expect(await running.next()).toEqual({ done: true, value: { text: "a+b", isError: false } });
  });
});
