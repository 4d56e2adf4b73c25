/** Which numbers have come to the gateway, as the device knows it: the others are still held, and nothing may stand in their place. */
import { expect, it } from 'vitest'
import { comesBy, hasCome } from '../../client/sdk/outbox/chain.ts'
import type { QueuedOperation, Verdict } from '../../client/sdk/words.ts'

const verdict = (code: string | null, status: Verdict['status'] = 'REJECTED') =>
  ({ code, status }) as unknown as Verdict
const operation = (of: Partial<QueuedOperation> = {}) =>
  ({ clientOpId: 'sale', status: 'FAILED', dependsOn: [], verdict: null, ...of }) as QueuedOperation

it('what spoke of who brought it has not come, nor what fell with such a one, whatever else it builds on', () => {
  const opening = operation({ clientOpId: 'opening', came: false })
  const of = (id: string) => (id === 'opening' ? opening : undefined)
  const fell = operation({ dependsOn: ['known', 'opening'] })
  expect(comesBy(verdict('NO_BRANCH_ACCESS'), operation(), of)).toBe(false)
  expect(comesBy(verdict('DEPENDENCY_FAILED'), fell, of)).toBe(false)
  expect(comesBy(verdict('DEPENDENCY_FAILED'), operation({ dependsOn: ['known'] }), of)).toBe(true)
  expect(comesBy(verdict('CASH_SESSION_NOT_OPEN'), fell, of)).toBe(true)
  expect(comesBy(verdict('BUSY', 'DEFERRED'), operation(), of)).toBe(false)
})

it('what has come once has come, whoever brings it again; of older versions the code tells', () => {
  expect(comesBy(verdict('ACTOR_NOT_ALLOWED'), operation({ came: true }), () => undefined)).toBe(true)
  expect(hasCome(operation({ verdict: verdict('CASH_SESSION_NOT_OPEN') }))).toBe(true)
  expect(hasCome(operation({ verdict: verdict('ACTOR_NOT_ALLOWED') }))).toBe(false)
  expect(hasCome(operation({ status: 'PENDING' }))).toBe(false)
})
