/** An intent, from the button to the verdict: nothing is done twice, and nothing is lost without a word. */
import { describe, expect, it } from 'vitest'
import {
  fieldsIn,
  type Intent,
  type IntentEvent,
  intentAfter,
  isOpen,
} from '../../../client/admin/lib/intent.ts'
import type { Verdict } from '../../../client/sdk/index.ts'

type Input = { price: number }
const input: Input = { price: 150 }
const verdict = (status: Verdict['status'], code: string | null = null) =>
  ({
    clientOpId: 'k1',
    status,
    duplicate: false,
    code,
    message: code && 'Not now.',
    details: null,
    result: null,
    appliedSeq: null,
  }) as Verdict
const send = (key: string): IntentEvent<Input> => ({ on: 'send', key, input })
const answered = (status: Verdict['status'], code?: string): IntentEvent<Input> => ({
  on: 'verdict',
  verdict: verdict(status, code),
})
const fault = (mayHaveBeenDone: boolean): IntentEvent<Input> => ({
  on: 'fault',
  problem: { code: 'NETWORK', message: 'The server cannot be reached.' },
  mayHaveBeenDone,
})
const again: IntentEvent<Input> = { on: 'again' }
const dismiss: IntentEvent<Input> = { on: 'dismiss' }
const following = (...events: IntentEvent<Input>[]) =>
  events.reduce<Intent<Input>>((intent, event) => intentAfter(intent, event), { is: 'idle' })

describe('an intent', () => {
  it('is sent under its key, and done by the verdict', () => {
    expect(following(send('k1'))).toEqual({ is: 'sending', key: 'k1', input })
    expect(following(send('k1'), answered('APPLIED'))).toEqual({ is: 'done', verdict: verdict('APPLIED') })
  })

  it('that got no answer is sent again under the same key, with the same input', () => {
    expect(following(send('k1'), fault(true))).toEqual({ is: 'lost', key: 'k1', input, putOff: false })
    expect(following(send('k1'), fault(true), again)).toEqual({ is: 'sending', key: 'k1', input })
  })

  it('that was put off is sent again under the same key', () => {
    expect(following(send('k1'), answered('DEFERRED', 'BUSY'))).toEqual({
      is: 'lost',
      key: 'k1',
      input,
      putOff: true,
    })
  })

  it('keeps everything else waiting while nobody knows what became of it', () => {
    for (const events of [[send('k1')], [send('k1'), fault(true)]]) {
      expect(isOpen(following(...events))).toBe(true)
      expect(following(...events, send('k2'))).toEqual(following(...events))
    }
    expect(isOpen(following(send('k1'), answered('REJECTED', 'BRANCH_FROZEN')))).toBe(false)
  })

  it('that was decided against is over: the next is another, under a new key', () => {
    const refused = following(send('k1'), answered('REJECTED', 'BRANCH_FROZEN'))
    expect(refused).toEqual({ is: 'refused', problem: { code: 'BRANCH_FROZEN', message: 'Not now.' } })
    expect(intentAfter(refused, again)).toBe(refused)
    expect(intentAfter(refused, send('k2'))).toEqual({ is: 'sending', key: 'k2', input })
  })

  it('that was decided against marks the fields that the gateway names', () => {
    const issues = ['payload.actingDays', 'payload.lines[0].quantity', 'branchId'].map((path) => ({ path }))
    const refusal = { ...verdict('REJECTED', 'PAYLOAD_INVALID'), details: { issues } }
    const refused = following(send('k1'), { on: 'verdict', verdict: refusal })
    expect([...fieldsIn(refused)]).toEqual(['actingDays', 'lines'])
    expect(fieldsIn(following(send('k1'), answered('REJECTED', 'BRANCH_FROZEN'))).size).toBe(0)
    expect(fieldsIn(following(send('k1'))).size).toBe(0)
  })

  it('that was certainly not sent is refused, with the reason', () => {
    expect(following(send('k1'), fault(false))).toMatchObject({ is: 'refused', problem: { code: 'NETWORK' } })
  })

  it('can be left, but not while it is under way', () => {
    expect(following(send('k1'), dismiss)).toMatchObject({ is: 'sending' })
    expect(following(send('k1'), fault(true), dismiss)).toEqual({ is: 'idle' })
  })

  it('takes no answer that comes when none is waited for', () => {
    const done = following(send('k1'), answered('APPLIED'))
    expect(intentAfter(done, fault(true))).toBe(done)
    expect(following(answered('APPLIED'))).toEqual({ is: 'idle' })
  })
})
