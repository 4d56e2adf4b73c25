import { describe, expect, it } from 'vitest'
import { policies, policyRevisions } from '../../src/modules/policy/tables.ts'
import { given, now } from '../support/decider.ts'
import { policy } from '../support/rows.ts'

describe('policy.update', () => {
  it('is a new revision; absent fields keep what they were; the old revision stays', () => {
    const after = given(policy())
      .when('policy.update', { vatRatePercent: 12, khrRoundingMode: 'UP' })
      .thenAccepted({ revision: 2 })
    const values = {
      revision: 2,
      vatEnabled: true,
      vatRatePercent: 12,
      fxRateKhrPerUsd: 4100,
      khrRoundingEnabled: true,
      khrRoundingMode: 'UP',
      khrRoundingGranularity: 100,
    }
    expect(after.one(policies)).toEqual({ branchId: 'riverside', ...values, updatedAt: now })
    expect(after.one(policyRevisions, { revision: 2 })).toEqual({
      branchId: 'riverside',
      ...values,
      publishedAt: now,
    })
    expect(after.one(policyRevisions, { revision: 1 })).toMatchObject({ vatRatePercent: 10 })
    expect(after.audit).toEqual(['POLICY_UPDATED'])
  })

  it('the revision rises by one each time', () => {
    given(policy({ revision: 7 }))
      .when('policy.update', { fxRateKhrPerUsd: 4050 })
      .thenAccepted({ revision: 8 })
  })

  it('a branch without a policy has none to change', () => {
    given(policy({}, 'market')).when('policy.update', { vatEnabled: false }).thenRejected('PAYLOAD_INVALID')
  })

  it.each([
    { vatRatePercent: -1 },
    { vatRatePercent: 101 },
    { vatRatePercent: 7.5 },
    { fxRateKhrPerUsd: 0 },
    { khrRoundingGranularity: 500 },
    { khrRoundingMode: 'HALF_EVEN' },
  ])('refuses %o', (values) => {
    expect(() => given().when('policy.update', values)).toThrow()
  })

  it.each([
    { vatRatePercent: 0 },
    { vatRatePercent: 100 },
    { khrRoundingGranularity: 1000 },
    { khrRoundingMode: 'DOWN' },
  ])('accepts %o', (values) => {
    const after = given(policy()).when('policy.update', values).thenAccepted()
    expect(after.one(policies)).toMatchObject(values)
  })
})
