import { Select, type SelectProps } from '@mantine/core'
import { useMemo } from 'react'
import { defaultTimeZone } from '../../contract.ts'

/** The time zones that this browser knows, by their IANA names; and the one that is set, whatever it knows. */
export function ZoneField(
  props: Omit<SelectProps, 'data' | 'value' | 'onChange'> & {
    value: string
    onChange: (timeZone: string) => void
  },
) {
  const { value, onChange, ...rest } = props
  const zones = useMemo(
    () => [...new Set([...Intl.supportedValuesOf('timeZone'), defaultTimeZone, value])].sort(),
    [value],
  )
  return (
    <Select
      {...rest}
      data={zones}
      value={value}
      onChange={(zone) => zone && onChange(zone)}
      searchable
      allowDeselect={false}
      limit={50}
    />
  )
}
