import { plainText } from "./plain-text.ts";
import { nearest } from "./text/nearest.ts";

/** A template and the slots it was given do not fit: a bug in a prompt file or in its caller, found at the first use. */
export class PromptError extends Error {
  override readonly name = "PromptError";
}

const SLOT = /\{\{\s*([a-z][a-z0-9_-]*)\s*\}\}/gu;

/**
 * Fills `{{slot}}` marks. Every mark needs a slot and every slot a mark. What a slot holds is put in as it is and never searched for marks
 * itself.
 * @throws PromptError naming the missing or unknown slots
 */
export function fill(template: string, slots: Readonly<Record<string, string>>): string {
  const marks = new Set([...template.matchAll(SLOT)].map((match) => match[1] ?? ""));
  const given = Object.keys(slots);
  const missing = [...marks].filter((mark) => !Object.hasOwn(slots, mark));
  const unknown = given.filter((slot) => !marks.has(slot));
  const faults = [
    ...missing.map((mark) => `no text was given for {{${mark}}}`),
    ...unknown.map((slot) => {
      const near = nearest(slot, [...marks]);
      return `the template has no {{${slot}}}${near.length > 0 ? ` (did you mean ${near.join(" or ")}?)` : ""}`;
    }),
  ];
  if (faults.length > 0) throw new PromptError(faults.join("; "));
  return template.replaceAll(SLOT, (_, mark: string) => slots[mark] ?? "");
}

/**
 * Untrusted text between fences that name its origin. The fence is longer than any run of backticks inside, so the text cannot close it;
 * control bytes are stripped.
 * @param origin where the text is from, such as `README.md`; kept on one line
 */
export function fence(origin: string, text: string): string {
  const body = plainText(text).replace(/\n$/u, "");
  const longest = [...body.matchAll(/`+/gu)].reduce((most, run) => Math.max(most, run[0].length), 0);
  const marks = "`".repeat(Math.max(3, longest + 1));
  const name = plainText(origin).replaceAll(/\s+/gu, " ").replaceAll("`", "'").trim();
  return `${marks}text from ${name}\n${body}\n${marks}`;
}
