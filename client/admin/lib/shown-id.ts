const spelt = (text: string) =>
  [...text].map((char) => `‹U+${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}›`).join('')

/**
 * An id that a device gave itself, as people can tell it from another: it is free text, so what nobody sees in it, or
 * what turns the text around it, is spelt out.
 */
export const shownId = (id: string): string =>
  id.replace(/^ +| +$| {2,}|[\p{C}\p{Default_Ignorable_Code_Point}]|(?! )\p{Z}/gu, spelt)

/** An id as long as people read it: of a UUID its end, as it begins with the time, and ids of a day are alike there. */
export const shortId = (id: string): string => (id.length > 24 ? `…${shownId(id.slice(-8))}` : shownId(id))
