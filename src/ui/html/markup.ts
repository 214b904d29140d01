import { plainText } from "../../agent/plain-text.ts";
import { markupAttribute, markupText } from "../../system/markup.ts";

/** Text that is HTML or SVG already: only `element` and `join` make it, so that nothing else can stand unescaped in a page. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Child = Markup | string | number | undefined;
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** HTML elements that have no end tag. */
const VOID = new Set(["meta", "br", "col", "hr"]);

/** `<name …>children</name>`; strings are escaped, undefined is left out. */
export function element(name: string, attributes: Attributes, ...children: readonly Child[]): Markup {
  const written = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${markupAttribute(typeof value === "number" ? short(value) : plainText(value))}"`],
  );
  const open = `<${name}${written.join("")}>`;
  return new Markup(VOID.has(name) ? open : `${open}${join(children).text}</${name}>`);
}

export const join = (children: readonly Child[], between = ""): Markup =>
  new Markup(
    children
      .flatMap((child) => {
        if (child === undefined) return [];
        return child instanceof Markup ? [child.text] : [markupText(plainText(String(child)))];
      })
      .join(between),
  );

/** Coordinates need no more than two decimals. */
const short = (value: number): string => String(Math.round(value * 100) / 100);
