/**
 * How a fact names its source. A document of the repository is named by its path; one that lies elsewhere by `external:`, the name of the
 * folder that was given, and the path below it, so that no path of one machine gets into a CRQ and a reader who has the folder too can look
 * the quote up (`lint --docs FOLDER`). The hash in the fact tells whether it is the same text.
 */

const EXTERNAL = "external:";

export const isExternal = (source: string): boolean => source.startsWith(EXTERNAL);

/** @param folder last name of the folder that was given; @param below path below it, `/` as separator; empty for a single file */
export const externalSource = (folder: string, below: string): string =>
  `${EXTERNAL}${below === "" ? folder : `${folder}/${below}`}`;

/** The part behind `external:`, whose first name is that of the folder or file that was given. */
export const externalPath = (source: string): string => source.slice(EXTERNAL.length);
