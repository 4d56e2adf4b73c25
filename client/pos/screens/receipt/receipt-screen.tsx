import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconReceiptOff } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { useEntity, useSyncStatus } from '../../../react/index.ts'
import { isNothing } from '../../../ui/money.ts'
import { Both } from '../../components/both.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { useScreenTitle } from '../../components/screen.tsx'
import type { Sale } from '../../lib/day.ts'
import { isSale } from '../../lib/queue.ts'
import { PrintButton } from './print-button.tsx'
import classes from './receipt.module.css'
import { ReceiptPaper } from './receipt-paper.tsx'

/** The sale is done: what to give back, the receipt, and on to the next customer. */
export function ReceiptScreen({ saleId }: { saleId: string }) {
  const { t } = useTranslation('pos')
  const [, navigate] = useLocation()
  const sale = useEntity('sale', saleId)
  useScreenTitle(t('pay.receipt.title'))
  const next = () => navigate('/', { replace: true })
  const hasFailed = useSyncStatus(({ failed }) => failed.some((each) => isSale(each, saleId)))
  if (!sale)
    return (
      <EmptyState
        isScreen
        icon={IconReceiptOff}
        title={t(hasFailed ? 'pay.receipt.failed.title' : 'pay.receipt.missing.title')}
        text={t(hasFailed ? 'pay.receipt.failed.text' : 'pay.receipt.missing.text')}
      >
        <Button onClick={next}>{t('pay.receipt.next')}</Button>
      </EmptyState>
    )
  return <Done sale={sale} onNext={next} />
}

/** Within this time a second Enter is the first one's. */
const enterAgainMs = 600

function Done({ sale, onNext }: { sale: Sale; onNext: () => void }) {
  const { t } = useTranslation('pos')
  const nextButton = useRef<HTMLButtonElement>(null)
  const [isPrinted, setPrinted] = useState(false)
  // Not at once: a second Enter, meant for the one before, must not jump past the change.
  useEffect(() => {
    const timer = setTimeout(() => nextButton.current?.focus(), enterAgainMs)
    return () => clearTimeout(timer)
  }, [])
  const { change } = sale.tender
  return (
    <div className={classes.screen}>
      <Stack className={classes.side}>
        <div role="status">
          <Text component="h1" fw={650} size="xl">
            {t('pay.receipt.done')}
          </Text>
          <Text c="dimmed" mt="md">
            {t('pay.receipt.giveBack')}
          </Text>
          <div className={classes.change} data-testid="change">
            {isNothing(change) ? t('pay.noChange') : <Both of={change} />}
          </div>
        </div>
        <Group grow>
          <PrintButton onPrinted={() => setPrinted(true)}>{t('pay.receipt.print')}</PrintButton>
          <Button ref={nextButton} size="lg" data-testid="next-sale" onClick={onNext}>
            {t('pay.receipt.next')}
          </Button>
        </Group>
        {sale.receiptNumber === null && <Alert color="yellow">{t('pay.receipt.provisionalText')}</Alert>}
      </Stack>
      <ReceiptPaper sale={sale} isCopy={isPrinted} />
    </div>
  )
}
