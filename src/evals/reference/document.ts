import type { DraftFrame } from "../../tools/contract.ts";

/**
 * The document of a task as this trial would have it: number, day, author, base commit and systems come from the frame, which no file of a
 * task can know. Only the metadata block and the number are touched.
 */
export function framedDocument(markdown: string, { id, created, author, base, systems }: DraftFrame): string {
  const block = /```toml crq\n[\s\S]*?\n```/u.exec(markdown)?.[0];
  if (block === undefined) return markdown;
  const own = /^id = "([^"]+)"/mu.exec(block)?.[1];
  const metadata = block
    .replace(/^created = .*$/mu, () => `created = ${created}`)
    .replace(/^authors = .*$/mu, () => `authors = [${JSON.stringify(author)}]`)
    .replace(/\bbase = "[^"]*"/u, () => `base = ${JSON.stringify(base)}`)
    .replace(/\bsystems = \[[^\]]*\]/u, () => `systems = ${JSON.stringify(systems)}`);
  const text = markdown.replace(block, () => metadata);
  return own === undefined ? text : text.replaceAll(own, () => id);
}
