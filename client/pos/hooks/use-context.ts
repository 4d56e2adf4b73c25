/**
 * Who works where: what a signed-in screen may take for granted.
 */
import { useMemo } from 'react'
import { defaultTimeZone, may, type Permission, placedAt, type Role } from '../../contract.ts'
import { useEntities, useEntity, usePeople, useSyncStatus } from '../../react/index.ts'
import type { Context, Entity, Person } from '../../sdk/index.ts'
import { useNowPutRight } from '../../ui/use-now.ts'

/** Throws where nobody is signed in: the app shows such screens to people who are. */
export function useContextOfTill(): Context {
  const context = useSyncStatus((status) => status.context)
  if (!context) throw new Error('nobody is signed in')
  return context
}

export type Me = { id: string; name: string; role: Role | null }

/** The person at the till; by what the branch says of them, or else by what they signed in as. */
export function useMe(): Me {
  const { actorId } = useContextOfTill()
  const member = useEntity('staffMember', actorId)
  const signedIn = usePerson()
  const known = member ?? signedIn
  return { id: actorId, name: known?.name ?? actorId, role: known?.role ?? null }
}

/** Whether the person's role has the permission; a role that is not known yet is not in anybody's way. */
export function useMay(permission: Permission): boolean {
  const { role } = useMe()
  return role === null || may(role, permission)
}

/** Whoever is at work, as they signed in on this tablet. */
export function usePerson(): Person | undefined {
  const { tenantId, actorId } = useContextOfTill()
  return usePeople(tenantId).find(({ accountId }) => accountId === actorId)
}

export function useBranch(): Entity<'branch'> | undefined {
  return useEntity('branch', useContextOfTill().branchId)
}

/** By which the branch's days are. */
export const useTimeZone = (): string => useBranch()?.timeZone ?? defaultTimeZone

/** Now, anew every so often: where this device's clock is known to be wrong, put right as the times of its sales are. */
export function useRightNow(everyMs: number): Date {
  const skew = useSyncStatus(({ clockSkewMs }) => clockSkewMs)
  return useNowPutRight(everyMs, (now) => placedAt(new Date(now), skew))
}

/** Somebody's name: of the branch's people, or of this tablet's. */
export function useNameOf(): (accountId: string) => string {
  const { tenantId } = useContextOfTill()
  const people = usePeople(tenantId)
  const members = useMembers()
  return (accountId) =>
    members.get(accountId)?.name ?? people.find((person) => person.accountId === accountId)?.name ?? accountId
}

function useMembers(): ReadonlyMap<string, Entity<'staffMember'>> {
  const members = useEntities('staffMember')
  return useMemo(() => new Map(members.map((member) => [member.id, member])), [members])
}
