/**
 * Somebody who may approves what whoever is at the till may not do alone: by their PIN, over whatever is on the screen,
 * which stays. What is done is theirs, for the person at the till.
 */
import { createContext, type ReactNode, useContext, useState } from 'react'
import type { Permission } from '../../contract.ts'
import { useSyncClient } from '../../react/index.ts'
import type { Approval } from '../../sdk/index.ts'
import { Covered } from '../components/dialog.tsx'
import { useMe } from '../hooks/use-context.ts'
import { mayAlone } from '../lib/approval.ts'
import { ApprovalDialog } from './approval-dialog.tsx'

/** For `perform` and `online`: nothing where the person may themselves. */
export type Granted = { approval?: Approval }
/** Null: nobody approved it. */
type Approve = (permission: Permission) => Promise<Granted | null>

type Asked = { permission: Permission; settle: (granted: Granted | null) => void }

const ApproveContext = createContext<Approve | null>(null)

export function Approvals({ children }: { children: ReactNode }) {
  const client = useSyncClient()
  const me = useMe()
  const [asked, setAsked] = useState<Asked | null>(null)
  const approve: Approve = (permission) =>
    mayAlone(me.role, permission)
      ? Promise.resolve({})
      : new Promise((settle) => setAsked({ permission, settle }))
  const settle = (granted: Granted | null) => {
    asked?.settle(granted)
    setAsked(null)
  }
  return (
    <ApproveContext value={approve}>
      <Covered value={asked !== null}>{children}</Covered>
      {asked && (
        <ApprovalDialog
          permission={asked.permission}
          approve={(credentials) => client.people.approve(credentials)}
          onApproved={(approval) => settle({ approval })}
          onClose={() => settle(null)}
        />
      )}
    </ApproveContext>
  )
}

/** `const approve = useApprove(); const granted = await approve('sale.void')`: null where nobody approved it. */
export function useApprove(): Approve {
  const approve = useContext(ApproveContext)
  if (!approve) throw new Error('useApprove needs <Approvals> around it')
  return approve
}
