import { mkdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { GIT_ENVIRONMENT } from "../../system/git.ts";
import { execute } from "../../system/process.ts";
import type { GitSource } from "../content/git-sources.ts";

/** Git that is missing or failed while it made a repository out of the world. */
export class BareRepositoryError extends Error {
  override readonly name = "BareRepositoryError";
}

/**
 * Makes the bare repository of one source in `directory` and gives the commit that its default branch names. One tree becomes one commit
 * with a fixed author and date, so its id depends on the content, the default branch's time and nothing else.
 */
export async function makeBareRepository(source: GitSource, directory: string, git: string): Promise<string> {
  await mkdir(directory, { recursive: true });
  const run = async (args: readonly string[], stdin?: Buffer): Promise<string> => {
    const finished = await execute({
      argv: [git, ...args],
      cwd: directory,
      env: GIT_ENVIRONMENT,
      timeoutMs: 120_000,
      ...(stdin && { stdin }),
    });
    if (finished.exit === 0) return finished.stdout.trim();
    throw new BareRepositoryError(`git ${args[0]} failed in ${directory}: ${finished.problem ?? finished.stderr.trim()}`);
  };
  const branch = source.kind === "tree" ? source.facts.default : "main";
  await run(["init", "--quiet", "--bare", `--initial-branch=${branch}`]);
  // As the public hosts do: a lock names a commit, and the client asks for just that.
  await run(["config", "uploadpack.allowAnySHA1InWant", "true"]);
  if (source.kind === "tree") {
    await run(["fast-import", "--quiet", "--done"], await importStream(source));
  } else {
    await run(["fetch", "--quiet", source.file, "+refs/*:refs/*"]);
    const head = (await run(["bundle", "list-heads", source.file])).split("\n").find((line) => line.endsWith(" HEAD"));
    const named = await run(["for-each-ref", "--format=%(objectname) %(refname)", "refs/heads"]);
    const target = named.split("\n").find((line) => head?.startsWith(line.slice(0, 40)));
    if (target) await run(["symbolic-ref", "HEAD", target.slice(41)]);
  }
  return run(["rev-parse", "HEAD"]);
}

const AUTHOR = "crq-agent world <world@crq-agent.invalid>";

/** Input of git fast-import (its manual, "Input Format"): the bytes of the tree as they are, whatever .gitattributes would make of them. */
async function importStream(source: Extract<GitSource, { kind: "tree" }>): Promise<Buffer> {
  const { facts } = source;
  const when = `${AUTHOR} ${facts["last-modified"]} +0000`;
  const parts: Buffer[] = [
    Buffer.from(`commit refs/heads/${facts.default}\nmark :1\nauthor ${when}\ncommitter ${when}\n`),
    data(Buffer.from("World\n")),
  ];
  for (const leaf of source.leaves) {
    const file = join(source.directory, leaf.path);
    const content = leaf.mode === "120000" ? Buffer.from(await readlink(file)) : await readFile(file);
    parts.push(Buffer.from(`M ${leaf.mode} inline ${quoted(leaf.path)}\n`), data(content));
  }
  for (const tag of facts.tags) parts.push(Buffer.from(`reset refs/tags/${tag}\nfrom :1\n\n`));
  parts.push(Buffer.from("done\n"));
  return Buffer.concat(parts);
}

const data = (content: Buffer): Buffer => Buffer.concat([Buffer.from(`data ${content.length}\n`), content, Buffer.from("\n")]);

const quoted = (path: string): string => `"${path.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
