import { Button, Stack, Text } from '@mantine/core'
import { IconBuildingStore } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { usePeople, useSyncClient } from '../../../react/index.ts'
import { Heading, useScreenTitle } from '../../components/screen.tsx'
import { useContextOfTill } from '../../hooks/use-context.ts'
import { keepBranch } from '../../lib/kept.ts'
import { StatusButton } from '../../shell/status-button.tsx'
import classes from './sign-in.module.css'
import { useBranchNames } from './use-branch-names.ts'

/** In which of the person's branches this tablet is. Asked once, and remembered. */
export function BranchScreen() {
  const { t } = useTranslation('pos')
  const client = useSyncClient()
  const [, navigate] = useLocation()
  const { tenantId, branchId: current, actorId } = useContextOfTill()
  const person = usePeople(tenantId).find(({ accountId }) => accountId === actorId)
  const branchIds = person?.branchIds ?? [current]
  const nameOf = useBranchNames(tenantId, branchIds)
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
        <Stack w="min(26rem, 100%)">
          <Heading>{t('signIn.branch.title')}</Heading>
          <Text c="dimmed">{t('signIn.branch.text')}</Text>
          {branchIds.map((branchId) => (
            <Button
              key={branchId}
              size="xl"
              variant={branchId === current ? 'filled' : 'default'}
              justify="flex-start"
              leftSection={<IconBuildingStore aria-hidden />}
              data-testid="branch"
              data-id={branchId}
              onClick={() => void choose(branchId)}
            >
              {nameOf(branchId)}
            </Button>
          ))}
        </Stack>
      </div>
    </main>
  )
}
