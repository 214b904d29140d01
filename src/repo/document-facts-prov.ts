export async function documentFacts(_p: readonly string[], _o: unknown): Promise<{ facts: []; leftOut: [] }> {
  return { facts: [], leftOut: [] };
}
