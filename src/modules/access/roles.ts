/**
 * The roles of people, least first: each may do what the ones before it may. Pure.
 */
export const roles = ['STAFF', 'CASHIER', 'MANAGER', 'ADMIN'] as const
export type Role = (typeof roles)[number]

/** Whether the role may do what one with a guessed PIN would like to. */
export const isInCharge = (role: string | undefined): boolean => role === 'MANAGER' || role === 'ADMIN'

/** What a module lets people do: the least role that has each permission. */
export type Grants = Readonly<Record<string, Role>>

/** Tells whether a role may do something; nobody may what no module names. */
export type May = (role: string, permission: string) => boolean

const rank = (role: string) => roles.indexOf(role as Role)

export const mayBy =
  (grants: Readonly<Record<string, string>>): May =>
  (role, permission) => {
    const least = rank(grants[permission] ?? '')
    return least >= 0 && rank(role) >= least
  }
