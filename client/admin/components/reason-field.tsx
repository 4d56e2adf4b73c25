import { Textarea, type TextareaProps } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** Why somebody does what cannot be taken back. */
export function ReasonField(props: TextareaProps) {
  const { t } = useTranslation('admin')
  return (
    <Textarea
      label={t('shell.reason')}
      description={t('shell.reasonHint')}
      maxLength={500}
      autosize
      minRows={2}
      data-testid="reason"
      {...props}
    />
  )
}
