import { useTranslation } from 'react-i18next'
import { duration } from '../../../ui/ago.ts'
import { firstOf } from '../../../ui/i18n.ts'

/** Less is the way to the server and back, and no fault of the clock. */
const rightWithinMs = 5_000

/** `12 min ahead`, from the milliseconds by which a clock was ahead of the server's. */
export function useClockState(): (skewMs: number) => string {
  const { t, i18n } = useTranslation('admin')
  return (skewMs) => {
    if (Math.abs(skewMs) < rightWithinMs) return t('devices.clockRight')
    const difference = duration(skewMs, firstOf([i18n.language]))
    return t(skewMs > 0 ? 'devices.clockAhead' : 'devices.clockSlow', { duration: difference })
  }
}
