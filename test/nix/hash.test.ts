import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FAKE_HASH, findHashes, isFake, parseHash, sameHash, spellings, toSri, writtenLike } from "../../src/nix/hash.ts";

/** The hash of the empty text; the base 32 form is what `nix-hash --to-base32 --type sha256` prints. */
const EMPTY = {
  hex: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  sri: "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
  base32: "0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73",
};

describe("spellings", () => {
  test("of one hash are the same hash", () => {
    const hash = { algorithm: "sha256", hex: EMPTY.hex };
    for (const text of [
      EMPTY.hex,
      EMPTY.hex.toUpperCase(),
      EMPTY.sri,
      EMPTY.base32,
      EMPTY.sri.slice(7),
      `sha256:${EMPTY.hex}`,
      `sha256:${EMPTY.base32}`,
    ]) {
      expect(parseHash(text)).toEqual(hash);
    }
    expect(spellings({ algorithm: "sha256", hex: EMPTY.hex })).toEqual([EMPTY.sri, EMPTY.sri.slice(7), EMPTY.hex, EMPTY.base32]);
  });

  test("what is no hash", () => {
    expect(["", "sha256-", "sha256-abc", "e3b0", `${EMPTY.hex}0`, "sha3-x", "hello world"].map(parseHash)).toEqual(
      Array(7).fill(undefined),
    );
  });

  test("a new hash is written as the old one was", () => {
    const hash = { algorithm: "sha256", hex: EMPTY.hex } as const;
    expect(
      ["0".repeat(64), "0".repeat(52), `sha256:${"0".repeat(52)}`, FAKE_HASH, "", `${"A".repeat(43)}=`].map((like) =>
        writtenLike(hash, like),
      ),
    ).toEqual([EMPTY.hex, EMPTY.base32, `sha256:${EMPTY.base32}`, EMPTY.sri, EMPTY.sri, EMPTY.sri.slice(7)]);
  });

  test("every spelling is read again", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 20 }),
        fc.constantFrom("md5", "sha1", "sha256", "sha512"),
        (content, algorithm) => {
          const hash = { algorithm, hex: createHash(algorithm).update(content).digest("hex") } as const;
          for (const text of spellings(hash)) {
            const read = parseHash(text.includes("-") ? text : `${algorithm}:${text}`);
            expect(read && sameHash(read, hash)).toBe(true);
          }
          expect(toSri(hash)).toBe(`${algorithm}-${Buffer.from(hash.hex, "hex").toString("base64")}`);
        },
      ),
    );
  });
});

test("fake hashes are all zeros", () => {
  expect(
    [FAKE_HASH, "0".repeat(64), "0".repeat(52), EMPTY.sri].map((text) =>
      isFake(parseHash(text) ?? { algorithm: "sha256", hex: "1" }),
    ),
  ).toEqual([true, true, true, false]);
});

test("hashes are found in text, revisions and words are not", () => {
  const text = `a = "${EMPTY.sri}"; b = ${EMPTY.hex}; rev = "0123456789abcdef0123456789abcdef01234567"; c = "${EMPTY.base32}" some-very-long-words-without-meaning`;
  expect(findHashes(text).map(({ text: found, index }) => [found, text.slice(index, index + found.length)])).toEqual(
    [EMPTY.sri, EMPTY.hex, EMPTY.base32].map((found) => [found, found]),
  );
});
