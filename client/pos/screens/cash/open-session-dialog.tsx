import { Button, Group, Stack, Text } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { v7 as newId } from 'uuid'
import { useEntities, usePerform } from '../../../react/index.ts'
import { announce } from '../../announce.ts'
import { bothText } from '../../components/both.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Problem } from '../../components/problem.tsx'
import { isUntyped, moneyOf, typedKhr, typedUsd, untyped } from '../../lib/counted.ts'
import { lastClosed } from '../../lib/drawer.ts'
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
  // Nothing typed is no count: one tap must not open on an empty drawer.
  const openingFloat = isUntyped(typed) ? null : moneyOf(typed)
  const last = lastClosed(useEntities('cashSession'))?.counted

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
      {isUntyped(typed) && (
        <Group>
          {last && (
            <Button
              variant="light"
              data-testid="as-counted"
              onClick={() => setTyped({ usd: typedUsd(last.usd), khr: typedKhr(last.khr) })}
            >
              {t('cash.open.asCounted', { amount: bothText(last) })}
            </Button>
          )}
          <Button
            variant="default"
            data-testid="empty-drawer"
            onClick={() => setTyped({ usd: '0', khr: '0' })}
          >
            {t('cash.open.empty')}
          </Button>
        </Group>
      )}
      {blocked && <Problem of={blocked} />}
      <Button type="submit" size="lg" data-testid="confirm" loading={isPerforming} disabled={!openingFloat}>
        {t('cash.open.confirm')}
      </Button>
    </Stack>
  )
}
