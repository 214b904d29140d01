/** The code of a system error (`ENOENT`, `ENOSPC` …), undefined for anything else. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

export const errorText = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** In the words of the kernel, of git (which says "Out of diskspace" without an error number), and of SQLite. */
const FULL = /\bENOSPC\b|\bEDQUOT\b|no space left on device|out of diskspace|disk quota exceeded|database or disk is full/iu;

/** Whether an error of ours, or of a child whose words it quotes, says that there is no room left. */
export function isDiskFull(error: unknown): boolean {
  const code = errorCode(error);
  return code === "ENOSPC" || code === "EDQUOT" || (error instanceof Error && FULL.test(error.message));
}
