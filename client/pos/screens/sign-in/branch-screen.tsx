import { Button, Stack, Text } from '@mantine/core'
import { IconBuildingStore, IconUsers } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { useSyncClient, useSyncStatus } from '../../../react/index.ts'
import { Heading, useScreenTitle } from '../../components/screen.tsx'
import { useContextOfTill, usePerson } from '../../hooks/use-context.ts'
import { keepBranch } from '../../lib/kept.ts'
import { unansweredCount } from '../../lib/queue.ts'
import { hasMoved } from '../../lib/sign-in.ts'
import { StatusButton } from '../../shell/status-button.tsx'
import classes from './sign-in.module.css'
import { useBranchNames } from './use-branch-names.ts'

/** In which of the person's branches this tablet is. Asked once, and remembered; and again when they work elsewhere. */
export function BranchScreen() {
  const { t } = useTranslation('pos')
  const client = useSyncClient()
  const [, navigate] = useLocation()
  const context = useContextOfTill()
  const { tenantId, branchId: current, actorId } = context
  const person = usePerson()
  const isMoved = hasMoved(person, context)
  const branchIds = person?.branchIds ?? [current]
  const left = useSyncStatus(unansweredCount)
  const nameOf = useBranchNames(tenantId, isMoved ? [...branchIds, current] : branchIds)
  const advised = isMoved ? branchIds.length === 1 && branchIds[0] : current
  useScreenTitle(t('signIn.branch.title'))

  async function choose(branchId: string) {
    keepBranch(tenantId, branchId)
    if (branchId !== current) await client.switchContext({ tenantId, branchId, actorId })
    navigate('/', { replace: true })
  }

  return (
    <main className={classes.page}>
      <header className={classes.top}>
        <StatusButton />
      </header>
      <div className={classes.middle}>
        <Stack w="min(26rem, 100%)" data-testid={isMoved ? 'moved' : undefined}>
          <Heading>{t('signIn.branch.title')}</Heading>
          {isMoved ? (
            <Text>{t('signIn.branch.moved', { name: person?.name ?? '', branch: nameOf(current) })}</Text>
          ) : (
            <Text c="dimmed">{t('signIn.branch.text')}</Text>
          )}
          {isMoved && branchIds.length === 0 && <Text fw={600}>{t('signIn.branch.none')}</Text>}
          {branchIds.map((branchId) => (
            <Button
              key={branchId}
              size="xl"
              variant={branchId === advised ? 'filled' : 'default'}
              justify="flex-start"
              leftSection={<IconBuildingStore aria-hidden />}
              data-testid="branch"
              data-id={branchId}
              onClick={() => void choose(branchId)}
            >
              {nameOf(branchId)}
            </Button>
          ))}
          {isMoved && left > 0 && (
            <Text c="dimmed">{t('signIn.branch.left', { count: left, branch: nameOf(current) })}</Text>
          )}
          {isMoved && (
            <Button
              variant={branchIds.length === 0 ? 'filled' : 'subtle'}
              leftSection={<IconUsers size={20} aria-hidden />}
              onClick={() => navigate('/people')}
            >
              {t('shell.person.switch')}
            </Button>
          )}
        </Stack>
      </div>
    </main>
  )
}
