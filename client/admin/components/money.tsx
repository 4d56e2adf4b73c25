import { Text, type TextProps } from '@mantine/core'
import { khr, usd } from '../../ui/format.ts'

type Amounts = { readonly usd: number; readonly khr: number }
const numbers = { fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' } as const

/** US cents. */
export const Usd = ({ of, ...rest }: { of: number } & TextProps) => (
  <Text span inherit {...rest} style={numbers}>
    {usd(of)}
  </Text>
)

/** Both currencies of a drawer, one below the other. */
export const Both = ({ of, ...rest }: { of: Amounts } & TextProps) => (
  <Text span inherit {...rest} style={{ ...numbers, display: 'inline-block' }}>
    {usd(of.usd)}
    <br />
    {khr(of.khr)}
  </Text>
)

/** What is too much is no better than what is missing, but it is told with its sign. */
export function Difference({ of, ...rest }: { of: Amounts } & TextProps) {
  const isRight = of.usd === 0 && of.khr === 0
  return (
    <Text
      span
      inherit
      fw={isRight ? 400 : 650}
      c={isRight ? undefined : 'var(--mantine-color-error)'}
      {...rest}
      style={{ ...numbers, display: 'inline-block' }}
    >
      {signed(of.usd, usd)}
      <br />
      {signed(of.khr, khr)}
    </Text>
  )
}

const signed = (value: number, format: (value: number) => string): string =>
  value === 0 ? format(0) : `${value > 0 ? '+' : '−'}${format(Math.abs(value))}`
