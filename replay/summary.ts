/**
 * The report as text for a terminal.
 */
import { areProven, type Closings } from './closings.ts'
import { accountedFor, isEqual, type MendedLine, type Report, type StoreReport } from './report.ts'
import type { Sum } from './sums.ts'
import { type Line, outcomes } from './tally.ts'

const number = (value: number) => value.toLocaleString('en-US')
const dollars = (cents: number) =>
  (cents / 100).toLocaleString('en-US', { style: 'currency', currency: 'USD' })

const labelWidth = 52
const row = (label: string, value: string, more = '') =>
  `${label.padEnd(labelWidth)}${value.padStart(9)}${more && `   ${more}`}`

const counted = (line: Line, more: string) => row(`  ${line.text}`, number(line.count), more)

function examples({ count, examples: shown }: Line): string {
  const places = shown.map(({ id, line }) => `${id || '(none)'} in line ${line}`).join(', ')
  return count > shown.length ? `ids ${places}, ...` : `ids ${places}`
}

const outcome = (line: Line) => {
  const ordinary = line.text === outcomes.applied || line.text === outcomes.appliedBefore
  return counted(line, ordinary || line.count === 0 ? '' : examples(line))
}

function mended(line: MendedLine): string {
  const byStore = [...line.byStore].sort(([a], [b]) => a - b)
  const sums = byStore.map(([storeId, { cents }]) => `${dollars(cents)} in ${storeId}`)
  return counted(line, `of the sums: ${sums.join(', ')}`)
}

const storeRow = (cells: readonly string[]) =>
  cells
    .map((cell, i) => (i === 0 ? cell.padEnd(28) : cell.padStart(i % 2 === 1 ? 10 : 17)))
    .join('')
    .trimEnd()

const sum = ({ sales, cents }: Sum) => [number(sales), dollars(cents)]

function store(report: StoreReport): string {
  const { storeId, name, inFile, atGateway } = report
  const verdict = isEqual(report) ? 'equal' : 'NOT equal'
  return storeRow([`  ${storeId} ${name}`, ...sum(inFile), ...sum(atGateway), verdict])
}

const other = ({ storeId, others }: StoreReport) =>
  `  ${storeId} has ${number(others.sales)} other sales of ${dollars(others.cents)}, which are not of this file`

/** Faults of a store that are written out. */
const faultsShown = 5

function closings(of: Closings): string[] {
  const { storeId, days, stated, faults, tills } = of
  const verdict = areProven(of) ? 'verified' : `${number(faults.length)} faults`
  return [
    storeRow([`  ${storeId}`, `${number(stated)}`, `of ${number(days)} days`, verdict]),
    ...[...faults, ...tills]
      .slice(0, faultsShown)
      .map(({ name, where, what }) => `    ${name}  ${where}: ${what}`),
  ]
}

export function summaryOf(file: string, report: Report): string {
  const { rows, sessions, stores, sent, operations, milliseconds } = report
  const others = stores.filter(({ others }) => others.sales > 0)
  const perSecond = number(Math.round((sent * 1000) / Math.max(1, milliseconds)))
  return [
    row(`rows in ${file}`, number(rows)),
    ...report.outcomes.map(outcome),
    row('accounted for', number(accountedFor(report)), `of ${number(rows)}`),
    ...(report.mended.length > 0 ? ['', 'of these, sold though something was missing'] : []),
    ...report.mended.map(mended),
    '',
    'cash sessions',
    ...sessions.map((line) => counted(line, '')),
    '',
    storeRow(['store', 'sales', 'in the file', 'sales', 'at the gateway']),
    ...stores.map(store),
    ...others.map(other),
    '',
    'days with a closing statement that says what the file does',
    ...report.closings.flatMap(closings),
    '',
    `${number(sent)} rows (${number(operations)} operations) in ${(milliseconds / 1000).toFixed(1)} s, ${perSecond} rows a second`,
    report.addsUp ? 'everything adds up' : 'this does NOT add up, see above',
  ].join('\n')
}
