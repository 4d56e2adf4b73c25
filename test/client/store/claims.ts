/**
 * What a case claims, in words that Node and a page both have.
 */
import { StoreError, type StoreFault } from '../../../client/sdk/store/store.ts'

export function equal(actual: unknown, expected: unknown): void {
  const [is, shouldBe] = [inWords(actual), inWords(expected)]
  if (is !== shouldBe) throw new Error(`expected ${shouldBe}, got ${is}`)
}

function inWords(value: unknown): string {
  return JSON.stringify(value, (_key, each) => (each === undefined ? '(undefined)' : each))
}

/** It fails with a StoreError of this kind. */
export async function failsAs(fault: StoreFault, promise: Promise<unknown>): Promise<StoreError> {
  const thrown = await thrownBy(promise)
  if (!(thrown instanceof StoreError)) throw new Error(`expected a StoreError, got ${thrown}`)
  equal(thrown.fault, fault)
  return thrown
}

export async function thrownBy(promise: Promise<unknown>): Promise<unknown> {
  const nothing = {}
  const thrown = await promise.then(
    () => nothing,
    (reason) => reason,
  )
  if (thrown === nothing) throw new Error('expected it to fail')
  return thrown
}
