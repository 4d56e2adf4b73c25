import { Alert } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { OperationBlocked } from '../../sdk/index.ts'
import { type Problem as Reason, useReason } from '../../ui/reasons.ts'
import { obstacleFor } from '../lib/advice.ts'

/** Why something was not done, and what to do about it where that is known; read out at once. */
export function Problem({ of, children }: { of: Reason; children?: ReactNode }) {
  const { t } = useTranslation('pos')
  const reason = useReason()
  const obstacle = obstacleFor(of.code)
  const isNotRecorded = of instanceof OperationBlocked && obstacle === 'full'
  const advice =
    obstacle && `${isNotRecorded ? `${t('sync.notRecorded')} ` : ''}${t(`sync.obstacle.${obstacle}`)}`
  return (
    <Alert color="red" icon={<IconAlertTriangle />} role="alert" title={reason(of)}>
      {children || advice}
    </Alert>
  )
}
