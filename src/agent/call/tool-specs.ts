import { z } from "zod";
import type { ToolSpec } from "../messages.ts";
import type { Tool } from "../tool.ts";

/** The tools as a model sees them: JSON Schema draft 2020-12 of what may be sent (defaults are optional), in the order given, byte-stable. */
export function toolSpecs(tools: readonly Tool[]): readonly ToolSpec[] {
  return tools.map((tool) => {
    const { $schema: _, ...parameters } = z.toJSONSchema(tool.args, { io: "input" });
    return { name: tool.name, about: tool.about, parameters };
  });
}
