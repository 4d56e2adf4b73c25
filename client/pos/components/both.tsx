import { Text, type TextProps } from '@mantine/core'
import type { Money } from '../../contract.ts'
import { khr, usd } from '../../ui/format.ts'

/** An amount in both currencies: `$4.00 + 2,100 ៛`. What is zero is left out; nothing at all is `$0.00`. */
export function bothText({ usd: cents, khr: riel }: Money): string {
  if (riel === 0) return usd(cents)
  if (cents === 0) return khr(riel)
  return riel > 0 ? `${usd(cents)} + ${khr(riel)}` : `${usd(cents)} − ${khr(-riel)}`
}

export function Both({ of, ...rest }: { of: Money } & TextProps) {
  return (
    <Text span inherit style={{ fontVariantNumeric: 'tabular-nums' }} {...rest}>
      {bothText(of)}
    </Text>
  )
}
