import { useTranslation } from 'react-i18next'
import { cashOf } from '../../../contract.ts'
import { khr, usd, useFormats } from '../../../ui/format.ts'
import { bothText } from '../../components/both.tsx'
import { useBranch, useNameOf } from '../../hooks/use-context.ts'
import { referenceOf, type Sale } from '../../lib/day.ts'
import classes from './receipt.module.css'

/** The receipt as the customer gets it, on screen and on paper. `isCopy`: it was printed before. */
export function ReceiptPaper({ sale, isCopy = false }: { sale: Sale; isCopy?: boolean }) {
  const { t } = useTranslation('pos')
  const branch = useBranch()
  const nameOf = useNameOf()
  const { dayAndTime } = useFormats()
  const { totals, lines } = sale
  const { received, change } = cashOf(sale.tender)
  return (
    <section className={classes.paper} data-receipt aria-label={t('pay.receipt.title')}>
      <div className={classes.head}>
        <div className={classes.name}>{branch?.name}</div>
        <ReceiptNumber of={sale} />
        {isCopy && (
          <div className={classes.copy} data-testid="receipt-copy">
            {t('pay.receipt.copy')}
          </div>
        )}
        {sale.status === 'VOIDED' && (
          <>
            <div className={classes.voided}>{t('pay.receipt.voided')}</div>
            <div>{t('pay.receipt.voidedText', { reason: sale.voidReason ?? '' })}</div>
          </>
        )}
        <div>
          {dayAndTime(sale.finalizedAt)} · {t(`sell.saleType.${sale.saleType}`)}
        </div>
        <div>
          {t('pay.receipt.cashier')}: {nameOf(sale.actorId)}
        </div>
      </div>
      <ul className={classes.lines}>
        {lines.map((line, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a finished sale do not change
          <li key={i}>
            <div className={classes.row}>
              <span>
                {line.quantity} × {line.name}
              </span>
              <span>{usd(line.lineUsd)}</span>
            </div>
            {line.modifiers.length > 0 && <small>{line.modifiers.map(({ name }) => name).join(', ')}</small>}
          </li>
        ))}
      </ul>
      <div className={classes.sums}>
        {totals.vatUsd !== 0 && (
          <>
            <Row label={t('sell.cart.subtotal')} value={usd(totals.subtotalUsd)} />
            <Row label={t('pay.receipt.vat')} value={usd(totals.vatUsd)} />
          </>
        )}
        <Row label={t('sell.cart.total')} value={usd(totals.totalUsd)} isGrand />
        <Row label="" value={khr(totals.totalKhr)} />
        <Row label={t('pay.receipt.received')} value={bothText(received)} />
        <Row label={t('pay.receipt.change')} value={bothText(change)} />
      </div>
      <div className={classes.head} style={{ margin: '0.75rem 0 0' }}>
        {t('pay.receipt.thanks')}
      </div>
    </section>
  )
}

/** The server's, or the mark that it is still to come. */
function ReceiptNumber({ of }: { of: Sale }) {
  const { t } = useTranslation('pos')
  return (
    <div className={classes.number}>
      {of.receiptNumber !== null && <>{t('pay.receipt.number')} </>}
      <span
        data-testid="receipt-number"
        className={of.receiptNumber === null ? classes.provisional : undefined}
      >
        {of.receiptNumber ?? t('pay.receipt.provisional')}
      </span>
      <div className={classes.reference} data-testid="receipt-reference">
        {t('pay.receipt.reference', { reference: referenceOf(of) })}
      </div>
    </div>
  )
}

function Row({ label, value, isGrand = false }: { label: string; value: string; isGrand?: boolean }) {
  return (
    <div className={`${classes.row} ${isGrand ? classes.grand : ''}`}>
      <span>{label}</span>
      <span>{value}</span>
    </div>
  )
}
