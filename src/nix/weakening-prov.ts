export async function findWeakenings(_d: string, _b: string, _c: readonly string[]): Promise<readonly never[]> {
  return [];
}
