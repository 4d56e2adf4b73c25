import { Textarea } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** Why somebody does what cannot be taken back. */
export function ReasonField(props: {
  value: string
  onChange: (value: string) => void
  isMissing: boolean
  disabled: boolean
}) {
  const { value, onChange, isMissing, disabled } = props
  const { t } = useTranslation('admin')
  return (
    <Textarea
      label={t('shell.reason')}
      description={t('shell.reasonHint')}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      maxLength={500}
      autosize
      minRows={2}
      error={isMissing && t('shell.required')}
      disabled={disabled}
      data-testid="reason"
    />
  )
}
