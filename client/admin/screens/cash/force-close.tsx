import { Switch, Text } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { cashSessionForceClose } from '../../../contract.ts'
import { AskButton } from '../../components/ask-button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import rows from '../../components/field-row.module.css'
import { MoneyField } from '../../components/money-field.tsx'
import { ReasonField } from '../../components/reason-field.tsx'
import { formValues } from '../../lib/form-values.ts'
import { parseMoney } from '../../lib/money.ts'
import { useIntentForm } from '../../live/use-intent-form.ts'
import type { Session } from './cash.tsx'

export function ForceClose(props: { session: Session; branchId: string }) {
  const { t } = useTranslation('admin')
  return (
    <AskButton
      variant="default"
      leftSection={<IconLock size={20} />}
      asks={(close) => <Question {...props} onClose={close} />}
      data-testid="force-close"
    >
      {t('cash.forceClose.button')}
    </AskButton>
  )
}

function Question(props: { session: Session; branchId: string; onClose: () => void }) {
  const { session, branchId, onClose } = props
  const { t } = useTranslation('admin')
  const { form, answer } = useIntentForm('cashSession.forceClose', {
    draft: { reason: '', isCounted: false, counted: { usd: '', khr: '' } },
    from: ({ reason, isCounted, counted: { usd, khr } }) =>
      formValues(cashSessionForceClose, {
        cashSessionId: session.id,
        reason,
        ...(isCounted && { counted: { usd: parseMoney('USD', usd), khr: parseMoney('KHR', khr) } }),
      }),
    words: () => ({ usd: t('shell.notAmount'), khr: t('shell.notRiel') }),
    branchId,
    done: () => t('cash.forceClose.done'),
    onDone: onClose,
  })
  return (
    <Dialog
      title={t('cash.forceClose.title')}
      onClose={onClose}
      of={answer}
      confirm={t('cash.forceClose.confirm')}
      isDanger
    >
      <Text>{t('cash.forceClose.text')}</Text>
      <Switch
        label={t('cash.forceClose.counted')}
        {...form.getInputProps('isCounted', { type: 'checkbox' })}
        size="md"
      />
      {form.values.isCounted && (
        <div className={rows.row}>
          <MoneyField
            currency="USD"
            label={t('cash.forceClose.usd')}
            {...form.getInputProps('counted.usd')}
            data-testid="counted-usd"
          />
          <MoneyField
            currency="KHR"
            label={t('cash.forceClose.khr')}
            {...form.getInputProps('counted.khr')}
            data-testid="counted-khr"
          />
        </div>
      )}
      <ReasonField {...form.getInputProps('reason')} />
    </Dialog>
  )
}
