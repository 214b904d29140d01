import { markupAttribute, markupText } from "../../../system/markup.ts";
import type { LatticeNode } from "../plan.ts";
import { layersOf } from "./layers.ts";

/** The lattice as a drawing that stands alone: one box a node, lower nodes to the left, an arrow from each node to what it takes. */

const ROW = 48;
const HEIGHT = 32;
const GAP = 72;
const MARGIN = 16;
/** Wide enough for the widest letters of a monospaced font at 13 px. */
const LETTER = 8.2;

const STYLE = `text { font: 13px ui-monospace, monospace; fill: #1b1f24; }
.kind { font-size: 10px; fill: #57606a; }
rect { fill: #ffffff; stroke: #57606a; }
.config rect { fill: #fff4d6; } .crate rect { fill: #e3f1ff; } .nix rect { fill: #e6f6e8; }
path { fill: none; stroke: #57606a; } marker path { fill: #57606a; stroke: none; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; } .kind { fill: #9aa4af; } rect { fill: #0d1117; stroke: #9aa4af; }
  .config rect { fill: #3a2f10; } .crate rect { fill: #12283f; } .nix rect { fill: #12301a; }
  path { stroke: #9aa4af; } marker path { fill: #9aa4af; }
}`;

interface Box {
  readonly node: LatticeNode;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export function latticeSvg(nodes: readonly LatticeNode[], title: string): string {
  const boxes = new Map<string, Box>();
  const layers = layersOf(nodes);
  const tallest = Math.max(1, ...layers.map((layer) => layer.length));
  let x = MARGIN;
  for (const layer of layers) {
    const width = Math.ceil(Math.max(...layer.map(({ name, kind }) => Math.max(name.length, kind.length) * LETTER)) + 20);
    const top = MARGIN + ((tallest - layer.length) * ROW) / 2;
    for (const [row, node] of layer.entries()) boxes.set(node.name, { node, x, y: top + row * ROW, width });
    x += width + GAP;
  }
  const size = { width: Math.max(2 * MARGIN, x - GAP + MARGIN), height: 2 * MARGIN + (tallest - 1) * ROW + HEIGHT };
  const edges = nodes.flatMap((node) => node.depends.flatMap((name) => edge(boxes.get(node.name), boxes.get(name))));
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}" viewBox="0 0 ${size.width} ${size.height}" role="img">`,
    `<title>${markupText(title)}</title>`,
    `<style>${STYLE}</style>`,
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>',
    ...edges,
    ...[...boxes.values()].map(boxText),
    "</svg>",
  ].join("\n")}\n`;
}

function boxText({ node, x, y, width }: Box): string {
  const middle = x + width / 2;
  const text = (className: string, at: number, words: string): string =>
    `<text${className} x="${middle}" y="${at}" text-anchor="middle">${markupText(words)}</text>`;
  return `<g class="${markupAttribute(node.kind)}"><rect x="${x}" y="${y}" width="${width}" height="${HEIGHT}" rx="4"/>${text("", y + 15, node.name)}${text(' class="kind"', y + 27, node.kind)}</g>`;
}

/** From the left side of a node to the right side of what it takes. */
function edge(from: Box | undefined, to: Box | undefined): readonly string[] {
  if (!from || !to) return [];
  const [x1, y1, x2, y2] = [from.x, from.y + HEIGHT / 2, to.x + to.width, to.y + HEIGHT / 2];
  const bend = Math.max(GAP / 2, (x1 - x2) / 2);
  return [`<path d="M${x1} ${y1}C${x1 - bend} ${y1} ${x2 + bend} ${y2} ${x2} ${y2}" marker-end="url(#arrow)"/>`];
}
