import { TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'

type Days = { from: string; to: string }

/** From which day to which, both included. `of`: what is shown of them, in the fields' test ids. */
export function DayRange(props: { of: string; value: Days; onChange: (days: Days) => void }) {
  const { of, value, onChange } = props
  const { t } = useTranslation('admin')
  return (['from', 'to'] as const).map((end) => (
    <TextInput
      key={end}
      type="date"
      label={t(`sales.report.${end}`)}
      value={value[end]}
      {...(end === 'from' ? { max: value.to } : { min: value.from })}
      onChange={({ currentTarget }) => onChange({ ...value, [end]: currentTarget.value })}
      data-testid={`${of}-${end}`}
    />
  ))
}
