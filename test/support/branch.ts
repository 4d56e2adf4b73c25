import { randomUUID } from 'node:crypto'
import type { Client } from './gateway.ts'

type StaffPage = { staff: { edges: { node: { accountId: string; branchIds: string[] } }[] } }

/** Opens a branch of a test's own, with the people named assigned to it (and the ADMIN who opens it). */
export async function newBranch(admin: Client, ...accountIds: string[]): Promise<string> {
  const branchId = `branch-${randomUUID().slice(0, 8)}`
  const opened = await admin.direct('branchSave', { name: branchId }, { branchId })
  if (opened.status !== 'APPLIED') throw new Error(`no branch: ${opened.code}`)
  await assign(admin, branchId, ...accountIds)
  return branchId
}

/** Adds a branch to those that people are assigned to. */
export async function assign(admin: Client, branchId: string, ...accountIds: string[]): Promise<void> {
  const { staff } = await admin.data<StaffPage>(
    'query ($tenantId: ID!) { staff(tenantId: $tenantId, first: 200) { edges { node { accountId branchIds } } } }',
    { tenantId: admin.tenantId },
  )
  for (const { node } of staff.edges) {
    if (!accountIds.includes(node.accountId)) continue
    const branchIds = [...node.branchIds, branchId]
    const saved = await admin.direct(
      'staffSave',
      { accountId: node.accountId, branchIds },
      { branchId: null },
    )
    if (saved.status !== 'APPLIED') throw new Error(`${node.accountId} is not assigned: ${saved.code}`)
  }
}
