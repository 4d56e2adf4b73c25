import { SegmentedControl, Switch, Text, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { PolicyValues } from '../../../contract.ts'
import { khr } from '../../../ui/format.ts'
import { EditForm } from '../../components/edit-form.tsx'
import { changedIn } from '../../lib/changed-in.ts'
import type { Policy, PolicyDraft } from '../../lib/policy.ts'
import { useMay } from '../../live/console.ts'
import { useIntent } from '../../live/use-intent.ts'

const modes = ['NEAREST', 'UP', 'DOWN'] as const
const granularities = [100, 1000] as const

export function PolicyForm(props: {
  branchId: string
  policy: Policy
  draft: PolicyDraft
  values: PolicyValues | null
  wrong: ReadonlySet<string> | null
  onChange: (part: Partial<PolicyDraft>) => void
  onReset: () => void
}) {
  const { branchId, policy, draft, values, wrong, onChange, onReset } = props
  const { t } = useTranslation('admin')
  const mayEdit = useMay('policy.edit')
  const intent = useIntent('policy.update', { branchId, done: t('policy.saved'), onDone: onReset })
  const isLocked = !mayEdit || intent.isOpen
  return (
    <EditForm
      intent={intent}
      changes={values && changedIn(values, policy)}
      mayEdit={mayEdit}
      onReset={onReset}
      save="save-policy"
    >
      <Switch
        size="md"
        label={t('policy.vatEnabled')}
        checked={draft.vatEnabled}
        onChange={(event) => onChange({ vatEnabled: event.currentTarget.checked })}
        disabled={isLocked}
      />
      <TextInput
        label={t('policy.vatRate')}
        inputMode="numeric"
        rightSection="%"
        value={draft.vatRatePercent}
        onChange={(event) => onChange({ vatRatePercent: event.currentTarget.value })}
        error={wrong?.has('vatRatePercent') && t('policy.vatRateWrong')}
        readOnly={!mayEdit}
        disabled={mayEdit && (isLocked || !draft.vatEnabled)}
        data-testid="vat-rate"
      />
      <TextInput
        label={t('policy.fxRate')}
        inputMode="numeric"
        rightSection="៛"
        value={draft.fxRateKhrPerUsd}
        onChange={(event) => onChange({ fxRateKhrPerUsd: event.currentTarget.value })}
        error={wrong?.has('fxRateKhrPerUsd') && t('policy.fxRateWrong')}
        readOnly={!mayEdit}
        disabled={intent.isOpen}
        data-testid="fx-rate"
      />
      <Switch
        size="md"
        label={t('policy.rounding')}
        checked={draft.khrRoundingEnabled}
        onChange={(event) => onChange({ khrRoundingEnabled: event.currentTarget.checked })}
        disabled={isLocked}
      />
      <div>
        <Text fw={500} mb={4}>
          {t('policy.mode')}
        </Text>
        <SegmentedControl
          fullWidth
          aria-label={t('policy.mode')}
          data={modes.map((value) => ({ value, label: t(`policy.modes.${value}`) }))}
          value={draft.khrRoundingMode}
          onChange={(khrRoundingMode) => onChange({ khrRoundingMode })}
          disabled={isLocked || !draft.khrRoundingEnabled}
        />
      </div>
      <div>
        <Text fw={500} mb={4}>
          {t('policy.granularity')}
        </Text>
        <SegmentedControl
          fullWidth
          aria-label={t('policy.granularity')}
          data={granularities.map((value) => ({ value: String(value), label: khr(value) }))}
          value={String(draft.khrRoundingGranularity)}
          onChange={(value) =>
            onChange({ khrRoundingGranularity: granularities.find((each) => String(each) === value)! })
          }
          disabled={isLocked || !draft.khrRoundingEnabled}
        />
      </div>
    </EditForm>
  )
}
