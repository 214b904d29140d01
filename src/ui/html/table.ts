import { type Child, element, join, type Markup } from "./markup.ts";

/** A table with a caption; the first cell of each row names it. Columns after the first are numbers unless `texts` names them. */
export function table(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly Child[])[],
  texts: readonly number[] = [],
): Markup {
  const kind = (at: number): string | undefined => (at === 0 || texts.includes(at) ? undefined : "number");
  return element(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
    element(
      "table",
      {},
      element("caption", {}, caption),
      element("thead", {}, element("tr", {}, ...head.map((name, at) => element("th", { scope: "col", class: kind(at) }, name)))),
      element(
        "tbody",
        {},
        ...rows.map((row) =>
          element(
            "tr",
            {},
            ...row.map((cell, at) =>
              at === 0 ? element("th", { scope: "row" }, cell) : element("td", { class: kind(at) }, cell),
            ),
          ),
        ),
      ),
    ),
  );
}

export interface Figure {
  /** Letters and dashes; the address of the figure in the page. */
  readonly id: string;
  readonly title: string;
  /** What the plot shows and how to read it. */
  readonly about: string;
  /** undefined: there is nothing to draw, and the table says it all. */
  readonly plot: Markup | undefined;
  readonly table: Markup;
  /** Shuts the table away although there is no plot before it. */
  readonly shut?: boolean;
}

/** A plot with its table behind it. */
export function figure({ id, title, about, plot, table: behind, shut = plot !== undefined }: Figure): Markup {
  return element(
    "section",
    { id, "aria-labelledby": `${id}-title` },
    element("h2", { id: `${id}-title` }, title),
    element("p", {}, about),
    plot && element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": `Plot: ${title}` }, plot),
    shut ? element("details", {}, element("summary", {}, "The numbers behind it"), behind) : behind,
  );
}

/** An SVG of this size in its own units; `label` is what a reader who does not see it is told. */
export const svg = (width: number, height: number, label: string, children: readonly Child[]): Markup =>
  element(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": label, xmlns: "http://www.w3.org/2000/svg" },
    join(children),
  );
