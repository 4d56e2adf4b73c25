/** Queries that cost more than they look: as long as nobody may send them, and as long as a member may. */
import { bodyOf, isShort, onlyAnswers, post, type Row, rounds, type Target, times } from '../tools.ts'

const aliases = (n: number, field: string) =>
  `{ ${Array.from({ length: n }, (_, i) => `a${i}: ${field}`).join(' ')} }`

const wholeSchema = '__schema { types { name fields { name type { name ofType { name } } args { name } } } }'

/** Fragments that spread each other: the work of a validation grows with the square of their number. */
const fragments = (n: number) =>
  `{ ...f0 } ${Array.from(
    { length: n },
    (_, i) => `fragment f${i} on Query { a${i}: __typename ${i + 1 < n ? `...f${i + 1}` : ''} }`,
  ).join(' ')}`

/** The same field again and again: each pair of them must be looked at, whether they can be merged. */
const overlapping = (n: number) =>
  `{ ${Array.from({ length: n }, () => 'tenant(tenantId: "x") { name }').join(' ')} }`

const refused = /^(closed|4\d\d.*|200 (BAD_USER_INPUT|RATE_LIMITED|UNAUTHENTICATED))$/
/** What a member sends may also be put off, where too much is in hand already. */
const refusedOrPutOff = /^(closed|4\d\d.*|503.*|200 (BAD_USER_INPUT|RATE_LIMITED|BATCH_TOO_LARGE))$/
const answeredOrRefused = /^(closed|4\d\d.*|200 (data|BAD_USER_INPUT|RATE_LIMITED|UNAUTHENTICATED))$/

type Costly = {
  name: string
  must: string
  /** What nobody may send has 16 kB at most; a member may send more. */
  text: (size: 'short' | 'long') => string
  atOnce: number
  allowed: RegExp
}

const nobody = { who: 'nobody', size: 'short', as: () => null } as const
const member = { who: 'a barista', size: 'long', as: ({ people }: Target) => people.barista } as const

/** A row for who has no token, and one for who has. */
const rowsOf = ({ name, must, text, atOnce, allowed }: Costly): Row[] =>
  [nobody, member].map(({ who, size, as }) => ({
    name: `${name}, ${Math.ceil(text(size).length / 1000)} kB, ${atOnce} at once, by ${who}`,
    must,
    ...(who === 'nobody' && { by: who }),
    attack(target) {
      const n = isShort(target) ? Math.ceil(atOnce / 4) : atOnce
      const body = bodyOf(text(size))
      return rounds(target, () => times(n, () => post(target, body, { as: as(target) })))
    },
    check: (outcome) => onlyAnswers(outcome, allowed),
  }))

const unvalidated = 'refused before much of it is validated'
const sized = (short: number, long: number) => (size: 'short' | 'long') => (size === 'short' ? short : long)

/** A text that grows with a number, which is the first or the second of these. */
const grown = (make: (n: number) => string, short: number, long: number) => {
  const numberOf = sized(short, long)
  return (size: 'short' | 'long') => make(numberOf(size))
}

const costly: Costly[] = [
  {
    name: 'introspection under aliases',
    must: 'refused: introspection costs what anything costs',
    text: grown((n) => aliases(n, wholeSchema), 150, 300),
    atOnce: 5,
    allowed: refused,
  },
  {
    name: 'operationTypes with their schemas under aliases',
    must: 'refused, or answered from what was made once',
    text: grown((n) => aliases(n, 'operationTypes { payloadSchema }'), 120, 300),
    atOnce: 10,
    allowed: answeredOrRefused,
  },
  {
    name: 'operationTypes with their schemas',
    must: 'answered from what was made once, and so many of an address',
    text: () => '{ operationTypes { type payloadSchema } }',
    atOnce: 300,
    allowed: answeredOrRefused,
  },
  {
    name: 'the whole schema',
    must: 'answered, and so many of an address',
    text: () => `{ ${wholeSchema} }`,
    atOnce: 100,
    allowed: answeredOrRefused,
  },
  {
    name: 'fragments that spread each other',
    must: unvalidated,
    text: grown(fragments, 300, 700),
    atOnce: 20,
    allowed: refused,
  },
  {
    name: 'one field again and again',
    must: unvalidated,
    text: grown(overlapping, 400, 900),
    atOnce: 20,
    allowed: refused,
  },
  {
    name: 'fields of no such name',
    must: unvalidated,
    text: grown((n) => aliases(n, 'nothingOfThisName'), 600, 1400),
    atOnce: 20,
    allowed: refused,
  },
  {
    name: 'one field under aliases',
    must: unvalidated,
    text: grown((n) => aliases(n, '__typename'), 800, 1400),
    atOnce: 20,
    allowed: refused,
  },
  {
    name: 'nothing but levels',
    must: unvalidated,
    text: grown((n) => `${'{ tenant '.repeat(n)}${'}'.repeat(n)}`, 1500, 6000),
    atOnce: 20,
    allowed: refused,
  },
]

export const queries: Row[] = [
  ...costly.flatMap(rowsOf),
  {
    name: 'a query of 4 MB of empty lines in one text, five at once, by a barista',
    must: 'refused by its length',
    attack(target) {
      const text = `{ tenant(tenantId: """${'\n'.repeat(4_000_000)}""") { name } }`
      const body = bodyOf(text)
      return rounds(target, () => times(5, () => post(target, body, { as: target.people.barista })))
    },
    check: (outcome) => onlyAnswers(outcome, refusedOrPutOff),
  },
  {
    name: 'a form of 4 MB, a million members, five at once, by a barista',
    must: 'refused before it is taken apart',
    attack(target) {
      const body = Buffer.from(`query={__typename}${'&a='.repeat(1_300_000)}`)
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      return rounds(target, () => times(5, () => post(target, body, { as: target.people.barista, headers })))
    },
    check: (outcome) => onlyAnswers(outcome, refusedOrPutOff),
  },
  {
    name: '300,000 values where a list of ids or words is wanted, five at once, by a barista',
    must: 'refused, with others being served between',
    attack(target) {
      const { barista } = target.people
      const text = 'query ($input: SyncPullInput!) { syncPull(input: $input) { __typename } }'
      const { tenantId, deviceId } = barista
      const moduleScopes = Array.from({ length: 300_000 }, () => 'MENU')
      const input = { tenantId, branchId: 'riverside', deviceId, moduleScopes }
      const body = bodyOf(text, { input })
      return rounds(target, () => times(isShort(target) ? 2 : 5, () => post(target, body, { as: barista })))
    },
    check: (outcome) =>
      onlyAnswers(outcome, /^(closed|4\d\d.*|503.*|200 (data|BAD_USER_INPUT|RATE_LIMITED|BATCH_TOO_LARGE))$/),
  },
]
