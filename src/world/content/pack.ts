import { readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { pack } from "tar-stream";
import type { Leaf } from "./listing.ts";

export interface PackOptions {
  /** The one top folder, without a slash at its end. */
  readonly top: string;
  /** Seconds since 1970; every entry gets it. */
  readonly mtime: number;
}

/**
 * A tar.gz of these leaves (sorted already), the same bytes on every machine: owner 0, modes 0644 and 0755, links kept as they are, no
 * folder entries (so no empty folder can slip in), no name and no time in the gzip header.
 */
export async function packTree(directory: string, leaves: readonly Leaf[], options: PackOptions): Promise<Buffer> {
  const tar = pack();
  const written = collect(tar);
  const mtime = new Date(options.mtime * 1000);
  for (const leaf of leaves) {
    const header = { name: `${options.top}/${leaf.path}`, mtime, uid: 0, gid: 0 };
    const file = join(directory, leaf.path);
    if (leaf.mode === "120000") {
      tar.entry({ ...header, type: "symlink", mode: 0o777, linkname: await readlink(file) });
    } else {
      tar.entry({ ...header, type: "file", mode: leaf.mode === "100755" ? 0o755 : 0o644 }, await readFile(file));
    }
  }
  tar.finalize();
  return gzipStored(await written);
}

async function collect(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** RFC 1951, 3.2.4: the length of a stored block has 16 bits. */
const LARGEST_BLOCK = 0xffff;

/**
 * Gzip (RFC 1952) of stored blocks. What zlib's deflate writes depends on its version and on the processor (Node's build takes other
 * hash functions where SSE4.2 or CRC32 instructions exist), and the checksum of a packed crate stands in Cargo.lock files: so nothing is
 * compressed, which the loopback device does not mind.
 */
export function gzipStored(content: Buffer): Buffer {
  // Magic, method "deflate", no flags, no time, no extra flags, operating system unknown.
  const parts: Buffer[] = [Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255])];
  for (let start = 0; start === 0 || start < content.length; start += LARGEST_BLOCK) {
    const block = content.subarray(start, start + LARGEST_BLOCK);
    const header = Buffer.alloc(5);
    header.writeUInt8(start + LARGEST_BLOCK >= content.length ? 1 : 0, 0);
    header.writeUInt16LE(block.length, 1);
    header.writeUInt16LE(block.length ^ 0xffff, 3);
    parts.push(header, block);
  }
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(content), 0);
  trailer.writeUInt32LE(content.length % 2 ** 32, 4);
  parts.push(trailer);
  return Buffer.concat(parts);
}
