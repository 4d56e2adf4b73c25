import { Text, type TextProps } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { ago } from '../../ui/ago.ts'
import { useFormats } from '../../ui/format.ts'
import { firstOf } from '../../ui/i18n.ts'
import { useRightNow } from '../live/use-right-now.ts'

/** `2 Mar, 08:05`. */
export function Time({ of, ...rest }: { of: string } & TextProps) {
  const { dayAndTime } = useFormats()
  return (
    <Text inherit {...rest} component="time" dateTime={of} title={of} style={{ whiteSpace: 'nowrap' }}>
      {dayAndTime(of)}
    </Text>
  )
}

/** `3 minutes ago`, which goes on as one looks. */
export function Ago({ of, ...rest }: { of: string } & TextProps) {
  const { i18n } = useTranslation()
  const now = useRightNow(10_000)
  return (
    <Text inherit {...rest} component="time" dateTime={of} title={of}>
      {ago(of, now, firstOf([i18n.language]))}
    </Text>
  )
}
