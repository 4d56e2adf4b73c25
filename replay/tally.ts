/**
 * Counts by line of the summary. A row of the file is added once, so that the counts add up to its rows.
 */
import type { Place } from './sort-out.ts'
import type { TillOperation, Verdict } from './transport.ts'

/** `examples`: the first few of them. */
export type Line = { text: string; count: number; examples: Place[] }

const examplesShown = 3

export type Tally = { add: (text: string, row?: Place) => void; lines: () => Line[] }

/** In the order of `texts`, which are there even with a count of 0, and then of appearance. */
export function createTally(texts: Iterable<string> = []): Tally {
  const lines = new Map<string, Line>()
  const lineOf = (text: string): Line => {
    const line = lines.get(text) ?? { text, count: 0, examples: [] }
    lines.set(text, line)
    return line
  }
  for (const text of texts) lineOf(text)
  return {
    add(text, row) {
      const line = lineOf(text)
      line.count += 1
      if (row && line.examples.length < examplesShown) line.examples.push({ line: row.line, id: row.id })
    },
    lines: () => [...lines.values()],
  }
}

export const outcomes = {
  applied: 'applied',
  appliedBefore: 'duplicates: applied before',
  repeatedSame: 'duplicates: repeated id, same content',
  repeatedOther: 'conflicts: repeated id, other content',
  usedBefore: 'conflicts: id used before for something else',
} as const

const reuse = 'CLIENT_OP_ID_REUSE_WITH_DIFFERENT_PAYLOAD'

/**
 * The line of a row by the verdict on it. `repeated`: an earlier row has its id. An operation whose answer was lost
 * on its way comes back as applied before.
 */
export function outcomeOf({ status, duplicate, code }: Verdict, repeated: boolean): string {
  if (status === 'APPLIED' && !duplicate) return outcomes.applied
  if (status === 'APPLIED') return repeated ? outcomes.repeatedSame : outcomes.appliedBefore
  if (code === reuse) return repeated ? outcomes.repeatedOther : outcomes.usedBefore
  return `rejected: ${code}`
}

export const sessionOutcomes = { opened: 'opened', closed: 'closed' } as const

export function sessionOutcomeOf({ status, code }: Verdict, type: TillOperation['type']): string {
  const what = type === 'cashSession.open' ? sessionOutcomes.opened : sessionOutcomes.closed
  return status === 'APPLIED' ? what : `not ${what}: ${code}`
}
