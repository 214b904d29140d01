import { z } from "zod";

/** A recorded run (internal-json) as the same Nix prints it for people, so that both readers meet one and the same failure. */

const eventSchema = z.object({
  action: z.string(),
  id: z.number().optional(),
  type: z.number().optional(),
  fields: z.array(z.unknown()).optional(),
  level: z.number().optional(),
  msg: z.string().optional(),
  raw_msg: z.string().optional(),
});

export interface Rendering {
  /** `quoted`: under the error, as without `-L`. `printed`: as it comes, under `-L`. */
  readonly logs: "quoted" | "printed";
  /** Colours, as on a terminal. */
  readonly colours: boolean;
}

const COLOUR = /\u001b\[[0-9;]*m/gu;

export function renderPlain(jsonl: string, { logs, colours }: Rendering): string {
  const out: string[] = [];
  const names = new Map<number, string>();
  const printed = new Map<string, string[]>();
  for (const line of jsonl.split("\n")) {
    if (!line.startsWith("@nix ")) {
      if (line !== "") out.push(line);
      continue;
    }
    const { action, id, type, fields, level, msg, raw_msg: raw } = eventSchema.parse(JSON.parse(line.slice(5)));
    const first = String(fields?.[0] ?? "");
    if (action === "start" && type === 105 && id !== undefined) {
      names.set(id, first);
      out.push(`building '${first}'...`);
    } else if (action === "result" && type === 101 && id !== undefined) {
      const drv = names.get(id) ?? "";
      printed.set(drv, [...(printed.get(drv) ?? []), first]);
      const name = (drv.split("/").at(-1) ?? "").slice(33).replace(/-[^A-Za-z].*$/u, "");
      if (logs === "printed") out.push(`\u001b[35m${name}> \u001b[0m${first}`);
    } else if (action === "msg" && msg !== undefined && level === 0 && raw !== undefined) {
      out.push(logs === "quoted" ? withTail(msg, printed) : msg);
    } else if (action === "msg" && msg !== undefined && level === 1) out.push(msg);
  }
  const text = `${out.join("\n")}\n`;
  return colours ? text : text.replace(COLOUR, "");
}

/** Nix quotes the end of the failed builder's log under its own words; each version in its own way. */
function withTail(message: string, printed: ReadonlyMap<string, readonly string[]>): string {
  const clean = message.replace(COLOUR, "");
  const drv = clean.match(/(?:builder for|Cannot build) '(\/nix\/store\/[^']+\.drv)/u)?.[1];
  const lines = drv === undefined ? [] : (printed.get(drv) ?? []);
  if (drv === undefined || lines.length === 0) return message;
  const recent = clean.includes("Cannot build");
  return [
    recent ? message : `${message};`,
    `       ${recent ? "Last" : "last"} ${lines.length} log lines:`,
    ...lines.map((line) => `       > ${line}`),
    "       For full logs, run:",
    `         nix log ${drv}`,
  ].join("\n");
}
