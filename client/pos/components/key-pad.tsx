import { IconBackspace, IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { type FieldKind, type PadKey, pressed } from '../lib/typing.ts'
import classes from './key-pad.module.css'
import { PlainButton } from './plain-button.tsx'

const digits: readonly PadKey[] = ['7', '8', '9', '4', '5', '6', '1', '2', '3']
/** A PIN is typed as on a telephone, an amount as on a till. */
const telephone: readonly PadKey[] = ['1', '2', '3', '4', '5', '6', '7', '8', '9']
const lastRow: Record<FieldKind, readonly PadKey[]> = {
  PIN: ['clear', '0', 'back'],
  USD: ['.', '0', 'back'],
  KHR: ['000', '0', 'back'],
}

/** Keys for a field that is elsewhere on the screen. They do not take the focus from it. */
export function KeyPad(props: { kind: FieldKind; value: string; onChange: (value: string) => void }) {
  const { kind, value, onChange } = props
  const { t } = useTranslation('pos')
  const special: Partial<Record<PadKey, { label: string; icon: ReactNode }>> = {
    back: { label: t('signIn.pad.back'), icon: <IconBackspace aria-hidden /> },
    clear: { label: t('signIn.pad.clear'), icon: <IconX aria-hidden /> },
  }
  const keys = [...(kind === 'PIN' ? telephone : digits), ...lastRow[kind]]
  return (
    <fieldset className={classes.pad} aria-label={t('signIn.pad.label')}>
      {keys.map((key) => (
        <PlainButton
          key={key}
          className={classes.key}
          aria-label={special[key]?.label}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onChange(pressed(value, key, kind))}
        >
          {special[key]?.icon ?? key}
        </PlainButton>
      ))}
    </fieldset>
  )
}
