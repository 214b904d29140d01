import { z } from "zod";
import type { SessionHeader } from "../../session/journal.ts";
import type { SessionView } from "./view.ts";

const withSource = z.object({ source: z.string() });
const submitted = z.object({ markdown: z.string() });

/** The document a session was about: the one it was given, else the last one that its drafter handed in. */
export function crqOf({ request }: SessionHeader, { turns }: SessionView): string | undefined {
  const given = withSource.safeParse(request).data?.source;
  if (given !== undefined) return given;
  const drafts = turns.flatMap(({ calls }) => calls.filter(({ call }) => call.tool === "submit_crq"));
  const taken = drafts.findLast(({ result }) => result?.isError === false) ?? drafts.at(-1);
  if (taken === undefined) return undefined;
  try {
    return submitted.safeParse(JSON.parse(taken.call.arguments)).data?.markdown;
  } catch {
    // A draft that was cut off; the timeline shows what came of it.
    return undefined;
  }
}
