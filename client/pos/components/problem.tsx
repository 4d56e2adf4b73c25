import { Alert } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { type Problem as Reason, useReason } from '../../ui/reasons.ts'

/** Why something was not done, read out at once. */
export function Problem({ of, children }: { of: Reason; children?: ReactNode }) {
  const reason = useReason()
  return (
    <Alert color="red" icon={<IconAlertTriangle />} role="alert" title={reason(of)}>
      {children}
    </Alert>
  )
}
