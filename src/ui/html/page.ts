import { createHash } from "node:crypto";
import { element, Markup } from "./markup.ts";

/** A page of one file that asks for nothing, neither a script nor a font, and reads from a disk. */
export interface Page {
  readonly title: string;
  readonly style: string;
  readonly body: Markup;
}

export function htmlPage({ title, style, body }: Page): string {
  const allowed = createHash("sha256").update(style, "utf8").digest("base64");
  const head = element(
    "head",
    {},
    element("meta", { charset: "utf-8" }),
    element("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
    // Even if something slipped through as markup, the page would load and run nothing, and look like nothing else.
    element("meta", {
      "http-equiv": "Content-Security-Policy",
      content: `default-src 'none'; style-src 'sha256-${allowed}'; base-uri 'none'; form-action 'none'`,
    }),
    element("title", {}, title),
    element("style", {}, new Markup(style)),
  );
  return `<!doctype html>\n${element("html", { lang: "en" }, head, body).text}\n`;
}
