/** What a recording may take. An answer that goes beyond is given up and not stored. */
export interface RecordLimits {
  /** Of one answer, and of one Git repository. */
  readonly answerBytes: number;
  readonly answerMs: number;
  /** Of everything that one recording stores. */
  readonly totalBytes: number;
  readonly redirects: number;
}

const MB = 1024 * 1024;

/** A year of nixpkgs is 45 MB as an archive, a toolchain 300 MB, the history of a large project some 500 MB. */
export const RECORD_LIMITS: RecordLimits = {
  answerBytes: 1024 * MB,
  answerMs: 15 * 60_000,
  totalBytes: 16_384 * MB,
  redirects: 10,
};
