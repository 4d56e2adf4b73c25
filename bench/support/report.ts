/**
 * The table that a run prints: one line for each measurement, beside what it is compared with.
 */

export type Unit = 'sales/s' | 'changes/s' | 'ms' | 'KB' | 'rows' | 'bytes'
type Target = { limit: number; of: 'ratio' | 'value'; best: 'high' | 'low' }

export type Line = {
  what: string
  unit: Unit
  ours: number
  /** What the same work takes without the gateway, or without what is measured. */
  beside?: { what: string; value: number }
  target?: Target
}

/** At least this share of what it stands beside. */
export const share = (limit: number): Target => ({ limit, of: 'ratio', best: 'high' })
/** At most this many times what it stands beside. */
export const times = (limit: number): Target => ({ limit, of: 'ratio', best: 'low' })
/** At most this, by itself. */
export const under = (limit: number): Target => ({ limit, of: 'value', best: 'low' })

const numbers = (digits: number) =>
  new Intl.NumberFormat('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })

const counted: ReadonlySet<Unit> = new Set(['rows', 'bytes'])
const amount = (value: number, unit: Unit) =>
  `${numbers(value < 100 && !counted.has(unit) ? 1 : 0).format(value)} ${unit}`
const ratioOf = ({ ours, beside }: Line) => (beside ? ours / beside.value : undefined)

function targetText({ limit, of, best }: Target, unit: Unit): string {
  const bound = of === 'ratio' ? `${limit} x` : `${limit} ${unit}`
  return `${best === 'high' ? 'at least' : 'at most'} ${bound}`
}

/** Whether the target is met; undefined where there is none. */
export function isMet(line: Line): boolean | undefined {
  const { target } = line
  if (!target) return undefined
  const value = target.of === 'ratio' ? ratioOf(line)! : line.ours
  return target.best === 'high' ? value >= target.limit : value <= target.limit
}

const heads = ['what', 'modula-sync', 'beside it', '', 'ratio', 'target', 'met']

function cells(line: Line): string[] {
  const { what, unit, ours, beside, target } = line
  const ratio = ratioOf(line)
  const met = isMet(line)
  return [
    what,
    amount(ours, unit),
    beside?.what ?? '',
    beside ? amount(beside.value, unit) : '',
    ratio === undefined ? '' : numbers(2).format(ratio),
    target ? targetText(target, unit) : '',
    met === undefined ? '' : met ? 'yes' : 'no',
  ]
}

const rightAligned = new Set([1, 3, 4])

/** A Markdown table whose columns are even, so that it reads well in a terminal too. */
export function table(lines: readonly Line[]): string {
  const rows = [heads, ...lines.map(cells)]
  const widths = heads.map((_, i) => Math.max(3, ...rows.map((row) => row[i]!.length)))
  const pad = (cell: string, i: number) =>
    rightAligned.has(i) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)
  const rule = widths.map((width, i) =>
    rightAligned.has(i) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width),
  )
  const [head, ...body] = rows.map((row) => `| ${row.map(pad).join(' | ')} |`)
  return [head, `| ${rule.join(' | ')} |`, ...body].join('\n')
}
