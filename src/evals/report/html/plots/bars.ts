import type { Child, Markup } from "../../../../ui/html/markup.ts";
import { element } from "../../../../ui/html/markup.ts";
import { svg } from "../../../../ui/html/table.ts";
import { clipped } from "./forest.ts";

const LEFT = 260;
const WIDTH = 760;
const ROW = 26;

export interface Bar {
  readonly name: string;
  /** Counts, drawn one after the other. */
  readonly parts: readonly { readonly count: number; readonly kind: "mark" | "good" | "bad" | "even" }[];
}

/** Horizontal bars of counts; the counts stand at the end of each. */
export function bars(rows: readonly Bar[], label: string): Markup {
  const most = Math.max(1, ...rows.map(totalOf));
  const scale = (WIDTH - LEFT - 120) / most;
  return svg(
    WIDTH,
    ROW * rows.length + 10,
    label,
    rows.flatMap((row, at): readonly Child[] => {
      const y = ROW * at + 4;
      let x = LEFT;
      const drawn = row.parts.map(({ count, kind }) => {
        const rect = element("rect", { class: kind, x, y, width: count * scale, height: ROW - 8 });
        x += count * scale;
        return rect;
      });
      const counts = row.parts.map(({ count }) => count).join(" + ");
      return [
        element("text", { x: 0, y: y + 14 }, clipped(row.name, 38)),
        ...drawn,
        element("text", { class: "soft", x: x + 8, y: y + 14 }, counts),
      ];
    }),
  );
}

const totalOf = ({ parts }: Bar): number => parts.reduce((total, { count }) => total + count, 0);
