/** The text with passwords taken out, in `scheme://user:password@host`, `?password=` and `password=` alike, malformed URLs too. */
export function maskUrl(text: string): string {
  return text
    .replace(/^([a-z+.-]+:\/\/)?([^:@/]*):(.*)@/is, '$1$2:***@')
    .replace(/(password=)[^&\s]*/gi, '$1***')
}
