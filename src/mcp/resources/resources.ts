import { ProtocolError, ProtocolErrorCode, ResourceNotFoundError } from "@modelcontextprotocol/server";
import type { Workplace } from "../workplace.ts";
import { type Content, keptFile, keptFiles } from "./kept-files.ts";
import { PAGE, pageOf } from "./page.ts";

/** What a client may read: CRQs, the survey, sessions with their reports and logs. Texts come in pages, without control bytes and keys. */

const ROOT = "crq-agent://";
const MOST_LISTED = 50;

export interface ListedResource {
  readonly uri: string;
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  readonly mimeType: string;
}

export const RESOURCE_TEMPLATES = [
  {
    uriTemplate: `${ROOT}crqs/{id}{?from}`,
    name: "crq",
    title: "A change request",
    description: `The document of one CRQ. Pages hold ${PAGE} characters; the end of one names the next, which begins at the character \`from\`.`,
    mimeType: "text/markdown",
  },
  {
    uriTemplate: `${ROOT}sessions/{id}{?from}`,
    name: "session",
    title: "A session",
    description: "What happened in a session, event by event.",
    mimeType: "text/plain",
  },
  {
    uriTemplate: `${ROOT}sessions/{id}/files`,
    name: "session-files",
    title: "What a session kept",
    description: "The reports, logs and whole outputs of a session, each with its size and its URI.",
    mimeType: "application/json",
  },
  {
    uriTemplate: `${ROOT}sessions/{id}/files/{+path}{?from}`,
    name: "session-file",
    title: "A report or a log of a session",
    description:
      "A file that a session kept: report/report.md and its evidence, output/… (whole results that were clipped), runs/…/logs/… (logs of criteria).",
    mimeType: "text/plain",
  },
] as const;

/** @param cursor where the page before ended */
export async function listResources(
  place: Workplace,
  cursor: string | undefined,
): Promise<{ readonly resources: ListedResource[]; readonly nextCursor?: string }> {
  const start = cursor === undefined ? 0 : Number(cursor);
  if (!Number.isSafeInteger(start) || start < 0)
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, "the cursor is none of ours");
  const [crqs, sessions] = await Promise.all([place.crqs(), place.sessions()]);
  const all: readonly ListedResource[] = [
    { uri: `${ROOT}crqs`, name: "crqs", title: "The change requests", mimeType: "application/json" },
    { uri: `${ROOT}survey`, name: "survey", title: "The survey of the repository", mimeType: "application/json" },
    { uri: `${ROOT}sessions`, name: "sessions", title: "The sessions", mimeType: "application/json" },
    ...crqs.map(({ id, title, status }) => ({
      uri: `${ROOT}crqs/${encodeURIComponent(id)}`,
      name: id,
      title: place.clean(`${id}: ${title}`),
      description: `status ${status}`,
      mimeType: "text/markdown",
    })),
    ...sessions.flatMap((session) => [
      {
        uri: `${ROOT}sessions/${session.id}`,
        name: session.id,
        title: `${session.verb} with ${session.model}`,
        description: place.clean(session.state),
        mimeType: "text/plain",
      },
    ]),
  ];
  const resources = all.slice(start, start + MOST_LISTED);
  const next = start + resources.length;
  return { resources, ...(next < all.length && { nextCursor: String(next) }) };
}

/** @throws ResourceNotFoundError with what there is */
export async function readResource(
  place: Workplace,
  uri: string,
): Promise<{ readonly uri: string; readonly mimeType: string; readonly text: string }> {
  const { parts, from } = addressOf(uri);
  const found = await contentOf(place, parts);
  if (found === undefined)
    throw new ResourceNotFoundError(
      uri.slice(0, 200),
      `there is no such resource; resources/list names them, and ${ROOT}crqs and ${ROOT}sessions list more`,
    );
  const whole = place.clean(found.text);
  if (from > whole.length)
    throw new ProtocolError(
      ProtocolErrorCode.InvalidParams,
      `from=${from} is behind the end: there are ${whole.length} characters`,
    );
  const { text, next } = pageOf(whole, from);
  const base = ROOT + parts.map(encodeURIComponent).join("/");
  const more =
    next === undefined ? "" : `\n[Characters ${from} to ${next} of ${whole.length}. The next page: ${base}?from=${next}]\n`;
  // Half a JSON document is none.
  const mimeType = next === undefined && from === 0 ? found.mimeType : "text/plain";
  return { uri, mimeType, text: text + more };
}

function addressOf(uri: string): { readonly parts: readonly string[]; readonly from: number } {
  const [path = "", query = ""] = uri.startsWith(ROOT) ? uri.slice(ROOT.length).split("?", 2) : [];
  const from = Number(new URLSearchParams(query).get("from") ?? "0");
  try {
    return {
      parts: path.split("/").map((part) => decodeURIComponent(part)),
      from: Number.isSafeInteger(from) && from > 0 ? from : 0,
    };
  } catch {
    // A percent sign that encodes nothing.
    return { parts: [], from: 0 };
  }
}

async function contentOf(place: Workplace, [kind, id, ...rest]: readonly string[]): Promise<Content | undefined> {
  if (id === undefined) {
    switch (kind) {
      case "survey":
        return json(await place.survey());
      case "crqs":
        return json((await place.crqs()).map(({ source: _, ...listing }) => listing));
      case "sessions":
        return json((await place.sessions()).map(({ folder: _, ...listing }) => listing));
      default:
        return undefined;
    }
  }
  if (kind === "crqs" && rest.length === 0) {
    const found = (await place.crqs()).find((crq) => crq.id === id);
    return found && { text: found.source, mimeType: "text/markdown" };
  }
  if (kind !== "sessions") return undefined;
  const session = (await place.sessions()).find((each) => each.id === id);
  if (session === undefined) return undefined;
  if (rest.length === 0) return { text: place.timeline(session.folder), mimeType: "text/plain" };
  const [files, ...path] = rest;
  if (files !== "files") return undefined;
  if (path.length > 0) return keptFile(session, path.join("/"));
  const base = `${ROOT}sessions/${id}/files/`;
  return json(
    (await keptFiles(session.folder)).map((file) => ({
      uri: base + file.path.split("/").map(encodeURIComponent).join("/"),
      ...file,
    })),
  );
}

const json = (value: unknown): Content => ({ text: JSON.stringify(value, undefined, 1), mimeType: "application/json" });
