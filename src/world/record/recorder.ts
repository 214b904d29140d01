import { mkdir, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import pLimit from "p-limit";
import { z } from "zod";
import { isCacheLookup } from "../binary-caches.ts";
import type { WorldContent } from "../content/content.ts";
import { CrateError, cratePackage } from "../content/crate-package.ts";
import { type Answer, type MirrorRequest, text } from "../mirror/answer.ts";
import type { GitService } from "../mirror/git-service.ts";
import { type Respond, routes } from "../mirror/routes.ts";
import { GrowingFolder } from "./folder.ts";
import { filePlace, type Place, placeOf, withoutSecrets } from "./place.ts";
import { bundleRepository, defaultBranch, type GitUpstream } from "./upstream/git-bundle.ts";
import type { Got, Upstream } from "./upstream/internet.ts";
import type { RecordLimits } from "./upstream/limits.ts";

/** Something that was asked for and is not in the folder. */
export interface NotStored {
  readonly url: string;
  readonly why: string;
}

export interface Recorder {
  /** For the mirror: answers from the folder; what is not there is asked upstream once, stored, and answered from the folder. */
  readonly respond: Respond;
  /** Paths below the folder, sorted. */
  stored(): readonly string[];
  /** What could not be stored, by URL. */
  notStored(): readonly NotStored[];
}

export interface RecorderOptions {
  readonly upstream: Upstream;
  /** Serves bundles that were recorded. */
  readonly service: GitService;
  readonly git: string;
  readonly limits: RecordLimits;
  /** Private folder for what is still on its way. */
  readonly scratch: string;
}

/** `stored`: the folder has it now. `passed`: this is the answer, and it is not kept. */
type Outcome = { readonly kind: "stored" } | { readonly kind: "passed"; readonly answer: Answer; readonly why: string };

const STORED: Outcome = { kind: "stored" };

export function createRecorder(content: WorldContent, options: RecorderOptions): Recorder {
  const folder = new GrowingFolder(content);
  const replay = routes(folder.content, options.service);
  const recording = new Recording(folder, options);
  return {
    respond: async (request) => {
      const place = placeOf(request.method, request.url);
      if (!mustBeAsked(place, folder.content)) {
        const answer = await replay(request);
        if (answer.status !== 404 || answer.onPurpose) return answer;
      }
      const outcome = await recording.once(place, request);
      return outcome.kind === "stored" ? replay(request) : outcome.answer;
    },
    stored: () => [...folder.stored].sort(),
    notStored: () => recording.notStored(),
  };
}

const REGISTRY = "channels.nixos.org/flake-registry.json";

/** Where a world makes an answer up from what it has (refs of a repository without its history, the registry), it must be the real one here. */
function mustBeAsked(place: Place, { git, files }: WorldContent): boolean {
  if (place.kind === "git") return !git.has(place.key);
  return place.kind === "file" && place.path === REGISTRY && !files.has(REGISTRY);
}

const commitSchema = z.looseObject({ sha: z.string().regex(/^[0-9a-f]{40}$/) });

class Recording {
  readonly #folder: GrowingFolder;
  readonly #options: RecorderOptions;
  readonly #known = new Map<string, Promise<Outcome>>();
  readonly #notStored = new Map<string, string>();
  /** Files of the folder are written one after the other: two answers may belong into one refs.toml. */
  readonly #writing = pLimit(1);
  #bytes = 0;

  constructor(folder: GrowingFolder, options: RecorderOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  notStored(): NotStored[] {
    return [...this.#notStored].map(([url, why]) => ({ url, why })).sort((a, b) => (a.url < b.url ? -1 : 1));
  }

  /** Two requests for one place, at the same time or later, are one question; only a failure that may pass is asked about again. */
  async once(place: Place, request: MirrorRequest): Promise<Outcome> {
    const shown = shownUrl(request.url);
    const outcome = await this.#shared(
      place.kind === "nowhere" ? `${request.method} ${request.url.href}` : JSON.stringify(place),
      () => this.#record(place, request.url),
    );
    if (outcome.kind === "stored") this.#notStored.delete(shown);
    else if (outcome.answer.status !== 404 || !isCacheLookup(request.url)) this.#notStored.set(shown, outcome.why);
    return outcome;
  }

  #shared(key: string, make: () => Promise<Outcome>): Promise<Outcome> {
    const known = this.#known.get(key);
    if (known) return known;
    const made = make();
    this.#known.set(key, made);
    const forget = (): boolean => this.#known.delete(key);
    made.then((outcome) => outcome.kind === "passed" && !isFinal(outcome.answer.status) && forget(), forget);
    return made;
  }

  #record(place: Place, url: URL): Promise<Outcome> {
    switch (place.kind) {
      case "git":
        return this.#bundle(place.key, place.url);
      case "commit":
        return this.#commit(place, url);
      case "archive":
        return this.#archive(place);
      case "crate":
        return this.#fetched(url, (file) => this.#crate(place, url, file));
      case "file":
        return this.#fetched(url, (file) => this.#file(place.path, file));
      case "nowhere":
        return Promise.resolve({ ...passed(403, `${shownUrl(url)} is not recorded: ${place.why}`), why: place.why });
    }
  }

  /** Asks upstream; what came is stored by `keep`, which says why it could not. */
  async #fetched(url: URL, keep: (file: string) => Promise<Outcome>): Promise<Outcome> {
    const { scratch, upstream } = this.#options;
    await mkdir(scratch, { recursive: true });
    const folder = await mkdtemp(join(scratch, "answer-"));
    const file = join(folder, "body");
    try {
      const got = await upstream.get(url, file);
      const failure = await failureOf(url, got, file);
      if (failure) return failure;
      const full = this.#takeRoom(got.kind === "answered" ? got.bytes : 0, url.href);
      if (full) return full;
      return await this.#writing(() => keep(file));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** What to answer where the whole recording would be larger than it may be; undefined: it is not yet. */
  #takeRoom(bytes: number, url: string): Outcome | undefined {
    const { totalBytes } = this.#options.limits;
    this.#bytes += bytes;
    return this.#bytes > totalBytes ? passed(507, `${url}: this recording has reached ${totalBytes} bytes`) : undefined;
  }

  async #file(path: string, file: string): Promise<Outcome> {
    const conflict = this.#folder.conflict(path);
    if (conflict !== undefined) return handedOn(file, conflict);
    await this.#folder.addFile(path, file);
    return STORED;
  }

  async #crate(place: Extract<Place, { kind: "crate" }>, url: URL, file: string): Promise<Outcome> {
    const bytes = await readFile(file);
    const { name, version } = place;
    try {
      await cratePackage({ name, version, source: { archive: file, sha256: "" } });
    } catch (error) {
      if (!(error instanceof CrateError)) throw error;
      // Something else that has the shape of a crate's address: kept as what it is, a file.
      const place = filePlace(url);
      return place.kind === "file" ? this.#file(place.path, file) : handedOn(file, error.message);
    }
    await this.#folder.addCrate({ name, version }, file, bytes);
    return STORED;
  }

  /** The public archive is kept, whichever of its three addresses was asked: the tree is the same, and a world has it once. */
  #archive({ owner, name, revision }: { owner: string; name: string; revision: string }): Promise<Outcome> {
    return this.#shared(`archive ${owner}/${name} ${revision}`.toLowerCase(), async () => {
      const known = this.#folder.repository(owner, name);
      if (known?.trees.has(revision)) return STORED;
      if (known && !known.recorded) return passed(404, byHand(owner, name));
      return this.#fetched(new URL(`https://github.com/${owner}/${name}/archive/${revision}.tar.gz`), async (file) => {
        await this.#folder.addArchive(owner, name, revision, file);
        return STORED;
      });
    });
  }

  /** A ref's revision, with its tree: a world never names a tree that it does not have. */
  async #commit({ owner, name, ref }: Extract<Place, { kind: "commit" }>, url: URL): Promise<Outcome> {
    const known = this.#folder.repository(owner, name);
    if (known && !known.recorded) return passed(404, byHand(owner, name));
    let revision: string | undefined;
    const asked = await this.#fetched(url, async (file) => {
      const answer = commitSchema.safeParse(parsedJson(await readFile(file, "utf8")));
      revision = answer.success ? answer.data.sha : undefined;
      return revision === undefined ? handedOn(file, "the answer names no revision") : STORED;
    });
    if (asked.kind === "passed" || revision === undefined) return asked;
    const found = revision;
    const tree = await this.#archive({ owner, name, revision: found });
    if (tree.kind === "passed" || ref === found) return tree;
    const { scratch } = this.#options;
    const main = ref === "HEAD" ? await defaultBranch(`https://github.com/${owner}/${name}`, scratch, this.#git()) : undefined;
    await this.#writing(() => this.#folder.addRef(owner, name, main ?? ref, found, ref === "HEAD" ? "default" : undefined));
    return STORED;
  }

  async #bundle(key: string, url: string): Promise<Outcome> {
    const { scratch } = this.#options;
    await mkdir(scratch, { recursive: true });
    const folder = await mkdtemp(join(scratch, "git-"));
    const file = join(folder, "recorded.bundle");
    try {
      const bundled = await bundleRepository(url, file, join(folder, "work"), this.#git());
      if (bundled.kind === "failed") return passed(502, `${url}: ${bundled.why}`);
      const full = this.#takeRoom((await stat(file)).size, url);
      if (full) return full;
      await this.#writing(() => this.#folder.addBundle(key, file));
      return STORED;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  #git(): GitUpstream {
    const { git, upstream, limits } = this.#options;
    return { git, variables: upstream.variables, limits };
  }
}

/** The server has said that there is nothing; anything else may be different the next time. */
const isFinal = (status: number): boolean => status === 404 || status === 410 || status === 422;

const passed = (status: number, why: string): Outcome => ({ kind: "passed", answer: text(`${why}\n`, status), why });

const byHand = (owner: string, name: string): string =>
  `github/${owner}/${name} was written by hand (its refs.toml does not say \`recorded = true\`) and is left as it is`;

async function handedOn(file: string, why: string): Promise<Outcome> {
  return {
    kind: "passed",
    answer: { status: 200, headers: { "content-type": "application/octet-stream" }, body: await readFile(file) },
    why,
  };
}

/** As much of an error's body as a client shows. */
const LARGEST_ERROR = 64 * 1024;

async function failureOf(url: URL, got: Got, file: string): Promise<Outcome | undefined> {
  if (got.kind === "failed") return passed(502, `${url.href}: ${got.why}`);
  if (got.status === 200) return undefined;
  const body = (await readFile(file)).subarray(0, LARGEST_ERROR);
  const status = got.status < 400 ? 502 : got.status;
  return {
    kind: "passed",
    answer: { status, headers: { "content-type": got.type }, body },
    why: `HTTP ${got.status}`,
  };
}

const shownUrl = (url: URL): string => {
  const copy = new URL(url);
  copy.username = "";
  copy.password = "";
  return withoutSecrets(copy.href);
};

function parsedJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
