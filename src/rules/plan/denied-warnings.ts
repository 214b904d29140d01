/** clippy with warnings as errors: as a command, or in words beside its name. */
const DENIED =
  /\bclippy\b[^\n]{0,120}?(?:(?:-D|--deny)[ =]warnings\b|\bwarnings\b(?: are| as| count as| become)? errors\b|\b(?:den(?:y|ies|ying|ied)|no|without) warnings\b)/i;

/** Whether a text asks for clippy with its warnings as errors. */
export const deniesWarnings = (text: string): boolean => DENIED.test(text);
