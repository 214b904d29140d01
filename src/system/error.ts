/** The code of a system error (`ENOENT`, `ENOSPC` …), undefined for anything else. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

export const errorText = (error: unknown): string => (error instanceof Error ? error.message : String(error));
