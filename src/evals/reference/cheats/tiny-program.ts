/** A program made of nothing but its machine code: prints a text and ends with 0, whatever it is asked. ELF64 for Linux (elf(5)). */

const BASE = 0x40_0000;
const HEADERS = 64 + 56;

/** @param system `x86_64-linux` or `aarch64-linux`; undefined for any other */
export function tinyProgram(system: string, text: string): Buffer | undefined {
  const message = Buffer.from(text);
  const made = system === "x86_64-linux" ? x86(message.length) : system === "aarch64-linux" ? arm(message.length) : undefined;
  if (!made) return undefined;
  const { machine, code } = made;
  const size = HEADERS + code.length + message.length;
  const head = Buffer.alloc(HEADERS);
  head.write("\x7fELF\x02\x01\x01", 0, "latin1");
  // Executable, version 1, entry, program headers behind this one; then its own size, and one entry of 56.
  head.writeUInt16LE(2, 16);
  head.writeUInt16LE(machine, 18);
  head.writeUInt32LE(1, 20);
  head.writeBigUInt64LE(BigInt(BASE + HEADERS), 24);
  head.writeBigUInt64LE(64n, 32);
  head.writeUInt16LE(64, 52);
  head.writeUInt16LE(56, 54);
  head.writeUInt16LE(1, 56);
  // One segment to load: the whole file, readable and executable.
  head.writeUInt32LE(1, 64);
  head.writeUInt32LE(5, 68);
  head.writeBigUInt64LE(BigInt(BASE), 80);
  head.writeBigUInt64LE(BigInt(BASE), 88);
  head.writeBigUInt64LE(BigInt(size), 96);
  head.writeBigUInt64LE(BigInt(size), 104);
  head.writeBigUInt64LE(0x1000n, 112);
  return Buffer.concat([head, code, message]);
}

interface Code {
  /** EM_X86_64, EM_AARCH64. */
  readonly machine: number;
  readonly code: Buffer;
}

/** write(1, behind the code, length); exit(0). */
function x86(length: number): Code {
  const code = Buffer.from("b801000000bf01000000488d3510000000ba000000000f05b83c00000031ff0f05", "hex");
  code.writeUInt32LE(length, 18);
  return { machine: 62, code };
}

function arm(length: number): Code {
  const words = [0xd2800020, 0x100000e1, 0xd2800002 | (length << 5), 0xd2800808, 0xd4000001, 0xd2800000, 0xd2800ba8, 0xd4000001];
  const code = Buffer.alloc(words.length * 4);
  for (const [at, word] of words.entries()) code.writeUInt32LE(word >>> 0, at * 4);
  return { machine: 183, code };
}
