import type { CliContext } from "./context.ts";

/** ISO date of now; SOURCE_DATE_EPOCH fixes it, so that equal inputs give equal bytes. */
export function today(context: CliContext): string {
  const epoch = Number(context.env.SOURCE_DATE_EPOCH);
  return new Date(Number.isFinite(epoch) && epoch > 0 ? epoch * 1000 : context.now()).toISOString().slice(0, 10);
}
