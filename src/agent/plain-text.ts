/**
 * What a terminal would act on instead of show: CSI and other escape sequences, OSC and DCS strings with their terminators, C0 controls
 * except tab and line feed, DEL and the C1 block (ECMA-48; xterm's "Control Sequences"). A string that is not ended takes no more with it than
 * its line: what comes behind is there, and must be seen.
 */
const ESCAPES =
  /\u001b(?:[\]PX^_][^\n\u0007\u001b]*(?:\u0007|\u001b\\)?|\[[0-?]*[ -/]*[@-~]?|[ -/]*[0-~]?)|\u009b[0-?]*[ -/]*[@-~]?/gu;
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu;

/** Text safe for a terminal and a prompt: no escape sequence, no control byte. CRLF and lone CR (progress lines) become LF. */
export function plainText(text: string): string {
  return text.replaceAll(ESCAPES, "").replaceAll(/\r\n?/gu, "\n").replaceAll(CONTROLS, "");
}
