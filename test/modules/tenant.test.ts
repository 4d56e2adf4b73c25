import { describe, expect, it } from 'vitest'
import { memberBranches } from '../../src/modules/access/tables.ts'
import { policies, policyRevisions } from '../../src/modules/policy/tables.ts'
import { branches, tenants } from '../../src/modules/tenant/tables.ts'
import { given } from '../support/decider.ts'
import { assigned, branch, member, tenant } from '../support/rows.ts'

const admin = [member('sophea', 'ADMIN'), ...assigned('sophea')]

describe('tenant.save', () => {
  it('changes the settings that it names, and may take one back', () => {
    const after = given(admin, tenant())
      .when('tenant.save', { refuseRevisionsOlderDays: 7, actingDays: 3 })
      .thenAccepted({ tenantId: 'demo' })
    expect(after.one(tenants)).toMatchObject({ name: 'Demo', actingDays: 3, refuseRevisionsOlderDays: 7 })
    expect(after.audit).toEqual(['TENANT_SAVED'])
    const back = given(admin, tenant('ACTIVE', { refuseRevisionsOlderDays: 7 }))
      .when('tenant.save', { refuseRevisionsOlderDays: null })
      .thenAccepted()
    expect(back.one(tenants).refuseRevisionsOlderDays).toBeNull()
  })
})

describe('branch.save', () => {
  it('opens a branch with a policy to start from, and assigns who opened it', () => {
    const after = given(admin)
      .when('branch.save', { name: 'Airport' }, { branchId: 'airport' })
      .thenAccepted({ branchId: 'airport' })
    expect(after.one(branches)).toEqual({
      branchId: 'airport',
      name: 'Airport',
      status: 'ACTIVE',
      timeZone: 'Asia/Phnom_Penh',
    })
    expect(after.one(policies)).toMatchObject({ branchId: 'airport', revision: 1, vatRatePercent: 10 })
    expect(after.one(policyRevisions)).toMatchObject({ branchId: 'airport', revision: 1 })
    expect(after.all(memberBranches).map(({ branchId }) => branchId)).toEqual(['riverside', 'airport'])
    expect(after.audit).toEqual(['BRANCH_SAVED'])
  })

  it('renames a branch and leaves the rest as it was', () => {
    const after = given(admin, branch())
      .when('branch.save', { name: 'River' }, { branchId: 'riverside' })
      .thenAccepted()
    expect(after.one(branches)).toMatchObject({ name: 'River', timeZone: 'Asia/Phnom_Penh' })
    expect(after.written).toBe(1)
  })

  it('its days are by its zone: the tenant’s to begin with, its own once it was said', () => {
    const abroad = given(admin, tenant('ACTIVE', { timeZone: 'Europe/Paris' }))
    const begun = abroad.when('branch.save', { name: 'Airport' }, { branchId: 'airport' }).thenAccepted()
    expect(begun.one(branches).timeZone).toBe('Europe/Paris')
    const set = given(admin, branch())
      .when('branch.save', { name: 'River', timeZone: 'Asia/Bangkok' }, { branchId: 'riverside' })
      .thenAccepted()
    expect(set.one(branches).timeZone).toBe('Asia/Bangkok')
    for (const timeZone of ['+07:00', 'Asia/Nowhere', ''])
      expect(() => given(admin).when('branch.save', { name: 'A', timeZone })).toThrow()
  })

  it('no role implies a branch: an ADMIN who is not assigned cannot rename it', () => {
    given(admin, branch('market'))
      .when('branch.save', { name: 'Mine now' }, { branchId: 'market' })
      .thenRejected('NO_BRANCH_ACCESS')
  })

  it('FROZEN stops every write: the name stays', () => {
    given(admin, branch('riverside', 'FROZEN'))
      .when('branch.save', { name: 'River' }, { branchId: 'riverside' })
      .thenRejected('BRANCH_FROZEN')
  })

  it('needs a branch', () => {
    given(admin).when('branch.save', { name: 'Nowhere' }).thenRejected('BRANCH_CONTEXT_REQUIRED')
  })
})

describe('branch.freeze and branch.unfreeze', () => {
  it.each([
    ['branch.freeze', 'ACTIVE', 'FROZEN', 'BRANCH_FROZEN'],
    ['branch.unfreeze', 'FROZEN', 'ACTIVE', 'BRANCH_UNFROZEN'],
  ])('%s: %s becomes %s', (type, before, status, audit) => {
    const after = given(branch('riverside', before))
      .when(type, {})
      .thenAccepted({ branchId: 'riverside', status })
    expect(after.one(branches).status).toBe(status)
    expect(after.audit).toEqual([audit])
  })

  it.each([
    ['branch.freeze', 'FROZEN'],
    ['branch.unfreeze', 'ACTIVE'],
  ])('%s of what is %s already changes nothing', (type, status) => {
    const after = given(branch('riverside', status))
      .when(type, {})
      .thenAccepted({ branchId: 'riverside', status })
    expect(after).toMatchObject({ written: 0, audit: [] })
  })
})
