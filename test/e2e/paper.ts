/**
 * What a printer gets: the page as Chromium prints it on paper of a width, read back from the PDF
 * (https://github.com/unjs/unpdf).
 */
import type { Page } from 'playwright-core'
import { getDocumentProxy } from 'unpdf'

const mm = 72 / 25.4
/** What printers of receipts print of their paper, in mm. */
export const papers = { '58mm': 48, '80mm': 72 } as const
/** One of their dots, at 203 to an inch: widths in a PDF are rounded. */
export const dotMm = 0.125
export type Paper = keyof typeof papers

/** `text`: line by line; `widthMm`: from the first ink to the last. */
export async function onPaper(page: Page, paper: Paper): Promise<{ text: string; widthMm: number }> {
  const pdf = await page.pdf({ width: paper, height: '300mm', printBackground: true })
  const printed = await getDocumentProxy(new Uint8Array(pdf))
  if (printed.numPages !== 1) throw new Error(`${printed.numPages} pages`)
  const { items } = await (await printed.getPage(1)).getTextContent()
  const pieces = items.flatMap((item) => ('str' in item && item.str.trim() ? [item] : []))
  const [left, right] = [
    Math.min(...pieces.map(({ transform }) => transform[4])),
    Math.max(...pieces.map(({ transform, width }) => transform[4] + width)),
  ]
  const text = items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : '')).join('')
  return { text, widthMm: (right - left) / mm }
}

/**
 * Whether the words are there. Signs of Khmer that are drawn as one have no letters of their own in a PDF, and are read as
 * NUL; most letters must be there, each in its place. Letters that are set wide have blanks between them.
 */
export function isOn(paper: string, words: string): boolean {
  const [wanted, there] = [words, paper].map((text) => text.replaceAll(/\s/g, '')) as [string, string]
  const signs = [...new Intl.Segmenter('km', { granularity: 'grapheme' }).segment(wanted)]
  const pattern = signs.map(({ segment }) => {
    const letters = segment.replace(/[\\\]^-]/g, '\\$&')
    return `\\0*[${letters}\\0]{1,${segment.length}}`
  })
  const places = there.matchAll(new RegExp(`(?=(${pattern.join('')}))`, 'g'))
  return [...places].some(([, found]) => found!.replaceAll('\0', '').length > wanted.length / 2)
}
