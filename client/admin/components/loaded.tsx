import { Alert, Button, Skeleton, Stack, Text, VisuallyHidden } from '@mantine/core'
import { IconAlertTriangle, IconClock } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { TransportError } from '../../sdk/index.ts'
import { useReason } from '../../ui/reasons.ts'
import type { Read } from '../live/use-reading.ts'
import { useClock } from './use-clock.ts'

/**
 * What was read, or what stands in its way: a skeleton while it is loaded for the first time, the reason where that
 * failed. What was loaded before stays on screen when the server is away, marked with the time it is of.
 */
export function Loaded<Data>(props: {
  of: Read<Data>
  skeleton?: ReactNode
  children: (data: Data) => ReactNode
}) {
  const { of: read, skeleton = <RowsSkeleton />, children } = props
  const { t } = useTranslation('admin')
  if (read.data === null) {
    if (read.problem) return <LoadFailed problem={read.problem} retry={read.refresh} />
    return (
      <div aria-busy="true">
        <VisuallyHidden role="status">{t('shell.loading')}</VisuallyHidden>
        <div aria-hidden>{skeleton}</div>
      </div>
    )
  }
  return (
    <>
      {read.problem && <Stale asOf={read.asOf!} />}
      {children(read.data)}
    </>
  )
}

export const RowsSkeleton = ({ rows = 6 }: { rows?: number }) => (
  <Stack gap="xs">
    {Array.from({ length: rows }, (_, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: all alike
      <Skeleton key={index} height={48} />
    ))}
  </Stack>
)

function LoadFailed({ problem, retry }: { problem: Error; retry: () => void }) {
  const { t } = useTranslation(['admin', 'ui'])
  const reason = useReason()
  const code = problem instanceof TransportError ? problem.code : 'INTERNAL'
  return (
    <Alert color="red" icon={<IconAlertTriangle />} title={t('shell.failed.title')} role="alert">
      <Text>{reason({ code, message: problem.message })}</Text>
      <Text mb="sm">{t('shell.failed.retry')}</Text>
      <Button variant="default" onClick={retry}>
        {t('ui:action.retry')}
      </Button>
    </Alert>
  )
}

function Stale({ asOf }: { asOf: Date }) {
  const { t } = useTranslation('admin')
  const clock = useClock()
  return (
    <Text c="dimmed" size="sm" mb="xs" data-testid="as-of">
      <IconClock size={16} aria-hidden style={{ verticalAlign: 'text-bottom' }} />{' '}
      {t('shell.asOf', { time: clock(asOf) })}
    </Text>
  )
}
