import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconCashRegister } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useBlocked } from '../../../react/index.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { Problem } from '../../components/problem.tsx'
import { JustClosed } from '../closing/just-closed.tsx'
import { OpenSessionDialog } from './open-session-dialog.tsx'

/** No cash session is open: the one thing to do is to open it, beside the slip of the one that was just closed. */
export function ClosedDrawer(props: {
  title: string
  text?: string | undefined
  size: 'lg' | 'xl'
  /** The class of what holds both. */
  className: string | undefined
  /** What is to be said before. */
  children?: ReactNode
}) {
  const { title, text, size, className, children } = props
  const { t } = useTranslation('pos')
  const blocked = useBlocked('cashSession.open')
  const [isOpen, dialog] = useDisclosure(false)
  return (
    <>
      <div className={className}>
        <div>
          <EmptyState icon={IconCashRegister} title={title} text={text}>
            {children}
            {blocked && <Problem of={blocked} />}
            <Button size={size} data-testid="open-session" disabled={blocked !== null} onClick={dialog.open}>
              {t('sell.closed.open')}
            </Button>
          </EmptyState>
        </div>
        <JustClosed />
      </div>
      <OpenSessionDialog opened={isOpen} onClose={dialog.close} />
    </>
  )
}
