import { Select, type SelectProps } from '@mantine/core'
import { useMemo } from 'react'
import { defaultTimeZone } from '../../contract.ts'

/** The time zones that this browser knows, by their IANA names; and the one that is set, whatever it knows. */
export function ZoneField(props: Omit<SelectProps<string>, 'data'>) {
  const { value } = props
  const zones = useMemo(
    () =>
      [
        ...new Set([...Intl.supportedValuesOf('timeZone'), defaultTimeZone, ...(value ? [value] : [])]),
      ].sort(),
    [value],
  )
  return <Select {...props} data={zones} searchable allowDeselect={false} limit={50} />
}
