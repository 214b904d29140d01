import { byBytes } from "../content/listing.ts";
import type { Repository } from "../content/repositories.ts";

/** refs.toml of a recorded repository: sorted, so that the order of questions does not show. */
export function refsText({ refs, default: main }: Pick<Repository, "refs" | "default">): string {
  const lines = ["# What was not asked for while this was recorded is not known here.", "recorded = true"];
  // A TOML basic string takes JSON's escapes (https://toml.io/en/v1.0.0#string); Git refuses control characters in a ref.
  if (main !== "") lines.push(`default = ${JSON.stringify(main)}`);
  lines.push("[refs]");
  for (const ref of [...refs.keys()].sort(byBytes)) lines.push(`${JSON.stringify(ref)} = ${JSON.stringify(refs.get(ref))}`);
  return `${lines.join("\n")}\n`;
}
