import { ActionIcon, Button } from '@mantine/core'
import { IconClockPause, IconClockPlay } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { v7 as newId } from 'uuid'
import { useBlocked, useEntities, usePerform, useSyncStatus } from '../../react/index.ts'
import { useReason } from '../../ui/reasons.ts'
import { announce } from '../announce.ts'
import { useContextOfTill, useRightNow } from '../hooks/use-context.ts'
import { runningWork, timeSince } from '../lib/work.ts'

/** Starts and ends the person's work; while it runs, it says for how long. */
export function WorkButton({ isCompact = false }: { isCompact?: boolean }) {
  const { t } = useTranslation('pos')
  const reason = useReason()
  const { actorId } = useContextOfTill()
  const { perform, isPerforming } = usePerform()
  const running = runningWork(useEntities('attendance', { where: { actorId } }), actorId)
  const blocked = useBlocked(running ? 'attendance.endWork' : 'attendance.startWork')
  // A new tablet does not know yet whether they are at work.
  const isKnown = useSyncStatus(({ ready }) => ready)
  const now = useRightNow(30_000)

  async function mark() {
    const done = running
      ? await perform('attendance.endWork', { attendanceId: running.id })
      : await perform('attendance.startWork', { attendanceId: newId() })
    if (done) announce(t(running ? 'shell.work.ended' : 'shell.work.started'))
  }

  const name = t(running ? 'shell.work.end' : 'shell.work.start')
  const hint = blocked
    ? reason(blocked)
    : running
      ? t('shell.work.runs', timeSince(running.startedAt, now))
      : name
  const Icon = running ? IconClockPause : IconClockPlay
  const common = {
    'data-testid': running ? 'end-work' : 'start-work',
    variant: running ? 'light' : 'default',
    color: running ? 'green' : undefined,
    title: hint,
    loading: isPerforming,
    disabled: blocked !== null || !isKnown,
    onClick: () => void mark(),
  } as const
  return isCompact ? (
    <ActionIcon {...common} aria-label={name}>
      <Icon />
    </ActionIcon>
  ) : (
    <Button {...common} leftSection={<Icon size={20} aria-hidden />} px="md">
      {name}
    </Button>
  )
}
