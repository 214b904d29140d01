import { isSameId, withId } from "../../catalogue/catalogue.ts";
import { documentId, fileNameOf, readFileName, slugOf } from "../../ids.ts";
import type { Place } from "../../model.ts";
import { levels, type Rule, type RuleInput } from "../rule.ts";

function fileName(path: string): string {
  return path.split("/").at(-1) ?? path;
}

function idOf({ document: { crq } }: RuleInput): string | undefined {
  return documentId({ block: crq.metadata?.id, title: crq.title?.id, fileName: fileName(crq.path) });
}

function placeOfId({ document }: RuleInput): Place {
  return document.metadataBlock?.data?.id === undefined
    ? (document.crq.title?.place ?? { line: 1, column: 1 })
    : document.metadataBlock.placeOf(["id"]);
}

export const duplicate: Rule = {
  name: "id/duplicate",
  about: "two documents of this tree have one id",
  explain:
    "An id names one change in branches, commits and reports. Give one of the documents the next number: `crq-agent index --renumber FILE`.",
  levels: levels("E E E"),
  needs: "catalogue",
  acrossDocuments: true,
  *check(input) {
    const { context, document } = input;
    const id = idOf(input);
    if (id === undefined) return;
    for (const other of withId(context.catalogue, id)) {
      if (other.crq.path === document.crq.path) continue;
      yield {
        place: placeOfId(input),
        message: `${id} is also the id of ${other.crq.path}; renumber one of them with \`crq-agent index --renumber FILE\``,
      };
    }
  },
};

export const mismatch: Rule = {
  name: "id/mismatch",
  about: "file name, metadata block (with its branch) and H1 differ in id or title",
  explain: "The three are read by different tools and people; they must say the same.",
  levels: levels("W E E"),
  *check(input) {
    const { crq } = input.document;
    const named = readFileName(fileName(crq.path))?.id;
    const block = crq.metadata?.id;
    const heading = crq.title?.id;
    const differ = (left: string | undefined, right: string | undefined) =>
      left !== undefined && right !== undefined && left !== right && !isSameId(left, right);
    if (differ(block, heading)) yield { place: placeOfId(input), message: `the block says ${block}, the H1 ${heading}` };
    if (differ(block ?? heading, named))
      yield { place: placeOfId(input), message: `the document says ${block ?? heading}, the file name ${named}` };
    const title = crq.metadata?.title;
    if (title !== undefined && crq.title?.id !== undefined && plain(title) !== plain(crq.title.text)) {
      const place = input.document.metadataBlock?.placeOf(["title"]) ?? crq.title.place;
      yield { place, message: `the block's title is "${title}", the H1's "${crq.title.text}"` };
    }
    const onBranch = /^feature\/(CRQ-\d+)-/.exec(crq.metadata?.branch ?? "")?.[1];
    if (block !== "CRQ-XXX" && differ(block, onBranch)) {
      const place = input.document.metadataBlock?.placeOf(["branch"]) ?? placeOfId(input);
      yield { place, message: `the block says ${block}, its branch ${onBranch}` };
    }
  },
};

/** Titles are compared as they are read: marks of code and emphasis do not count. */
export function isSameTitle(left: string, right: string): boolean {
  return plain(left) === plain(right);
}

function plain(title: string): string {
  return title.replace(/[`*]/g, "").replace(/\s+/g, " ").trim();
}

export const unnumbered: Rule = {
  name: "id/unnumbered",
  about: "`CRQ-XXX` although the document is proposed or later",
  explain: "From `proposed` on, branch and commits carry the number. `crq-agent index --renumber FILE` allocates the next one.",
  levels: levels("W E E"),
  *check(input) {
    const { metadata } = input.document.crq;
    // What never was proposed needs no number, also when it is given up.
    if (metadata?.id !== "CRQ-XXX" || ["draft", "withdrawn", "superseded"].includes(metadata.status)) return;
    yield {
      place: placeOfId(input),
      message: `CRQ-XXX at status "${metadata.status}"; allocate a number with \`crq-agent index --renumber FILE\``,
    };
  },
};

export const takenOnOtherRef: Rule = {
  name: "id/taken-on-other-ref",
  about: "the id is used on another branch for another title",
  explain: "Two branches took one number; whichever is merged second must be renumbered. Doing it now is cheaper.",
  levels: levels("W W E"),
  needs: "otherRefs",
  *check(input) {
    const id = idOf(input);
    const own = input.document.crq.metadata?.title ?? input.document.crq.title?.text;
    if (id === undefined || own === undefined) return;
    // A branch that many others grew from is seen on each of them.
    const refs = new Map<string, string[]>();
    for (const { ref, id: other, title } of input.context.otherRefs ?? []) {
      if (isSameId(id, other) && plain(title) !== plain(own)) refs.set(title, [...(refs.get(title) ?? []), ref]);
    }
    for (const [title, [first = "", ...more]] of refs) {
      const others = more.length === 0 ? "" : ` and ${more.length} more`;
      yield {
        place: placeOfId(input),
        message: `${id} is "${title}" on ${first}${others}; whichever is merged second needs another number: \`crq-agent index --renumber FILE\``,
      };
    }
  },
};

export const fileNameForm: Rule = {
  name: "id/file-name",
  about: "the file is not named `CRQ-NNN-kebab-slug.md`",
  explain: "One form of name keeps lists sorted and ids findable. `--fix` renames the file.",
  levels: levels("i W E"),
  fixes: true,
  acrossDocuments: true,
  *check(input) {
    const { crq } = input.document;
    const name = fileName(crq.path);
    const read = readFileName(name);
    if (read?.form === "standard") return;
    const id = idOf(input);
    const title = crq.metadata?.title ?? crq.title?.text ?? "";
    const fromName = slugOf(read?.slug ?? "");
    const wanted =
      id === undefined ? undefined : fileNameOf(id, fromName.startsWith("change") && title !== "" ? slugOf(title) : fromName);
    const path = wanted === undefined ? undefined : crq.path.slice(0, crq.path.length - name.length) + wanted;
    const isFree = path !== undefined && !input.context.catalogue?.entries.some((entry) => entry.crq.path === path);
    yield {
      place: { line: 1, column: 1 },
      message: `the file is named \`${name}\`; expected ${wanted === undefined ? "`CRQ-NNN-kebab-slug.md`" : `\`${wanted}\``}`,
      ...(path !== undefined && isFree && { fix: { description: `rename it to \`${wanted}\``, edits: [], rename: path } }),
    };
  },
};

export const idRules: readonly Rule[] = [duplicate, mismatch, unnumbered, takenOnOtherRef, fileNameForm];
