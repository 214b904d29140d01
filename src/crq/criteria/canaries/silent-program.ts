/**
 * A program that prints nothing and ends with 0, as bytes: where built programs run there is neither a shell nor a loader, so the canary of
 * `run` brings its own. Linux only: elsewhere programs cannot be confined anyway.
 */
export function silentProgram(architecture: string): Uint8Array | undefined {
  const target = TARGETS[architecture];
  return target && elf(target.machine, target.code);
}

/** exit(0) by the kernel's own call numbers: 60 on x86_64, 93 on aarch64 (asm/unistd.h). */
const TARGETS: Readonly<Record<string, { readonly machine: number; readonly code: readonly number[] }>> = {
  // xor edi, edi; mov eax, 60; syscall
  x64: { machine: 0x3e, code: [0x31, 0xff, 0xb8, 0x3c, 0x00, 0x00, 0x00, 0x0f, 0x05] },
  // mov x0, #0; mov x8, #93; svc #0
  arm64: { machine: 0xb7, code: [0x00, 0x00, 0x80, 0xd2, 0xa8, 0x0b, 0x80, 0xd2, 0x01, 0x00, 0x00, 0xd4] },
};

const FILE_HEADER = 64;
const PROGRAM_HEADER = 56;
const LOAD_ADDRESS = 0x400000n;

/** A static 64-bit little-endian executable of one loadable, executable segment (System V ABI, chapters 4 and 5). */
function elf(machine: number, code: readonly number[]): Uint8Array {
  const size = FILE_HEADER + PROGRAM_HEADER + code.length;
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setUint16(16, 2, true); // e_type: executable
  view.setUint16(18, machine, true);
  view.setUint32(20, 1, true); // e_version
  view.setBigUint64(24, LOAD_ADDRESS + BigInt(FILE_HEADER + PROGRAM_HEADER), true); // e_entry
  view.setBigUint64(32, BigInt(FILE_HEADER), true); // e_phoff
  view.setUint16(52, FILE_HEADER, true);
  view.setUint16(54, PROGRAM_HEADER, true);
  view.setUint16(56, 1, true); // e_phnum
  view.setUint32(FILE_HEADER, 1, true); // p_type: load
  view.setUint32(FILE_HEADER + 4, 5, true); // p_flags: read, execute
  view.setBigUint64(FILE_HEADER + 16, LOAD_ADDRESS, true); // p_vaddr
  view.setBigUint64(FILE_HEADER + 24, LOAD_ADDRESS, true); // p_paddr
  view.setBigUint64(FILE_HEADER + 32, BigInt(size), true); // p_filesz
  view.setBigUint64(FILE_HEADER + 40, BigInt(size), true); // p_memsz
  view.setBigUint64(FILE_HEADER + 48, 0x1000n, true); // p_align
  bytes.set(code, FILE_HEADER + PROGRAM_HEADER);
  return bytes;
}
