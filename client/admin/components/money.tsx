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

/** What was counted less what was expected; each currency that differs stands out. */
export const Difference = ({ of, ...rest }: { of: Amounts } & TextProps) => (
  <Signed
    of={of}
    {...rest}
    colourOf={(amount) => (amount === 0 ? undefined : 'var(--mantine-color-error)')}
  />
)

/** What a drawer gained or lost; a currency in which nothing moved is left out. */
export const Moved = ({ of, ...rest }: { of: Amounts } & TextProps) => (
  <Signed of={of} {...rest} colourOf={() => undefined} leaveOutZero />
)

function Signed(
  props: TextProps & {
    of: Amounts
    colourOf: (amount: number) => string | undefined
    leaveOutZero?: boolean
  },
) {
  const { of, colourOf, leaveOutZero = false, ...rest } = props
  const lines = [
    { amount: of.usd, text: signed(of.usd, usd) },
    { amount: of.khr, text: signed(of.khr, khr) },
  ].filter(({ amount }) => !leaveOutZero || amount !== 0)
  return lines.map(({ amount, text }) => (
    <Text key={text} inherit {...rest} c={colourOf(amount)} style={numbers}>
      {text}
    </Text>
  ))
}

/** `+$22.00 −4,000 ៛`: what moved, in one line. */
export const movedText = ({ usd: cents, khr: riel }: Amounts): string =>
  [cents !== 0 || riel === 0 ? signed(cents, usd) : null, riel !== 0 ? signed(riel, khr) : null]
    .filter(Boolean)
    .join(' ')

/** `$10.00 + 4,000 ៛`: what there is of each currency. */
export const inBoth = ({ usd: cents, khr: riel }: Amounts): string =>
  [cents ? usd(cents) : '', riel ? khr(riel) : ''].filter(Boolean).join(' + ') || usd(0)

const signed = (value: number, format: (value: number) => string): string =>
  value === 0 ? format(0) : `${value > 0 ? '+' : '−'}${format(Math.abs(value))}`
