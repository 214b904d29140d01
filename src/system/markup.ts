/** Text in XML and HTML. Whatever comes from a repository, a log or a model passes here before it stands in either. Pure. */

/** XML 1.0 knows no other characters, not even escaped ones; lone surrogates are no characters either. */
const NOT_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/** Character data. */
export function markupText(value: string): string {
  return value
    .replace(NOT_XML, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("\r", "&#13;");
}

/** The value of an attribute between double quotes; white space is kept by reference, since XML would turn it into blanks. */
export function markupAttribute(value: string): string {
  return markupText(value).replaceAll('"', "&quot;").replaceAll("\n", "&#10;").replaceAll("\t", "&#9;");
}
