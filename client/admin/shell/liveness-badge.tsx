import { useTranslation } from 'react-i18next'
import { Tag } from '../components/tag.tsx'
import type { Liveness } from '../lib/connection.ts'
import { useLiveness } from '../live/console.ts'

const colours: Record<Liveness, string> = {
  connecting: 'gray',
  live: 'green',
  polling: 'yellow',
  offline: 'red',
}

/** Whether what is on screen keeps itself up to date. */
export function LivenessBadge() {
  const { t } = useTranslation('admin')
  const liveness = useLiveness()
  return (
    <Tag color={colours[liveness]} role="status" data-testid="liveness" data-liveness={liveness} flex="none">
      {t(`shell.liveness.${liveness}`)}
    </Tag>
  )
}
