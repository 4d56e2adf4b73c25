import { useEffect, useState } from 'react'
import { useSyncClient } from '../../../react/index.ts'
import type { Document } from '../../../sdk/index.ts'
import { keepBranchName, keptBranchNames } from '../../lib/kept.ts'
import { readableId } from '../../lib/sign-in.ts'

const branchQuery: Document<{ branch: { name: string } }, { tenantId: string; branchId: string }> = `
  query BranchName($tenantId: ID!, $branchId: ID!) {
    branch(tenantId: $tenantId, branchId: $branchId) { name }
  }`

/** What the branches are called: as the gateway says, or as it once said, or else by their ids. */
export function useBranchNames(tenantId: string, branchIds: readonly string[]): (branchId: string) => string {
  const client = useSyncClient()
  const [names, setNames] = useState(() => keptBranchNames(tenantId))
  const wanted = branchIds.join(' ')
  useEffect(() => {
    let isShown = true
    for (const branchId of wanted.split(' '))
      client.read(branchQuery, { tenantId, branchId }).then(
        ({ branch }) => {
          keepBranchName(tenantId, branchId, branch.name)
          if (isShown) setNames((before) => ({ ...before, [branchId]: branch.name }))
        },
        () => {},
      )
    return () => {
      isShown = false
    }
  }, [client, tenantId, wanted])
  return (branchId) => names[branchId] ?? readableId(branchId)
}
