import { Seats } from '../http/seats.ts'
import { accountKey, type Identity } from '../platform/tokens.ts'

/**
 * Places by account, and by its tenant, whose people can hire as many accounts as they like. What takes one of each, or
 * null where either is full. An identity provider's people are nobody's own to make: they are counted by account alone.
 */
export function accountSeats(limits: { each: number; ofTenant: number; all?: number }) {
  const accounts = new Seats(limits)
  const tenants = new Seats({ each: limits.ofTenant })
  return ({ accountId, tenantId }: Pick<Identity, 'accountId' | 'tenantId'>): (() => void) | null => {
    const leaveTenant = tenantId === null ? () => {} : tenants.take(tenantId)
    const leaveAccount = leaveTenant && accounts.take(accountKey({ accountId, tenantId }))
    if (!leaveAccount) {
      leaveTenant?.()
      return null
    }
    return () => {
      leaveTenant()
      leaveAccount()
    }
  }
}
