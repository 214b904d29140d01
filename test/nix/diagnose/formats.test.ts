import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Diagnosed, diagnose } from "../../../src/nix/diagnose/diagnose.ts";
import { EventReader, type NixEvents } from "../../../src/nix/events.ts";
import { readPlainMessages } from "../../../src/nix/logs/plain-messages.ts";
import { type Rendering, renderPlain } from "./plain-rendering.ts";

/** One failure read from internal-json and from what Nix prints for people is one class, of one derivation. */

const RENDERINGS: readonly Rendering[] = [
  { logs: "quoted", colours: false },
  { logs: "quoted", colours: true },
  { logs: "printed", colours: false },
  { logs: "printed", colours: true },
];

function readJson(text: string): NixEvents {
  const reader = new EventReader();
  reader.write(Buffer.from(text));
  return reader.end();
}

/** What must not depend on the format; the phase of a builder is told by internal-json alone. */
function told({ diagnoses: [first] }: Diagnosed): unknown {
  const { message: _m, excerpt: _e, next: _n, fingerprint: _f, stage: _s, position, ...facts } = first;
  return { ...facts, line: position?.line };
}

for (const folder of ["messages", "logs"] as const) {
  describe(folder, () => {
    test.each(readdirSync(new URL(folder, import.meta.url)).sort())("%s", (file) => {
      const text = readFileSync(new URL(`${folder}/${file}`, import.meta.url), "utf8");
      const events = readJson(text);
      const requested = events.derivations.map(({ drv }) => drv).filter((drv) => !drv.includes("-deps-"));
      const stage = folder === "messages" ? "eval" : "build";
      const read = (from: NixEvents): unknown =>
        told(diagnose(from, { stage, ownNames: ["app"], requested, flakeRoots: ["/tmp/project"] }));
      const wanted = read(events);
      for (const rendering of RENDERINGS) {
        const plain = readPlainMessages(renderPlain(text, rendering));
        expect({
          rendering,
          told: read({ ...plain, ...(events.flakeSource !== undefined && { flakeSource: events.flakeSource }) }),
        }).toEqual({
          rendering,
          told: wanted,
        });
      }
    });
  });
}
