import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { loadContent } from "../../../src/world/content/content.ts";
import type { Answer, MirrorRequest } from "../../../src/world/mirror/answer.ts";
import { GitService } from "../../../src/world/mirror/git-service.ts";
import { startMirror } from "../../../src/world/mirror/mirror.ts";
import { routes } from "../../../src/world/mirror/routes.ts";
import { temporaryFolder } from "../tree.ts";

/** The internet of a test: a world's mirror, reached as a person reaches the internet, through a proxy and a certificate file. */
export interface StandIn {
  /** A person's environment. */
  readonly person: Readonly<Record<string, string>>;
  readonly asked: readonly MirrorRequest[];
  urls(): string[];
  /** From now on nothing answers. */
  close(): Promise<void>;
}

export async function standIn(
  directory: string,
  more: (request: MirrorRequest) => Answer | undefined = () => undefined,
): Promise<StandIn> {
  const { content, problems } = await loadContent(directory);
  if (!content) throw new Error(JSON.stringify(problems));
  const folder = await temporaryFolder();
  const respond = routes(content, new GitService(join(folder, "git"), "git"));
  const asked: MirrorRequest[] = [];
  const mirror = await startMirror(async (request) => {
    asked.push(request);
    return more(request) ?? respond(request);
  });
  let open = true;
  const close = async (): Promise<void> => {
    if (open) await mirror.close();
    open = false;
  };
  onTestFinished(close);
  const authority = join(folder, "ca.pem");
  await writeFile(authority, mirror.authority);
  return {
    person: { https_proxy: mirror.proxy, http_proxy: mirror.proxy, NIX_SSL_CERT_FILE: authority },
    asked,
    urls: () => asked.map(({ url }) => url.href),
    close,
  };
}
