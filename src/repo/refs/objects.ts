import { tryGit } from "../../system/git.ts";

/** Reads many objects of a repository in one git process, never over a network: a partial clone's missing objects stay missing. */

export interface GitObject {
  /** Place of the name in what was asked for. */
  readonly index: number;
  readonly id: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/**
 * Runs git so that it asks no remote, also where a partial clone lacks an object. All of stdout goes to `onStdout`, or is given back as
 * text whatever its length; undefined where git did not end well.
 */
export async function gitOffline(
  args: readonly string[],
  options: { readonly cwd: string; readonly stdin?: string; readonly onStdout?: (chunk: Buffer) => void },
): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  const finished = await tryGit(["-c", "protocol.allow=never", ...args], {
    onStdout: (chunk) => chunks.push(chunk),
    ...options,
    // Git before 2.45 does not know it; there the protocol is refused, which ends the process at the missing object.
    env: { GIT_NO_LAZY_FETCH: "1" },
    maxOutputBytes: 0,
  });
  return finished.exit === 0 ? Buffer.concat(chunks).toString("utf8") : undefined;
}

/**
 * Calls `take` with each object, in the order of the names; unknown names are left out. Only one object is in memory at a time.
 * @param names what `git rev-parse` understands: object ids, `ID^{tree}`, `REV:PATH`
 * @returns how many names came to nothing
 */
export async function readObjects(
  directory: string,
  names: readonly string[],
  take: (object: GitObject) => void,
): Promise<number> {
  if (names.length === 0) return 0;
  const splitter = new BatchSplitter(take);
  await gitOffline(["cat-file", "--batch", "--buffer"], {
    cwd: directory,
    stdin: names.map((name) => `${name}\n`).join(""),
    onStdout: (chunk) => splitter.push(chunk),
  });
  return names.length - splitter.found;
}

/** Sizes in bytes of the objects that are there, by id. */
export async function objectSizes(directory: string, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (ids.length === 0) return new Map();
  const chunks: Buffer[] = [];
  // What was printed before an object was missing still counts.
  await gitOffline(["cat-file", "--batch-check", "--buffer"], {
    cwd: directory,
    stdin: ids.map((id) => `${id}\n`).join(""),
    onStdout: (chunk) => chunks.push(chunk),
  });
  return new Map(
    Buffer.concat(chunks)
      .toString("utf8")
      .split("\n")
      .flatMap((line): [string, number][] => {
        const [id, , size] = line.split(" ");
        return id === undefined || size === undefined ? [] : [[id, Number(size)]];
      }),
  );
}

/** `git cat-file --batch`: `OID TYPE SIZE LF BYTES LF` for each object; `NAME missing LF` (or `ambiguous`) for one that is not there. */
class BatchSplitter {
  readonly #take: (object: GitObject) => void;
  #pending: Buffer[] = [];
  #length = 0;
  /** Bytes that must be there before it is worth looking again. */
  #needed = 1;
  #index = 0;
  found = 0;

  constructor(take: (object: GitObject) => void) {
    this.#take = take;
  }

  push(chunk: Buffer): void {
    this.#pending.push(chunk);
    this.#length += chunk.length;
    if (this.#length < this.#needed) return;
    let buffer = this.#pending.length === 1 ? chunk : Buffer.concat(this.#pending);
    for (;;) {
      const used = this.#next(buffer);
      if (used === 0) break;
      buffer = buffer.subarray(used);
    }
    this.#pending = [buffer];
    this.#length = buffer.length;
  }

  /** Bytes of the first whole record; 0: it is not complete. */
  #next(buffer: Buffer): number {
    const lineEnd = buffer.indexOf(0x0a);
    this.#needed = 1;
    if (lineEnd < 0) {
      this.#needed = buffer.length + 1;
      return 0;
    }
    const [id, type, size] = buffer.subarray(0, lineEnd).toString("utf8").split(" ");
    // A name may hold blanks; sizes are digits and the last word.
    if (id === undefined || type === undefined || size === undefined || !/^\d+$/.test(size)) {
      this.#index += 1;
      return lineEnd + 1;
    }
    const end = lineEnd + 1 + Number(size);
    if (buffer.length < end + 1) {
      this.#needed = end + 1;
      return 0;
    }
    this.#take({ index: this.#index, id, type, bytes: buffer.subarray(lineEnd + 1, end) });
    this.#index += 1;
    this.found += 1;
    return end + 1;
  }
}
