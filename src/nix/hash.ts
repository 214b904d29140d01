/** Hashes as Nix writes them: SRI (`sha256-…=`), `sha256:` with hex, base64 or Nix's base 32, and the bare forms. */

export type HashAlgorithm = "md5" | "sha1" | "sha256" | "sha512";

export interface Hash {
  readonly algorithm: HashAlgorithm;
  /** Lower case. */
  readonly hex: string;
}

const BYTES: Readonly<Record<HashAlgorithm, number>> = { md5: 16, sha1: 20, sha256: 32, sha512: 64 };
/** Nix's base 32: no e, o, t, u. */
const ALPHABET = "0123456789abcdfghijklmnpqrsvwxyz";

const base32Length = (bytes: number): number => Math.ceil((bytes * 8) / 5);

/** Nix's base 32 runs from the last byte to the first (libutil/hash.cc). */
function fromBase32(text: string, size: number): Buffer | undefined {
  const bytes = Buffer.alloc(size);
  for (let n = 0; n < text.length; n++) {
    const digit = ALPHABET.indexOf(text[text.length - n - 1] ?? " ");
    if (digit === -1) return undefined;
    const bit = n * 5;
    const at = bit >> 3;
    const shifted = digit << (bit & 7);
    bytes[at] = (bytes[at] ?? 0) | (shifted & 0xff);
    const carry = shifted >> 8;
    if (at + 1 < size) bytes[at + 1] = (bytes[at + 1] ?? 0) | carry;
    else if (carry !== 0) return undefined;
  }
  return bytes;
}

function toBase32(bytes: Buffer): string {
  let text = "";
  for (let n = base32Length(bytes.length) - 1; n >= 0; n--) {
    const bit = n * 5;
    const at = bit >> 3;
    const pair = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
    text += ALPHABET[(pair >> (bit & 7)) & 0x1f];
  }
  return text;
}

function decode(algorithm: HashAlgorithm, text: string): Hash | undefined {
  const size = BYTES[algorithm];
  if (text.length === size * 2 && /^[0-9a-f]+$/iu.test(text)) return { algorithm, hex: text.toLowerCase() };
  if (text.length === base32Length(size)) {
    const bytes = fromBase32(text, size);
    return bytes && { algorithm, hex: bytes.toString("hex") };
  }
  if (/^[A-Za-z0-9+/]+={0,2}$/u.test(text)) {
    const bytes = Buffer.from(text, "base64");
    if (bytes.length === size) return { algorithm, hex: bytes.toString("hex") };
  }
  return undefined;
}

/** A hash in any of its forms; a bare one is taken for sha256, or sha512 by its length. */
export function parseHash(text: string): Hash | undefined {
  const [, algorithm, digits = ""] = text.match(/^(md5|sha1|sha256|sha512)[-:](\S+)$/u) ?? [];
  if (algorithm === "md5" || algorithm === "sha1" || algorithm === "sha256" || algorithm === "sha512")
    return decode(algorithm, digits);
  return decode("sha256", text) ?? (text.length > 80 ? decode("sha512", text) : undefined);
}

export const toSri = ({ algorithm, hex }: Hash): string => `${algorithm}-${Buffer.from(hex, "hex").toString("base64")}`;

/** Every way in which the same hash may be written. */
export function spellings(hash: Hash): readonly string[] {
  const bytes = Buffer.from(hash.hex, "hex");
  return [toSri(hash), bytes.toString("base64"), hash.hex, toBase32(bytes)];
}

/** The hash of `got` in the form in which `like` was written (hex stays hex); SRI where that form is unknown. */
export function writtenLike(hash: Hash, like: string): string {
  const [sri = "", base64 = "", hex = "", base32 = ""] = spellings(hash);
  const size = BYTES[hash.algorithm];
  const digits = like.replace(/^(?:md5|sha1|sha256|sha512)[-:]/u, "");
  if (like.includes("-") || like === "") return sri;
  const prefix = like.slice(0, like.length - digits.length);
  if (digits.length === size * 2) return `${prefix}${hex}`;
  if (digits.length === base32Length(size)) return `${prefix}${base32}`;
  return digits.endsWith("=") ? `${prefix}${base64}` : sri;
}

export const sameHash = (a: Hash, b: Hash): boolean => a.algorithm === b.algorithm && a.hex === b.hex;

/** All zeros (nixpkgs' lib.fakeHash, fakeSha256, fakeSha512): a place to be filled by what Nix prints. */
export const isFake = ({ hex }: Hash): boolean => /^0+$/u.test(hex);

/** `lib.fakeHash`, as text that needs no lib. */
export const FAKE_HASH = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

export interface FoundHash {
  readonly text: string;
  readonly index: number;
  readonly hash: Hash;
}

const LITERAL =
  /(?<![A-Za-z0-9+/_-])(?:(?:md5|sha1|sha256|sha512)[-:][A-Za-z0-9+/]{22,128}={0,2}|[0-9a-fA-F]{64}|[0-9a-fA-F]{128}|[0-9abcdfghijklmnpqrsvwxyz]{52}|[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{86}==)(?![A-Za-z0-9+/=_-])/gu;

/** Every hash literal in a text, by its form alone. */
export function findHashes(text: string): readonly FoundHash[] {
  const found: FoundHash[] = [];
  for (const match of text.matchAll(LITERAL)) {
    const hash = parseHash(match[0]);
    if (hash) found.push({ text: match[0], index: match.index, hash });
  }
  return found;
}
