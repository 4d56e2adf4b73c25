/**
 * What a key of the on-screen pad does to the text of a field.
 */
export type PadKey =
  | '0'
  | '1'
  | '2'
  | '3'
  | '4'
  | '5'
  | '6'
  | '7'
  | '8'
  | '9'
  | '00'
  | '000'
  | '.'
  | 'back'
  | 'clear'
export type FieldKind = 'PIN' | 'USD' | 'KHR'

const rules: Record<FieldKind, { decimals: number; digits: number; isAmount: boolean }> = {
  PIN: { decimals: 0, digits: 12, isAmount: false },
  USD: { decimals: 2, digits: 9, isAmount: true },
  KHR: { decimals: 0, digits: 12, isAmount: true },
}

/** The text after the key; as it was where the key makes no sense there. */
export function pressed(text: string, key: PadKey, kind: FieldKind): string {
  const { decimals, digits, isAmount } = rules[kind]
  if (key === 'clear') return ''
  if (key === 'back') return text.slice(0, -1)
  if (key === '.') return decimals === 0 || text.includes('.') ? text : `${text || '0'}.`
  // `0` and then `5` is `5`, but in a PIN every zero counts.
  const after = isAmount && /^0*$/.test(text) ? (text + key).replace(/^0+(?=\d)/, '') : text + key
  const [units = '', fraction = ''] = after.split('.')
  return units.length + fraction.length > digits || fraction.length > decimals ? text : after
}
