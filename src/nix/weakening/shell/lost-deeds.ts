import type { Deed } from "./deeds.ts";
import { narrowerWords } from "./test-words.ts";

/** What of a script's deeds another script does no longer. */

export interface LostDeeds<Was extends Deed> {
  /** Done no more, by anything. */
  readonly lost: readonly Was[];
  /** Done in another way. */
  readonly changed: readonly { readonly was: Was; readonly is: Deed }[];
  /** Words of cargo commands by which fewer tests run or less is built. */
  readonly narrowed: readonly string[];
}

/** @param is where each deed may have gone to; one stands for one */
export function lostDeeds<Was extends Deed>(was: readonly Was[], is: readonly Deed[]): LostDeeds<Was> {
  const byKey = new Map<string, Deed[]>();
  for (const deed of is) {
    const same = byKey.get(keyOf(deed));
    if (same) same.push(deed);
    else byKey.set(keyOf(deed), [deed]);
  }
  const left = new Set(is);
  const gone = was.filter((deed) => {
    const same = byKey.get(keyOf(deed))?.shift();
    if (same) left.delete(same);
    return !same;
  });
  const take = (fits: (deed: Deed) => boolean): Deed | undefined => {
    for (const deed of left) {
      if (!fits(deed)) continue;
      left.delete(deed);
      return deed;
    }
    return undefined;
  };
  const lost: Was[] = [];
  const changed: { was: Was; is: Deed }[] = [];
  const unnamed = gone.filter((deed) => {
    const successor = take((other) => other.kind === deed.kind && other.program === deed.program && sameWork(deed, other));
    if (successor) changed.push({ was: deed, is: successor });
    return !successor;
  });
  for (const deed of unnamed) {
    const successor = take((other) => other.kind === deed.kind && (deed.kind !== "runs" || !isCargo(deed) || isCargo(other)));
    if (successor) changed.push({ was: deed, is: successor });
    else lost.push(deed);
  }
  const narrowed = changed.flatMap((pair) =>
    isCargo(pair.was) && isCargo(pair.is) ? narrowerWords(pair.was.words, pair.is.words) : [],
  );
  return { lost, changed, narrowed };
}

const isCargo = ({ program }: Deed): boolean => /^cargo/u.test(program);

/** `cargo test` and `cargo build` are two works of one program. */
const sameWork = (one: Deed, other: Deed): boolean => !isCargo(one) || subcommand(one) === subcommand(other);

export const subcommand = ({ words }: Pick<Deed, "words">): string | undefined =>
  words.slice(1).find((word) => /^(?:build|test|nextest|clippy|fmt|doc|check|bench|run|deny|audit|install)$/u.test(word));

/** The same work, whatever the hashes and versions of what it is done with. */
const keyOf = ({ words }: Deed): string => JSON.stringify(words).replace(/\/nix\/store\/[0-9a-z]{32}-/gu, "/nix/store/");
