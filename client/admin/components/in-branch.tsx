import type { ReactNode } from 'react'
import { defaultTimeZone } from '../../contract.ts'
import { TimeZone } from '../../ui/format.ts'
import { useConsole } from '../live/console.ts'

/** What is of a branch has its times as they are there; what is the whole tenant's (null), as the tenant says. */
export function InBranch({ branchId, children }: { branchId: string | null; children: ReactNode }) {
  return <TimeZone value={useZoneOf(branchId)}>{children}</TimeZone>
}

export function useZoneOf(branchId: string | null): string {
  const { branches, timeZone } = useConsole()
  return branches.find((each) => each.branchId === branchId)?.timeZone ?? timeZone ?? defaultTimeZone
}
