/** Questions of whoever may ask them: a line each, and much to read for PostgreSQL. */
import { signIn } from '../people.ts'
import { bodyOf, isShort, onlyAnswers, post, type Row, rounds, times } from '../tools.ts'

const riverside = 'tenantId: "demo", branchId: "riverside"'
const questions = {
  'pages of 200 events': '{ auditEvents(tenantId: "demo", first: 200) { edges { node { id data } } } }',
  'pages of 200 rejected operations':
    '{ rejectedOperations(tenantId: "demo", first: 200) { edges { node { __typename } } } }',
  'pages of 200 sales': `{ sales(${riverside}, last: 200) { edges { node { id } } } }`,
  "a year's report": `{ salesReport(${riverside}, from: "2026-01-01", to: "2026-12-31") { __typename } }`,
  'the same changes ten times': `{ ${Array.from(
    { length: 10 },
    (_, i) =>
      `a${i}: syncPull(input: { ${riverside}, deviceId: "admins-laptop", moduleScopes: [MENU, SALE], limit: 2000 }) { ... on SyncPullPage { changes { seq payload } } }`,
  ).join(' ')} }`,
}

export const reads: Row[] = Object.entries(questions).map(([what, question]) => ({
  name: `${what}, 50 at once, by an admin`,
  must: "answered in their tenant's share, or refused",
  async attack(target) {
    const who = { tenantId: 'demo', staffCode: 'admin', deviceId: 'admins-laptop' }
    const as = await signIn(target.base, who)
    const body = bodyOf(question)
    return rounds(target, () => times(isShort(target) ? 10 : 50, () => post(target, body, { as })))
  },
  check: (outcome) =>
    onlyAnswers(
      outcome,
      /^(200 (data|RATE_LIMITED)|\d+ (BAD_USER_INPUT|SERVICE_UNAVAILABLE)|closed|no answer)$/,
    ),
}))
