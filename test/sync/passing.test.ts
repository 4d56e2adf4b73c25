import { expect, it } from 'vitest'
import { Passing } from '../../src/sync/passing.ts'

it("is of both threads, and what one had in hand that has ended stands in nobody's way", () => {
  const own = new Passing()
  const other = new Passing(own.shared, 'other')
  const leave = own.enter('till')
  expect([own.isBeside('crowd'), other.isBeside('crowd')]).toEqual([true, true])
  expect([own.isBeside('till'), other.isBeside('till')]).toEqual([false, false])
  leave()
  other.enter('till')
  expect([own.isBeside('crowd'), other.isBeside('crowd')]).toEqual([true, true])
  own.forgetOther()
  expect([own.isBeside('crowd'), other.isBeside('crowd')]).toEqual([false, false])
})
