/**
 * Tables as CSV (RFC 4180), as spreadsheets read them: with a mark of UTF-8, so that Khmer is Khmer, and nothing that a
 * spreadsheet would take for a formula.
 */
export type Cell = string | number

const bom = '\ufeff'

function written(cell: Cell): string {
  if (typeof cell === 'number') return String(cell)
  const plain = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}

/** Tables one after the other, an empty line between them. */
export const csvOf = (tables: readonly (readonly (readonly Cell[])[])[]): string =>
  bom + tables.map((rows) => rows.map((row) => `${row.map(written).join(',')}\r\n`).join('')).join('\r\n')

/** Cents as a spreadsheet adds them up: 150 is `1.50`. */
export const plainUsd = (cents: number): string => (cents / 100).toFixed(2)
