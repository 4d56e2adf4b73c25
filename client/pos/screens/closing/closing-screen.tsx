import { Button, Group, Stack, Text } from '@mantine/core'
import { IconReceiptOff } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { useEntity } from '../../../react/index.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { useScreenTitle } from '../../components/screen.tsx'
import { PrintButton } from '../receipt/print-button.tsx'
import classes from '../receipt/receipt.module.css'
import { ClosingSlip } from './closing-slip.tsx'

/** What a closing came to; it is kept for as long as the branch's stream has the session. */
export function ClosingScreen({ cashSessionId }: { cashSessionId: string }) {
  const { t } = useTranslation('pos')
  const [, navigate] = useLocation()
  const session = useEntity('cashSession', cashSessionId)
  useScreenTitle(t('cash.slip.title'))
  if (!session) return <EmptyState isScreen icon={IconReceiptOff} title={t('cash.slip.missing')} />
  return (
    <div className={classes.screen}>
      <Stack className={classes.side}>
        <Text component="h1" fw={650} size="xl">
          {t(session.status === 'OPEN' ? 'cash.slip.x' : 'cash.close.done')}
        </Text>
        <Group grow>
          <PrintButton>{t('cash.slip.print')}</PrintButton>
          <Button size="lg" data-testid="closing-done" onClick={() => navigate('/cash')}>
            {t('cash.slip.done')}
          </Button>
        </Group>
      </Stack>
      <ClosingSlip session={session} />
    </div>
  )
}
