/** Queries that cost more than they look. None of them has a token: whoever sends them is nobody. */
import { onlyAnswers, query, type Row, rounds, times } from '../tools.ts'

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
const answeredOrRefused = /^(closed|4\d\d.*|200 (data|BAD_USER_INPUT|RATE_LIMITED|UNAUTHENTICATED))$/

export const queries: Row[] = [
  {
    name: 'introspection under 300 aliases, 25 kB, five at once',
    must: 'refused: introspection costs what anything costs',
    attack: (target) => rounds(target, () => times(5, () => query(target, aliases(300, wholeSchema)))),
    check: (outcome) => onlyAnswers(outcome, refused),
  },
  {
    name: 'operationTypes with their schemas under 120 aliases, ten at once',
    must: 'refused, or answered from what was made once',
    attack: (target) =>
      rounds(target, () => times(10, () => query(target, aliases(120, 'operationTypes { payloadSchema }')))),
    check: (outcome) => onlyAnswers(outcome, answeredOrRefused),
  },
  {
    name: 'operationTypes, 300 small requests',
    must: 'answered from what was made once, and so many of an address',
    attack: (target) =>
      rounds(target, () => times(300, () => query(target, '{ operationTypes { type payloadSchema } }'))),
    check: (outcome) => onlyAnswers(outcome, answeredOrRefused),
  },
  {
    name: 'the whole schema asked for, 100 times',
    must: 'answered, and so many of an address',
    attack: (target) => rounds(target, () => times(100, () => query(target, `{ ${wholeSchema} }`))),
    check: (outcome) => onlyAnswers(outcome, answeredOrRefused),
  },
  ...[
    ['fragments that spread each other', fragments(700)],
    ['one field 900 times', overlapping(900)],
    ['1,400 unknown fields', aliases(1400, 'nothingOfThisName')],
    ['1,400 aliases', aliases(1400, '__typename')],
    ['a query 3,000 levels deep', `${'{ tenant '.repeat(3000)}${'}'.repeat(3000)}`],
  ].map(
    ([name, text]): Row => ({
      name: `validation of ${Math.round(text!.length / 1000)} kB: ${name}, twenty at once`,
      must: 'refused before it is validated',
      attack: (target) => rounds(target, () => times(20, () => query(target, text!))),
      check: (outcome) => onlyAnswers(outcome, refused),
    }),
  ),
]
