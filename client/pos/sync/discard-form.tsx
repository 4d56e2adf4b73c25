import { Button, Stack, Text, TextInput } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

/** Giving something up takes a reason. */
export function DiscardForm({ isBusy, onDiscard }: { isBusy: boolean; onDiscard: (reason: string) => void }) {
  const { t } = useTranslation('pos')
  const [reason, setReason] = useState('')
  function submit(event: SubmitEvent) {
    event.preventDefault()
    if (reason.trim() !== '') onDiscard(reason)
  }
  return (
    <Stack component="form" gap="xs" onSubmit={submit}>
      <Text size="sm">{t('sync.discardText')}</Text>
      <TextInput
        autoFocus
        label={t('sync.discardReason')}
        maxLength={500}
        data-testid="discard-reason"
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Button
        type="submit"
        color="red"
        data-testid="discard-confirm"
        loading={isBusy}
        disabled={reason.trim() === ''}
      >
        {t('sync.discardConfirm')}
      </Button>
    </Stack>
  )
}
