/** Rows of a small café, as tests of the deciders start from. */

import type { Role } from '../../src/modules/access/roles.ts'
import { deviceSignIns, memberBranches, members } from '../../src/modules/access/tables.ts'
import { attendances } from '../../src/modules/attendance/tables.ts'
import { cashSessions } from '../../src/modules/cash-session/tables.ts'
import { stockItems } from '../../src/modules/inventory/tables.ts'
import type { Component } from '../../src/modules/menu/contract.ts'
import {
  menuCategories,
  menuItemRevisions,
  menuItems,
  modifierGroups,
  type PublishedGroup,
} from '../../src/modules/menu/tables.ts'
import type { PolicyEntity } from '../../src/modules/policy/contract.ts'
import { defaultPolicy, publishPolicy } from '../../src/modules/policy/publish.ts'
import { branches, tenants } from '../../src/modules/tenant/tables.ts'
import type { Row, Write } from '../../src/sync/table.ts'
import { aMinuteBefore } from './decider.ts'

export const ids = {
  session: '11111111-1111-4111-8111-111111111111',
  otherSession: '22222222-2222-4222-8222-222222222222',
  sale: '33333333-3333-4333-8333-333333333333',
  movement: '44444444-4444-4444-8444-444444444444',
  attendance: '55555555-5555-4555-8555-555555555555',
  op: '66666666-6666-4666-8666-666666666666',
}

export const session = (row: Partial<Row<typeof cashSessions>> = {}): Write =>
  cashSessions.row({
    id: ids.session,
    branchId: 'riverside',
    status: 'OPEN',
    openedBy: 'sophea',
    openedAt: aMinuteBefore,
    openingUsd: 5000,
    openingKhr: 200_000,
    expectedUsd: 5000,
    expectedKhr: 200_000,
    countedUsd: null,
    countedKhr: null,
    closedBy: null,
    closedAt: null,
    note: null,
    ...row,
  })

export const policy = (values: Partial<PolicyEntity> = {}, branchId = 'riverside'): Write[] =>
  publishPolicy(branchId, { ...defaultPolicy, revision: 1, ...values }, aMinuteBefore)

export const category = (row: Partial<Row<typeof menuCategories>> = {}): Write =>
  menuCategories.row({ id: 'coffee', name: 'Coffee', position: 0, removed: false, ...row })

export const size: PublishedGroup = {
  id: 'size',
  name: 'Size',
  minSelections: 1,
  maxSelections: 1,
  options: [
    { id: 'regular', name: 'Regular', priceUsd: 0 },
    { id: 'large', name: 'Large', priceUsd: 50, components: [component('milk', 60)] },
  ],
}
export const extras: PublishedGroup = {
  id: 'extras',
  name: 'Extras',
  minSelections: 0,
  maxSelections: 2,
  options: [
    { id: 'shot', name: 'Extra shot', priceUsd: 50, components: [component('beans', 9)] },
    {
      id: 'oat',
      name: 'Oat milk',
      priceUsd: 60,
      components: [component('milk', -180), component('oat-milk', 180)],
    },
    { id: 'own-cup', name: 'Own cup', priceUsd: -20 },
  ],
}

export const group = (row: PublishedGroup = size, removed = false): Write =>
  modifierGroups.row({ ...row, removed })

export function component(
  stockItemId: string,
  quantity: number,
  tracking: Component['tracking'] = 'TRACKED',
): Component {
  return { stockItemId, name: stockItemId, unit: 'g', quantity, tracking }
}

/** An item as it is on the menu now; `revision` its own. */
export const item = (row: Partial<Row<typeof menuItems>> = {}): Write =>
  menuItems.row({
    id: 'latte',
    revision: 1,
    name: 'Latte',
    categoryId: 'coffee',
    priceUsd: 250,
    modifierGroupIds: ['size', 'extras'],
    recipe: [component('beans', 18), component('milk', 180), component('ice', 100, 'NOT_TRACKED')],
    visibleIn: null,
    archived: false,
    removed: false,
    ...row,
  })

/** What a revision of it was when it was published. */
export const published = (row: Partial<Row<typeof menuItemRevisions>> = {}): Write =>
  menuItemRevisions.row({
    menuItemId: 'latte',
    revision: 1,
    name: 'Latte',
    categoryId: 'coffee',
    categoryName: 'Coffee',
    priceUsd: 250,
    modifierGroups: [size, extras],
    recipe: [component('beans', 18), component('milk', 180), component('ice', 100, 'NOT_TRACKED')],
    publishedAt: aMinuteBefore,
    ...row,
  })

export const stock = (id: string, onHand: number, branchId = 'riverside'): Write =>
  stockItems.row({ branchId, id, name: id, unit: 'g', onHand, lowAt: null })

export const atWork = (row: Partial<Row<typeof attendances>> = {}): Write =>
  attendances.row({
    id: ids.attendance,
    branchId: 'riverside',
    actorId: 'sophea',
    status: 'ACTIVE',
    startedAt: aMinuteBefore,
    endedAt: null,
    startLocation: null,
    endLocation: null,
    ...row,
  })

export const member = (accountId: string, role: Role, row: Partial<Row<typeof members>> = {}): Write =>
  members.row({
    accountId,
    staffCode: accountId,
    name: accountId,
    role,
    status: 'ACTIVE',
    tokenGeneration: 0,
    ...row,
  })

export const assigned = (accountId: string, branchIds = ['riverside']): Write[] =>
  branchIds.map((branchId) => memberBranches.row({ accountId, branchId, ended: false }))
export const unassigned = (accountId: string, branchId = 'riverside'): Write =>
  memberBranches.row({ accountId, branchId, ended: true })

export const tenant = (status = 'ACTIVE', row: Partial<Row<typeof tenants>> = {}): Write =>
  tenants.row({
    name: 'Demo',
    status,
    actingDays: 30,
    deviceEnrolment: 'OPEN',
    managerPinDigits: 4,
    refuseWeakPins: false,
    refuseRevisionsOlderDays: null,
    timeZone: 'Asia/Phnom_Penh',
    ...row,
  })
export const branch = (branchId = 'riverside', status = 'ACTIVE'): Write =>
  branches.row({ branchId, name: branchId, status, timeZone: 'Asia/Phnom_Penh' })
export const signedIn = (accountId: string, deviceId = 'till-1'): Write =>
  deviceSignIns.row({ deviceId, accountId, signedInAt: aMinuteBefore })
