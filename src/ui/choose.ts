import { shownText } from "./shown-text.ts";
import type { Choice } from "./ui.ts";

/** The terminal's own prompt for a choice, with arrow keys. Loaded when somebody is asked: no other verb has a use for it. */
export async function chooseOne<Value extends string>(
  streams: { readonly stdin: NodeJS.ReadStream; readonly stderr: NodeJS.WriteStream },
  message: string,
  choices: readonly Choice<Value>[],
): Promise<Value | undefined> {
  const { isCancel, select } = await import("@clack/prompts");
  const answer = await select<string>({
    message,
    input: streams.stdin,
    output: streams.stderr,
    options: choices.map(({ value, label, hint }) => ({
      value,
      label: shownText(label),
      ...(hint !== undefined && { hint: shownText(hint) }),
    })),
  });
  return isCancel(answer) ? undefined : choices.find(({ value }) => value === answer)?.value;
}
