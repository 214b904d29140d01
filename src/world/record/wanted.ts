import { sha256 } from "../content/listing.ts";
import type { LockedSource } from "./lock-sources.ts";
import { placeOf, withoutSecrets } from "./place.ts";
import type { NotStored, Recorder } from "./recorder.ts";

/** Asks for each of these; gives those that the folder does not hold then, and those whose bytes are not the locked ones. */
export async function recordWanted(recorder: Recorder, wanted: readonly LockedSource[]): Promise<NotStored[]> {
  const problems: NotStored[] = [];
  for (const source of wanted) {
    const problem = await record(recorder, source);
    if (problem !== undefined) problems.push({ url: withoutCredentials(source.url), why: problem });
  }
  return problems;
}

async function record(recorder: Recorder, { url: asked, sha256: locked }: LockedSource): Promise<string | undefined> {
  const url = askedUrl(asked);
  if (url === undefined) return "is no URL of the web (https://…, or git+https://… for a Git repository)";
  const place = placeOf("GET", url);
  if (place.kind === "nowhere") return place.why;
  const answer = await recorder.respond({ method: "GET", url, headers: {}, body: Buffer.alloc(0) });
  const missing = recorder.notStored().find((other) => other.url === url.href);
  if (missing) return missing.why;
  if (answer.status !== 200) return answer.body.toString("utf8").trim();
  if (locked === undefined) return undefined;
  const found = sha256(answer.body);
  return found === locked ? undefined : `the lock has the checksum ${locked}, and what came has ${found}`;
}

function askedUrl(text: string): URL | undefined {
  const isGit = text.startsWith("git+");
  const bare = isGit ? text.slice("git+".length) : text;
  if (!/^https?:\/\//i.test(bare) || !URL.canParse(bare)) return undefined;
  const url = new URL(bare);
  if (isGit) {
    url.pathname = `${url.pathname.replace(/\/$/, "")}/info/refs`;
    url.search = "?service=git-upload-pack";
  }
  url.hash = "";
  return url;
}

const withoutCredentials = (text: string): string => withoutSecrets(text.replace(/\/\/[^/@]*@/, "//…@"));

/** Of a flake reference: a key in it would be kept in flake.lock and in the world. */
export const namesUser = (reference: string): boolean => /^[a-z+]+:\/\/[^/?#]*@/i.test(reference);
