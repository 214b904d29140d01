import { z } from "zod";
import { parseHash } from "../hash.ts";

const facts = z.object({ narHash: z.string().optional() });
/** Nix 2.18 answers with a list, later ones with an object by path; newer ones put it below `info`. Unknown paths are null. */
const answers = z.union([
  z.array(facts.extend({ path: z.string() })).transform((list) => list.map(({ path, narHash }) => [path, narHash] as const)),
  z.object({ info: z.record(z.string(), facts.nullable()) }).transform(({ info }) => entriesOf(info)),
  z.record(z.string(), facts.nullable()).transform((paths) => entriesOf(paths)),
]);

const entriesOf = (paths: Readonly<Record<string, z.infer<typeof facts> | null>>) =>
  Object.entries(paths).map(([path, found]) => [path, found?.narHash] as const);

/** What `nix path-info --json` says, as store path to hex. */
export function readNarHashes(answer: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    answers.parse(answer).flatMap(([path, narHash]) => {
      const hash = narHash === undefined ? undefined : parseHash(narHash);
      return hash?.algorithm === "sha256" ? [[path.startsWith("/") ? path : `/nix/store/${path}`, hash.hex]] : [];
    }),
  );
}
