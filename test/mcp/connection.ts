import { join } from "node:path";
import { Readable } from "node:stream";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { onTestFinished } from "vitest";
import type { Place } from "../program/place.ts";
import { crqText, NOTE_PROJECT } from "../program/samples.ts";
import { PACKAGE_ROOT } from "../program/world.ts";

/** The official client on a real `crq-agent mcp` as a child process. */
export interface Connection {
  readonly client: Client;
  readonly transport: StdioClientTransport;
  /** What the server said on stderr so far. */
  readonly stderr: () => string;
  /** The text of a tool's answer, and whether it is an error. */
  call(tool: string, args?: Record<string, unknown>, options?: Parameters<Client["callTool"]>[1]): Promise<ToolAnswer>;
}

export interface ToolAnswer {
  readonly text: string;
  readonly isError: boolean;
  readonly data: unknown;
}

export const serverArguments = (repo: string, world: string, ...more: readonly string[]): string[] => [
  join(PACKAGE_ROOT, "src", "bin.ts"),
  "mcp",
  "--repo",
  repo,
  "--world",
  world,
  ...more,
];

export const environmentOf = (at: Place, more: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  ...Object.fromEntries(Object.entries(at.environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
  ...more,
});

export async function connect(
  at: Place,
  repo: string,
  options: {
    readonly name?: string;
    readonly more?: readonly string[];
    readonly environment?: Readonly<Record<string, string>>;
    readonly client?: ConstructorParameters<typeof Client>[1];
  } = {},
): Promise<Connection> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: serverArguments(repo, at.world, ...(options.more ?? [])),
    cwd: at.folder,
    env: environmentOf(at, options.environment),
    stderr: "pipe",
  });
  let stderr = "";
  if (transport.stderr instanceof Readable)
    transport.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
  const client = new Client({ name: options.name ?? "test client", version: "1.0.0" }, options.client);
  await client.connect(transport);
  onTestFinished(() => client.close());
  return {
    client,
    transport,
    stderr: () => stderr,
    async call(tool, args = {}, how = {}) {
      const result = await client.callTool({ name: tool, arguments: args }, { timeout: 280_000, ...how });
      const text = result.content.map((block) => (block.type === "text" ? block.text : block.type)).join("\n");
      return { text, isError: result.isError === true, data: result.structuredContent };
    },
  };
}

/** The note's repository with a CRQ that a person approved (or nobody yet). */
export async function noteRepository(
  at: Place,
  options: { readonly approved: boolean; readonly criteria?: string },
): Promise<string> {
  const text = crqText(options.criteria === undefined ? {} : { criteria: options.criteria });
  const repo = await at.repository({ ...NOTE_PROJECT, "crqs/CRQ-001-say-welcome.md": text });
  if (options.approved) {
    const { exit, stderr } = await at.run(["approve", "CRQ-001", "--yes", "--repo", repo]);
    if (exit !== 0) throw new Error(`approve: exit ${exit}\n${stderr}`);
  }
  return repo;
}
