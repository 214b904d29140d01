import type { DocumentFact } from "../facts.ts";

/** Two facts that cannot both hold. */
export interface Contradiction {
  readonly key: string;
  readonly sides: readonly [DocumentFact, DocumentFact, ...DocumentFact[]];
  /** One clause for a question: what is at odds. */
  readonly about: string;
}

/** Keys of which a project has exactly one value; commands and systems may be told in parts. */
const SINGLE = /^(?:inputs\..+\.url|builder|rust\.version)$/;
const LOCAL = /^(?:path:|file:|git\+file:|\.{1,2}\/|\/|~)/;

/** Equal key with different values, and local inputs against a rule that forbids them, in the order of the first side. */
export function contradictions(facts: readonly DocumentFact[]): readonly Contradiction[] {
  const found: Contradiction[] = [];
  const byKey = new Map<string, DocumentFact[]>();
  for (const fact of facts) {
    if (fact.key === undefined || !SINGLE.test(fact.key)) continue;
    const same = byKey.get(fact.key) ?? [];
    if (!same.some((other) => other.value === fact.value)) byKey.set(fact.key, [...same, fact]);
  }
  for (const [key, [first, second, ...more]] of byKey)
    if (first && second) found.push({ key, sides: [first, second, ...more], about: `the value of ${key}` });
  const rule = facts.find((fact) => fact.key === "rule.local-inputs");
  const local = facts.filter((fact) => fact.key?.startsWith("inputs.") && LOCAL.test(fact.value ?? ""));
  for (const fact of rule ? local : [])
    if (rule && fact.key !== undefined) found.push({ key: fact.key, sides: [rule, fact], about: "a local path as an input" });
  return found;
}
