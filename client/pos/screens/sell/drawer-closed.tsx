import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconCashRegister } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useBlocked } from '../../../react/index.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { Problem } from '../../components/problem.tsx'
import { Heading } from '../../components/screen.tsx'
import { OpenSessionDialog } from '../cash/open-session-dialog.tsx'

/** Nothing is sold without a cash session: the one thing to do is to open it. */
export function DrawerClosed() {
  const { t } = useTranslation('pos')
  const blocked = useBlocked('cashSession.open')
  const [isOpen, dialog] = useDisclosure(false)
  return (
    <>
      <Heading isHidden>{t('sell.title')}</Heading>
      <EmptyState icon={IconCashRegister} title={t('sell.closed.title')} text={t('sell.closed.text')}>
        {blocked && <Problem of={blocked} />}
        <Button size="xl" data-testid="open-session" disabled={blocked !== null} onClick={dialog.open}>
          {t('sell.closed.open')}
        </Button>
      </EmptyState>
      <OpenSessionDialog opened={isOpen} onClose={dialog.close} />
    </>
  )
}
