/**
 * What the gateway has in its books of a branch: what the tills' word is held against. All lists are oldest first.
 */
import type { Client } from '../support/gateway.ts'

type Amounts = { usd: number; khr: number }
export type SaleInBooks = {
  id: string
  receiptNumber: number
  status: 'FINALIZED' | 'VOIDED'
  actorId: string
  cashSessionId: string
  pricedFromStaleCache: boolean
  totals: { totalUsd: number }
  tender: object
  lines: { menuItemId: string; quantity: number; unitUsd: number }[]
}
export type SessionInBooks = {
  id: string
  status: 'OPEN' | 'CLOSED' | 'FORCE_CLOSED'
  openedBy: string
  openingFloat: Amounts
  expected: Amounts
  counted: Amounts | null
  difference: Amounts | null
}
export type WorkInBooks = { id: string; actorId: string; status: 'ACTIVE' | 'COMPLETED' }
export type RejectedInBooks = {
  clientOpId: string
  type: string
  code: string
  actorId: string
  deviceId: string
}
export type EventInBooks = {
  name: string
  actorId: string
  submittedBy: string
  approvedFor: string | null
  lane: 'REPLAY' | 'DIRECT'
  clientOpId: string
}

export type Books = ReturnType<typeof booksOf>

/** `admin`: an ADMIN who is assigned to the branch. */
export function booksOf(admin: Client, branchId: string) {
  const list =
    <Row>(field: string, columns: string) =>
    async (): Promise<Row[]> => {
      const { rows } = await admin.data<{ rows: { edges: { node: Row }[] } }>(
        `query ($tenantId: ID!, $branchId: ID!) {
          rows: ${field}(tenantId: $tenantId, branchId: $branchId, first: 200) { edges { node { ${columns} } } }
        }`,
        { tenantId: admin.tenantId, branchId },
      )
      return rows.edges.map(({ node }) => node).reverse()
    }
  return {
    sales: list<SaleInBooks>(
      'sales',
      'id receiptNumber status actorId cashSessionId pricedFromStaleCache totals { totalUsd } lines tender',
    ),
    sessions: list<SessionInBooks>(
      'cashSessions',
      `id status openedBy openingFloat { usd khr } expected { usd khr } counted { usd khr }
       difference { usd khr }`,
    ),
    work: list<WorkInBooks>('attendance', 'id actorId status'),
    rejected: list<RejectedInBooks>('rejectedOperations', 'clientOpId type code actorId deviceId'),
    events: list<EventInBooks>('auditEvents', 'name actorId submittedBy approvedFor lane clientOpId'),
  }
}
