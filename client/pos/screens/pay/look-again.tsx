import { Button, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Money } from '../../../contract.ts'
import { khr } from '../../../ui/format.ts'
import { bothText } from '../../components/both.tsx'
import { Dialog } from '../../components/dialog.tsx'
import type { Doubt } from '../../lib/tender.ts'

/** Nobody hands over so much: a question before the sale is finished. Enter corrects, so that no key goes on by itself. */
export function LookAgain(props: {
  doubt: Doubt
  received: Money
  change: Money
  onCorrect: () => void
  onRiel: (amount: number) => void
  onConfirm: () => void
}) {
  const { doubt, received, change, onCorrect, onRiel, onConfirm } = props
  const { t } = useTranslation('pos')
  return (
    <Dialog opened onClose={onCorrect} title={t('pay.doubt.title')}>
      <Stack data-testid="look-again">
        <Text>{t(`pay.doubt.${doubt.why}`, { received: bothText(received), change: bothText(change) })}</Text>
        {doubt.asRiel !== null && (
          <Button size="lg" data-testid="as-riel" onClick={() => onRiel(doubt.asRiel!)}>
            {t('pay.doubt.riel', { amount: khr(doubt.asRiel) })}
          </Button>
        )}
        <Button size="lg" variant="default" data-autofocus data-testid="correct" onClick={onCorrect}>
          {t('pay.doubt.correct')}
        </Button>
        <Button size="lg" variant="default" data-testid="take-it" onClick={onConfirm}>
          {t('pay.doubt.take', { received: bothText(received) })}
        </Button>
      </Stack>
    </Dialog>
  )
}
