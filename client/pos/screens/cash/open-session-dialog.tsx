import { Button, Stack, Text } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { v4 as newId } from 'uuid'
import { usePerform } from '../../../react/index.ts'
import { announce } from '../../announce.ts'
import { Dialog } from '../../components/dialog.tsx'
import { Problem } from '../../components/problem.tsx'
import { moneyOf, untyped } from '../../lib/counted.ts'
import { MoneyFields } from './money-fields.tsx'

export function OpenSessionDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('pos')
  return (
    <Dialog opened={opened} onClose={onClose} title={t('cash.open.title')} isWide>
      <OpenSessionForm onDone={onClose} />
    </Dialog>
  )
}

function OpenSessionForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation('pos')
  const { perform, isPerforming, blocked } = usePerform()
  const [typed, setTyped] = useState(untyped)
  const openingFloat = moneyOf(typed)

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    if (!openingFloat) return
    const done = await perform('cashSession.open', { cashSessionId: newId(), openingFloat })
    if (!done) return
    announce(t('cash.open.done'))
    onDone()
  }

  return (
    <Stack component="form" onSubmit={submit}>
      <Text c="dimmed">{t('cash.open.text')}</Text>
      <MoneyFields
        labels={{ usd: t('cash.open.usd'), khr: t('cash.open.khr') }}
        testIds={{ usd: 'opening-usd', khr: 'opening-khr' }}
        value={typed}
        onChange={setTyped}
      />
      {blocked && <Problem of={blocked} />}
      <Button type="submit" size="lg" data-testid="confirm" loading={isPerforming} disabled={!openingFloat}>
        {t('cash.open.confirm')}
      </Button>
    </Stack>
  )
}
