import { join } from "node:path";
import { GIT_ENVIRONMENT } from "../../system/git.ts";
import { execute } from "../../system/process.ts";
import type { GitSource } from "../content/git-sources.ts";
import type { Answer, MirrorRequest } from "./answer.ts";
import { makeBareRepository } from "./bare-repository.ts";

/** Git's smart HTTP protocol over the world's repositories, each made when it is first asked for. */
export class GitService {
  readonly #directory: string;
  readonly #git: string;
  readonly #made = new Map<string, Promise<string>>();

  /** @param directory private folder for the bare repositories */
  constructor(directory: string, git: string) {
    this.#directory = directory;
    this.#git = git;
  }

  async answer(key: string, source: GitSource, service: string, request: MirrorRequest): Promise<Answer> {
    const repository = await this.#repository(key, source);
    const chunks: Buffer[] = [];
    const finished = await execute({
      argv: [this.#git, "http-backend"],
      cwd: this.#directory,
      env: {
        ...GIT_ENVIRONMENT,
        GIT_PROJECT_ROOT: repository,
        GIT_HTTP_EXPORT_ALL: "1",
        PATH_INFO: service,
        REQUEST_METHOD: request.method,
        QUERY_STRING: request.url.search.slice(1),
        CONTENT_TYPE: request.headers["content-type"] ?? "",
        CONTENT_LENGTH: String(request.body.length),
        HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
        GIT_PROTOCOL: request.headers["git-protocol"] ?? "",
        REMOTE_ADDR: "127.0.0.1",
      },
      stdin: request.body,
      timeoutMs: 120_000,
      maxOutputBytes: 64 * 1024,
      onStdout: (chunk) => chunks.push(chunk),
    });
    if (finished.exit !== 0) {
      return { status: 500, headers: {}, body: Buffer.from(`git http-backend: ${finished.problem ?? finished.stderr}`) };
    }
    return fromCgi(Buffer.concat(chunks));
  }

  #repository(key: string, source: GitSource): Promise<string> {
    const known = this.#made.get(key);
    if (known) return known;
    const directory = join(this.#directory, String(this.#made.size));
    const made = makeBareRepository(source, directory, this.#git).then(() => directory);
    this.#made.set(key, made);
    return made;
  }
}

/** RFC 3875, 6: header lines, an empty line, the body; `Status` carries the code. */
export function fromCgi(output: Buffer): Answer {
  const end = output.indexOf("\r\n\r\n");
  const headers: Record<string, string> = {};
  for (const line of output.subarray(0, Math.max(0, end)).toString("latin1").split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const { status = "200", ...rest } = headers;
  return { status: Number.parseInt(status, 10), headers: rest, body: output.subarray(end < 0 ? 0 : end + 4) };
}
