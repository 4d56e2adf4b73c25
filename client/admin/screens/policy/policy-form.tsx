import { SegmentedControl, Switch, Text, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { khr } from '../../../ui/format.ts'
import { EditForm } from '../../components/edit-form.tsx'
import type { PolicyDraft } from '../../lib/policy.ts'
import { useMay } from '../../live/console.ts'
import type { useEditForm } from '../../live/use-intent-form.ts'

const modes = ['NEAREST', 'UP', 'DOWN'] as const
const granularities = [100, 1000] as const

export function PolicyForm({ of }: { of: ReturnType<typeof useEditForm<'policy.update', PolicyDraft>> }) {
  const { form, intent } = of
  const { vatEnabled, khrRoundingEnabled, khrRoundingGranularity } = form.values
  const { t } = useTranslation('admin')
  const mayEdit = useMay('policy.edit')
  const isLocked = !mayEdit || intent.isOpen
  return (
    <EditForm of={of} mayEdit={mayEdit} save="save-policy">
      <Switch
        size="md"
        label={t('policy.vatEnabled')}
        {...form.getInputProps('vatEnabled', { type: 'checkbox' })}
        disabled={isLocked}
      />
      <TextInput
        label={t('policy.vatRate')}
        inputMode="numeric"
        rightSection="%"
        {...form.getInputProps('vatRatePercent')}
        readOnly={!mayEdit}
        disabled={mayEdit && (isLocked || !vatEnabled)}
        data-testid="vat-rate"
      />
      <TextInput
        label={t('policy.fxRate')}
        inputMode="numeric"
        rightSection="៛"
        {...form.getInputProps('fxRateKhrPerUsd')}
        readOnly={!mayEdit}
        data-testid="fx-rate"
      />
      <Switch
        size="md"
        label={t('policy.rounding')}
        {...form.getInputProps('khrRoundingEnabled', { type: 'checkbox' })}
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
          {...form.getInputProps('khrRoundingMode')}
          disabled={isLocked || !khrRoundingEnabled}
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
          {...form.getInputProps('khrRoundingGranularity')}
          value={String(khrRoundingGranularity)}
          onChange={(value) =>
            form.setFieldValue(
              'khrRoundingGranularity',
              granularities.find((each) => String(each) === value)!,
            )
          }
          disabled={isLocked || !khrRoundingEnabled}
        />
      </div>
    </EditForm>
  )
}
